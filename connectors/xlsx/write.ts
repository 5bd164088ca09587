import { Fault } from '../../shared/core/fault'
import { encodable } from '../../shared/core/format/encode'
import type { WriteContext } from '../../shared/core/format/format'
import { unionOfFields } from '../../shared/core/format/fields'
import { Decimal } from '../../shared/core/record/decimal'
import type { Ledger } from '../../shared/core/record/ledger'
import { Rejection } from '../../shared/core/record/rejection'
import { textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { columnName } from './sheet'
import type { XlsxOptions } from './options'
import { ZipWriter } from './zip'

type Batches = () => AsyncIterable<readonly DataRecord[]>

/** Limits of a sheet (Excel specifications and limits, support.microsoft.com). */
const MAX_ROWS = 1_048_576
const MAX_COLUMNS = 16_384
const MAX_TEXT = 32_767

/** One sheet; texts are written into their cells and never as formulas. */
export async function* writeXlsx(
  options: XlsxOptions,
  records: Batches,
  context: WriteContext,
): AsyncIterable<Uint8Array> {
  const names = options.columns ?? (await unionOfFields(records))
  if (names.length > MAX_COLUMNS)
    throw limit(context.name, `${names.length} columns, and a sheet has ${MAX_COLUMNS}`)
  const zip = new ZipWriter(context.name)
  const sheet = typeof options.sheet === 'string' ? options.sheet : 'Sheet1'
  for (const [part, text] of Object.entries(fixedParts(sheet))) yield* zip.part(part, [HEAD + text])
  yield* zip.part('xl/worksheets/sheet1.xml', sheetText(names, options, records, context))
  yield zip.end()
}

export function refuseXlsx(record: DataRecord): Rejection | undefined {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) continue
    const { length } = textOf(value)
    if (length <= MAX_TEXT) continue
    return new Rejection(
      'VALUE_TOO_LONG',
      `${name} has ${length} characters; a cell holds ${MAX_TEXT}`,
      `/${name}`,
    )
  }
  return undefined
}

async function* sheetText(
  names: readonly string[],
  options: XlsxOptions,
  records: Batches,
  { name: file, ledger }: WriteContext,
): AsyncIterable<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`
  let row = 0
  const columns = names.map((_, column) => columnName(column))
  if (options.header && names.length > 0) {
    row = options.headerRow
    const cells = names.map((name, i) => textCell(`${columns[i] ?? ''}${row}`, name))
    yield `<row r="${row}">${cells.join('')}</row>`
  }
  for await (const batch of records()) {
    let text = ''
    for (const record of batch) {
      row++
      if (row > MAX_ROWS) throw limit(file, `more rows than the ${MAX_ROWS} of a sheet`)
      text += `<row r="${row}">`
      for (let i = 0; i < names.length; i++) {
        const name = names[i] ?? ''
        text += cell(`${columns[i] ?? ''}${row}`, record[name], name, ledger)
      }
      text += '</row>'
    }
    if (text !== '') yield text
  }
  yield '</sheetData></worksheet>'
}

function cell(at: string, value: Value | undefined, name: string, ledger: Ledger): string {
  if (value === undefined) ledger.note(name, 'ABSENT_TO_NULL')
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`
  // spreadsheets keep 15 digits of a number and all of a text
  if (value instanceof Decimal) ledger.note(name, 'NUMBER_TO_TEXT')
  const text = encodable(textOf(value), 'utf-8', () => {
    ledger.note(name, 'ENCODING_REPLACED')
  })
  return textCell(at, text)
}

function textCell(at: string, text: string): string {
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`
}

/** `_x000D_` and its like for what XML does not have or would change (ECMA-376 part 1, 22.9.2.19). */
const SPECIAL = /[<>&]|_(?=x[0-9A-Fa-f]{4}_)|[^\t\n\u0020-\uFFFD]|[\uFFFE\uFFFF]/g

function escapeText(text: string): string {
  return text.replace(SPECIAL, (sign) => {
    if (sign === '<') return '&lt;'
    if (sign === '>') return '&gt;'
    if (sign === '&') return '&amp;'
    return `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  })
}

function limit(file: string, what: string): Fault {
  return new Fault('XLSX_LIMIT', `${file} would have ${what}; write CSV instead`, { file })
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function fixedParts(sheet: string): Record<string, string> {
  const name = escapeText(sheet).replaceAll('"', '&quot;')
  return {
    '[Content_Types].xml':
      `<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
    '_rels/.rels': relations(`${OFFICE}/officeDocument`, 'xl/workbook.xml'),
    'xl/workbook.xml':
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      `<sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(`${OFFICE}/worksheet`, 'worksheets/sheet1.xml'),
  }
}

function relations(type: string, target: string): string {
  return (
    `<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${type}" Target="${target}"/></Relationships>`
  )
}
