import { Fault } from '../../shared/core/fault'
import type { Archive } from './archive'
import { dateKind, type DateKind } from './date'
import { walkWhole } from './part'

interface Sheet {
  name: string
  /** Its path in the archive. */
  part: string
}

export interface Workbook {
  sheets: readonly Sheet[]
  /** Dates count from 1904 instead of 1900. */
  from1904: boolean
  /** What the numbers of a cell style show, by the number of the style. */
  styles: readonly (DateKind | undefined)[]
  strings: readonly string[]
}

export async function readWorkbook(archive: Archive, file: string): Promise<Workbook> {
  const parts = await readRelations(archive, file)
  const found: { name: string; id: string }[] = []
  let from1904 = false
  await walkWhole(archive, file, 'xl/workbook.xml', {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
      if (name === 'sheet') found.push({ name: attributes['name'] ?? '', id: relationId(attributes) })
    },
  })
  const sheets = found.map(({ name, id }) => ({ name, part: parts.get(id) ?? '' }))
  return {
    sheets,
    from1904,
    styles: await readStyles(archive, file),
    strings: await readStrings(archive, file),
  }
}

/** By name, or by its place from 1; the first without either. */
export function sheetOf({ sheets }: Workbook, wanted: string | number | undefined, file: string): Sheet {
  const sheet =
    typeof wanted === 'string' ? sheets.find(({ name }) => name === wanted) : sheets[(wanted ?? 1) - 1]
  if (sheet) return sheet
  const names = sheets.map(({ name }) => name).join(', ')
  throw new Fault('XLSX_SHEET_NOT_FOUND', `${file} has no sheet ${wanted ?? 1}; its sheets are ${names}`, {
    file,
    sheet: wanted ?? 1,
    sheets: names,
  })
}

function relationId(attributes: Readonly<Record<string, string>>): string {
  // the prefix of the namespace of relationships differs between programs
  const name = Object.keys(attributes).find((key) => key.endsWith(':id'))
  return name === undefined ? '' : (attributes[name] ?? '')
}

async function readRelations(archive: Archive, file: string): Promise<Map<string, string>> {
  const parts = new Map<string, string>()
  await walkWhole(archive, file, 'xl/_rels/workbook.xml.rels', {
    open(name, { Id, Target }) {
      if (name !== 'Relationship' || Id === undefined || Target === undefined) return
      parts.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
    },
  })
  return parts
}

async function readStyles(archive: Archive, file: string): Promise<(DateKind | undefined)[]> {
  const part = 'xl/styles.xml'
  const formats = new Map<number, string>()
  const styles: (DateKind | undefined)[] = []
  let inCells = false
  if (!archive.has(part)) return styles
  await walkWhole(archive, file, part, {
    open(name, attributes) {
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      const id = Number(attributes['numFmtId'] ?? 0)
      styles.push(dateKind(id, formats.get(id)))
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

/** Texts that cells point to. The format wants them all at hand before the first cell. */
async function readStrings(archive: Archive, file: string): Promise<string[]> {
  const part = 'xl/sharedStrings.xml'
  const strings: string[] = []
  let text = ''
  let [inText, inPhonetic] = [false, false]
  if (!archive.has(part)) return strings
  await walkWhole(archive, file, part, {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') inPhonetic = true
      inText = name === 't' && !inPhonetic
    },
    text(piece) {
      if (inText) text += piece
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') inPhonetic = false
      if (name === 'si') strings.push(unescapeText(text))
    },
  })
  return strings
}

/** `_x000D_` and its like stand for characters that XML does not have (ECMA-376 part 1, 22.9.2.19). */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
}
