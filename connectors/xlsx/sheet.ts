import { exactNumber } from '../../shared/core/record/decimal'
import type { Value } from '../../shared/core/record/value'
import type { Archive } from './archive'
import { dateText } from './date'
import { walk } from './part'
import { unescapeText, type Workbook } from './workbook'

/** The cells of one row that hold something, by column from 0. */
export interface SheetRow {
  /** As the sheet counts, from 1. */
  number: number
  cells: ReadonlyMap<number, Value | CellError>
}

/** An error such as #N/A in place of a value, or a formula that no program has computed yet. */
export class CellError {
  constructor(
    readonly text: string,
    readonly what = `the error ${text}`,
  ) {}
}

/** Programs that write workbooks, such as scripts, leave that to the spreadsheet program that opens them. */
const NOT_COMPUTED = new CellError(
  'formula',
  'a formula without its value; open the workbook in a spreadsheet program and save it',
)

export async function* readSheet(
  archive: Archive,
  file: string,
  part: string,
  workbook: Workbook,
): AsyncIterable<SheetRow[]> {
  const sheet = new SheetHandler(workbook)
  for await (const rows of walk(archive, file, part, sheet, () => sheet.take()))
    if (rows.length > 0) yield rows
}

class SheetHandler {
  private rows: SheetRow[] = []
  private row = 0
  private column = -1
  private cells = new Map<number, Value | CellError>()
  private type = 'n'
  private style = 0
  private value: string | undefined
  private formula = false
  private inText = false
  private inPhonetic = false

  constructor(private readonly workbook: Workbook) {}

  take(): SheetRow[] {
    const { rows } = this
    this.rows = []
    return rows
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.row = attributes['r'] === undefined ? this.row + 1 : Number(attributes['r'])
        this.column = -1
        this.cells = new Map()
        break
      case 'c':
        this.column = attributes['r'] === undefined ? this.column + 1 : columnOf(attributes['r'])
        this.type = attributes['t'] ?? 'n'
        this.style = Number(attributes['s'] ?? 0)
        this.value = undefined
        this.formula = false
        break
      case 'f':
        this.formula = true
        break
      case 'rPh':
        this.inPhonetic = true
        break
      case 'v':
      case 't':
        this.inText = !this.inPhonetic
        this.value ??= ''
    }
  }

  text(piece: string): void {
    if (this.inText) this.value = (this.value ?? '') + piece
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.inText = false
    if (name === 'rPh') this.inPhonetic = false
    if (name === 'c' && this.value !== undefined) this.cells.set(this.column, this.cell(this.value))
    else if (name === 'c' && this.formula) this.cells.set(this.column, NOT_COMPUTED)
    if (name === 'row' && this.cells.size > 0) this.rows.push({ number: this.row, cells: this.cells })
  }

  private cell(text: string): Value | CellError {
    switch (this.type) {
      case 's':
        return this.workbook.strings[Number(text)] ?? new CellError(`text ${text} is missing`)
      case 'str':
      case 'inlineStr':
        return unescapeText(text)
      case 'b':
        return text.trim() === '1' || text.trim() === 'true'
      case 'e':
        return new CellError(text)
      case 'd':
        return text
      default:
        return this.number(text)
    }
  }

  private number(text: string): Value | CellError {
    const kind = this.workbook.styles[this.style]
    const date = kind && dateText(Number(text), kind, this.workbook.from1904)
    return date ?? exactNumber(text) ?? (text === '' ? null : new CellError(text))
  }
}

/** `AB12` is column 27. */
function columnOf(address: string): number {
  let column = 0
  for (const sign of address) {
    if (sign < 'A' || sign > 'Z') break
    column = column * 26 + sign.charCodeAt(0) - 64
  }
  return column - 1
}
