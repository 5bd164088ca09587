import { MalformedRow } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { BEGINNING, type FileInput, type Row, type RowChunk } from '../../shared/core/format/format'
import { checkedNames, headerFault } from '../../shared/core/format/header'
import { RowPlaces } from '../../shared/core/format/row-places'
import { columnName } from '../../shared/core/format/workbook/cell'
import { Rejection } from '../../shared/core/record/rejection'
import { textOf, type DataRecord } from '../../shared/core/record/value'
import { Archive } from './archive'
import type { XlsxOptions } from './options'
import { CellError, readSheet, type SheetRow } from './sheet'
import { readWorkbook, sheetOf } from './workbook'

/** Reads the records of one sheet. Rows with nothing in them are passed over. */
export async function* readXlsx(options: XlsxOptions, input: FileInput): AsyncIterable<RowChunk> {
  const archive = await Archive.open(input)
  const workbook = await readWorkbook(archive, input.name)
  if (options.onlySheet) refuseOtherSheets(workbook.sheets, input.name)
  const { part, name } = sheetOf(workbook, options.sheet, input.name)
  const where = workbook.sheets.length > 1 ? `${input.name} sheet ${name} row` : `${input.name} row`
  let names = options.columns
  let headerSeen = !options.header
  for await (const sheetRows of readSheet(archive, input.name, part, workbook)) {
    const rows: Row[] = []
    const places = new RowPlaces(where)
    for (const row of sheetRows) {
      if (!headerSeen && row.number < options.headerRow) continue
      if (headerSeen) {
        rows.push(recordOf(row, names ?? [], where))
        places.add(row.number)
      } else {
        headerSeen = true
        names ??= headerOf(row, input.name)
      }
    }
    if (rows.length > 0) yield { rows, start: BEGINNING, place: places.of }
  }
}

function headerOf({ cells }: SheetRow, file: string): readonly string[] {
  const width = Math.max(...cells.keys()) + 1
  const names = Array.from({ length: width }, (_, column) => {
    const cell = cells.get(column)
    if (cell instanceof CellError) throw headerFault(file, `column ${columnName(column)} holds ${cell.what}`)
    return textOf(cell)
  })
  return checkedNames(file, names)
}

function recordOf({ number, cells }: SheetRow, names: readonly string[], where: string): Row {
  const record: DataRecord = {}
  for (const [column, name] of names.entries()) {
    const cell = cells.get(column)
    if (cell instanceof CellError) {
      const at = `${columnName(column)}${number}`
      return malformed('XLSX_CELL_ERROR', `cell ${at} (${name}) holds ${cell.what}`, {
        where,
        number,
        cells,
      })
    }
    record[name] = cell ?? null
  }
  const outside = [...cells.keys()].find((column) => column >= names.length)
  if (outside === undefined) return record
  const at = `${columnName(outside)}${number}`
  return malformed('XLSX_CELL_OUTSIDE', `cell ${at} has a value, but its column has no name`, {
    where,
    number,
    cells,
  })
}

function malformed(
  code: 'XLSX_CELL_ERROR' | 'XLSX_CELL_OUTSIDE',
  message: string,
  { where, number, cells }: SheetRow & { where: string },
): MalformedRow {
  const place = `${where} ${number}`
  const raw = [...cells].map(([column, cell]) => {
    return `${columnName(column)}: ${cell instanceof CellError ? cell.text : textOf(cell)}`
  })
  return new MalformedRow(new Rejection(code, `${place}: ${message}`), place, raw.join(', ').slice(0, 4096))
}

function refuseOtherSheets(sheets: readonly { name: string }[], file: string): void {
  if (sheets.length < 2) return
  const names = sheets.map(({ name }) => name).join(', ')
  throw new Fault(
    'TARGET_FILE_NOT_REWRITABLE',
    `${file} has the sheets ${names}; it is written anew with one sheet, so the others would be lost`,
    { file, sheets: names },
  )
}
