import { Fault } from '../fault'
import { Decimal } from '../record/decimal'
import type { Ledger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import { textOf, type DataRecord, type Value } from '../record/value'
import type { CsvDialect } from './csv-dialect'
import { escapeFormula, isFormula } from './csv-formula'
import { readHead } from './csv-read'
import { encodable, encoder } from './encode'
import { unionOfFields } from './fields'
import { assertColumns } from './header'
import type { FileInput, WriteContext } from './format'
import type { Encoding } from './text'

type Batches = () => AsyncIterable<readonly DataRecord[]>

export async function* writeCsv(
  dialect: CsvDialect,
  records: Batches,
  context: WriteContext,
): AsyncIterable<Uint8Array> {
  const names = dialect.columns ?? (await unionOfFields(records))
  checkNames(names, dialect, context.name)
  const encode = encoder(dialect.encoding ?? 'utf-8')
  const delimiter = dialect.delimiter ?? (await delimiterOf(dialect, context.old)) ?? ','
  const special = specialSigns(delimiter, dialect)
  const head = names.map((name) => (special.test(name) ? quoted(name, dialect) : name)).join(delimiter)
  if (dialect.bom) yield encode('\uFEFF')
  if (dialect.header && names.length > 0) yield encode(head + dialect.eol)
  yield* rows(records, rowWriter(names, delimiter, dialect, context.ledger), encode)
}

/** Who reads a file knows it with its delimiter. Without quotes values are held against the one that is declared. */
async function delimiterOf(dialect: CsvDialect, old: FileInput | undefined): Promise<string | undefined> {
  if (old === undefined || dialect.quote === '') return undefined
  return (await readHead(dialect, old))?.signs.delimiter
}

/** Adds rows to the old bytes when the old header has every field of the new records. */
export async function appendCsv(
  dialect: CsvDialect,
  old: FileInput,
  records: Batches,
  context: WriteContext,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const head = await readHead(dialect, old)
  if (!head) return undefined
  const fields = await unionOfFields(records)
  if (fields.some((field) => !head.names.includes(field))) return undefined
  const dialectOfOld = { ...dialect, encoding: head.encoding }
  const row = rowWriter(head.names, head.signs.delimiter, dialectOfOld, context.ledger)
  return concat(old, encoder(head.encoding), rows(records, row, encoder(head.encoding)), dialectOfOld)
}

async function* concat(
  old: FileInput,
  encode: (text: string) => Uint8Array,
  added: AsyncIterable<Uint8Array>,
  { eol, encoding }: { eol: string; encoding: Encoding },
): AsyncIterable<Uint8Array> {
  let end = [0, 0]
  for await (const bytes of old.open()) {
    end = [...end, ...bytes.subarray(-2)].slice(-2)
    yield bytes
  }
  const last = encoding === 'utf-16le' ? end[0] : end[1]
  if (last !== 10 && last !== 13) yield encode(eol)
  yield* added
}

function checkNames(names: readonly string[], dialect: CsvDialect, file: string): void {
  const formula = dialect.formulas === 'escape' ? names.find(isFormula) : undefined
  if (formula === undefined) return
  throw new Fault(
    'HEADER_INVALID',
    `${file}: a spreadsheet would run the field name "${formula}" as a formula. Rename it in the mapping, or set "formulas: keep" if only programs read the file.`,
    { file, field: formula },
  )
}

async function* rows(
  records: Batches,
  row: (record: DataRecord) => string,
  encode: (text: string) => Uint8Array,
): AsyncIterable<Uint8Array> {
  for await (const batch of records()) {
    let text = ''
    for (const record of batch) text += row(record)
    if (text !== '') yield encode(text)
  }
}

function rowWriter(
  names: readonly string[],
  delimiter: string,
  dialect: CsvDialect,
  ledger: Ledger,
): (record: DataRecord) => string {
  const special = specialSigns(delimiter, dialect)
  return (record) => {
    let line = ''
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? ''
      if (i > 0) line += delimiter
      line += field(record[name], name, special, dialect, ledger)
    }
    return line + dialect.eol
  }
}

function field(
  value: Value | undefined,
  name: string,
  special: RegExp,
  dialect: CsvDialect,
  ledger: Ledger,
): string {
  if (value === undefined) return absentField(name, dialect, ledger)
  if (value === null) return nullField(name, dialect, ledger)
  if (typeof value === 'number' || value instanceof Decimal || typeof value === 'boolean')
    return textOf(value)
  if (value === '') return emptyField(name, dialect, ledger)
  let text = encodable(textOf(value), dialect.encoding, () => {
    ledger.note(name, 'ENCODING_REPLACED')
  })
  if (dialect.formulas === 'escape' && isFormula(text)) {
    ledger.note(name, 'FORMULA_ESCAPED')
    text = escapeFormula(text)
  }
  const marker = text === dialect.nullText || text === dialect.absentText
  return marker || special.test(text) ? quoted(text, dialect) : text
}

/** A value that could not be told apart again in a file without quotes. */
export function refuseCsv(record: DataRecord, dialect: CsvDialect): Rejection | undefined {
  if (dialect.columns !== undefined) assertColumns(record, dialect.columns)
  if (dialect.quote !== '') return undefined
  const { delimiter = ',', nullText, absentText } = dialect
  for (const [name, value] of Object.entries(record)) {
    if (value === null) continue
    const text = textOf(value)
    const broken =
      text === nullText || text === absentText || ['\r', '\n', delimiter].some((sign) => text.includes(sign))
    if (!broken) continue
    return new Rejection(
      'CSV_NEEDS_QUOTES',
      `${name} holds the delimiter, a line break or a marker, and the file has no quotes; set \`quote\``,
      `/${name}`,
    )
  }
  return undefined
}

function emptyField(name: string, { quote, empty }: CsvDialect, ledger: Ledger): string {
  if (quote === '' && empty !== 'text')
    ledger.note(name, empty === 'null' ? 'EMPTY_TO_NULL' : 'EMPTY_TO_ABSENT')
  return quote + quote
}

function absentField(name: string, dialect: CsvDialect, ledger: Ledger): string {
  if (dialect.absentText !== undefined) return dialect.absentText
  if (dialect.empty === 'absent') return ''
  ledger.note(name, 'ABSENT_TO_NULL')
  return dialect.nullText ?? ''
}

function nullField(name: string, dialect: CsvDialect, ledger: Ledger): string {
  if (dialect.nullText !== undefined) return dialect.nullText
  if (dialect.empty === 'text') ledger.note(name, 'NULL_TO_EMPTY')
  if (dialect.empty === 'absent') ledger.note(name, 'NULL_TO_ABSENT')
  return ''
}

function quoted(text: string, { quote, escape }: CsvDialect): string {
  const doubled = escape === quote ? text : text.replaceAll(escape, escape + escape)
  return quote + doubled.replaceAll(quote, escape + quote) + quote
}

/** What makes quotes necessary. Spaces at either end do because some readers cut them off. */
function specialSigns(delimiter: string, { quote, escape }: CsvDialect): RegExp {
  const signs = (delimiter + quote + escape).replace(/[\\\]^-]/g, '\\$&')
  return new RegExp(`[${signs}\\r\\n]|^\\s|\\s$`)
}
