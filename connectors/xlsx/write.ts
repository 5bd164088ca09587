import { Fault } from '../../shared/core/fault'
import { encodable } from '../../shared/core/format/encode'
import type { WriteContext } from '../../shared/core/format/format'
import { unionOfFields } from '../../shared/core/format/fields'
import { assertColumns } from '../../shared/core/format/header'
import { columnName, textCell } from '../../shared/core/format/workbook/cell'
import {
  fixedParts,
  HEAD,
  MAIN,
  MAX_COLUMNS,
  MAX_ROWS,
  MAX_TEXT,
  sheetPart,
} from '../../shared/core/format/workbook/parts'
import { ZipWriter } from '../../shared/core/format/zip'
import { Decimal } from '../../shared/core/record/decimal'
import type { Ledger } from '../../shared/core/record/ledger'
import { Rejection } from '../../shared/core/record/rejection'
import { textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { deflate } from './deflate'
import type { XlsxOptions } from './options'

type Batches = () => AsyncIterable<readonly DataRecord[]>

/** One sheet; texts are written into their cells and never as formulas. */
export async function* writeXlsx(
  options: XlsxOptions,
  records: Batches,
  context: WriteContext,
): AsyncIterable<Uint8Array> {
  const names = options.columns ?? (await unionOfFields(records))
  if (names.length > MAX_COLUMNS)
    throw limit(context.name, `${names.length} columns, and a sheet has ${MAX_COLUMNS}`)
  const zip = new ZipWriter(context.name, deflate)
  const sheet = typeof options.sheet === 'string' ? options.sheet : 'Sheet1'
  for (const [part, text] of Object.entries(fixedParts([sheet]))) yield* zip.part(part, [text])
  yield* zip.part(sheetPart(0), sheetText(names, options, records, context))
  yield zip.end()
}

export function refuseXlsx(record: DataRecord, { columns }: XlsxOptions): Rejection | undefined {
  if (columns !== undefined) assertColumns(record, columns)
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

function limit(file: string, what: string): Fault {
  return new Fault('XLSX_LIMIT', `${file} would have ${what}; write CSV instead`, { file })
}
