import { Decimal, exactNumber } from '../../record/decimal'
import { textOf, type Value } from '../../record/value'
import { ZipWriter, type Packer } from '../zip'
import { columnName, textCell } from './cell'
import { fixedParts, HEAD, MAIN, MAX_ROWS, MAX_TEXT, sheetPart } from './parts'
import { STYLE, styleFor, stylesPart, type ColumnFormat } from './style'

/** A table: one header row that stays in sight and can be filtered by, then rows. */
export interface Sheet {
  name: string
  columns: readonly Column[]
  /** Cells in the order of the columns. */
  readonly rows: () => AsyncIterable<readonly Cells[]> | Iterable<readonly Cells[]>
}

export type Cells = readonly (Value | undefined)[]

export interface Column {
  title: string
  /** In characters. */
  width: number
  format: ColumnFormat
}

/** Rows beyond what a sheet holds are left out, and the last row says so. */
const LAST_ROW = MAX_ROWS - 1

export async function* writeWorkbook(
  sheets: readonly Sheet[],
  file: string,
  packer?: Packer,
): AsyncIterable<Uint8Array> {
  const zip = new ZipWriter(file, packer)
  const parts = fixedParts(
    sheets.map(({ name }) => name),
    { styles: true },
  )
  for (const [part, text] of Object.entries(parts)) yield* zip.part(part, [text])
  yield* zip.part('xl/styles.xml', [stylesPart()])
  for (const [at, sheet] of sheets.entries()) yield* zip.part(sheetPart(at), sheetText(sheet, at === 0))
  yield zip.end()
}

async function* sheetText({ columns, rows }: Sheet, shown: boolean): AsyncIterable<string> {
  const names = columns.map((_, column) => columnName(column))
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  )
  const head = columns.map(({ title }, at) => textCell(`${names[at] ?? ''}1`, title, ` s="${STYLE.head}"`))
  yield (
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${shown ? ' tabSelected="1"' : ''} workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths.join('')}</cols><sheetData><row r="1">${head.join('')}</row>`
  )
  let row = 1
  let left = 0
  for await (const page of rows()) {
    let text = ''
    for (const cells of page) {
      if (row >= LAST_ROW) left++
      else text += rowText(++row, names, cells, columns)
    }
    if (text !== '') yield text
  }
  if (left > 0)
    yield rowText(MAX_ROWS, names, [`${left} more rows do not fit here; the CSV has them`], columns)
  yield `</sheetData><autoFilter ref="A1:${names.at(-1) ?? 'A'}${Math.max(row, 2)}"/></worksheet>`
}

function rowText(row: number, names: readonly string[], cells: Cells, columns: readonly Column[]): string {
  let text = `<row r="${row}">`
  for (const [at, name] of names.entries())
    text += cell(`${name}${row}`, cells[at], columns[at]?.format ?? 'text')
  return `${text}</row>`
}

function cell(at: string, value: Value | undefined, format: ColumnFormat): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`
  const number = numberOf(value, format)
  if (number !== undefined) return `<c r="${at}"${styleFor(format, number)}><v>${number}</v></c>`
  const serial = typeof value === 'string' && format !== 'text' ? serialOf(value, format) : undefined
  if (serial) return `<c r="${at}" s="${serial.style}"><v>${serial.days}</v></c>`
  const text = textOf(value).slice(0, MAX_TEXT)
  return textCell(at, text, format === 'text' ? ` s="${STYLE.text}"` : '')
}

/** Spreadsheets keep 15 digits of a number and all of a text. Texts are numbers only where the column says so. */
function numberOf(value: Value, format: ColumnFormat): number | undefined {
  if (typeof value === 'number') return value
  if (value instanceof Decimal) return undefined
  if (typeof value !== 'string' || (format !== 'count' && format !== 'decimal')) return undefined
  const number = exactNumber(value)
  return typeof number === 'number' && value.replace(/[^0-9]/g, '').length <= 15 ? number : undefined
}

const DAY = 86_400_000
/** 1 January 1970 in days of the calendar of 1900. */
const EPOCH = 25_569

/** A date has no zone and is one everywhere; a time is one only in a column that says UTC. */
function serialOf(text: string, format: ColumnFormat): { days: number; style: number } | undefined {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text)
  if (!isDate && !(format === 'time' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text))) return undefined
  const days = Date.parse(text) / DAY + EPOCH
  // before March 1900 that calendar is off by a day
  if (Number.isNaN(days) || days < 61) return undefined
  return { days, style: isDate ? STYLE.date : STYLE.time }
}
