import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { MalformedRow } from '../../../shared/core/connector'
import { CSV_DEFAULTS, csvFormat, type CsvDialect } from '../../../shared/core/format/csv'
import { BEGINNING, type FileInput, type Format } from '../../../shared/core/format/format'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'

/** A file in memory that arrives in pieces of the given size. */
function fileOf(bytes: Uint8Array, piece: number): FileInput {
  return {
    name: 'a.csv',
    open: async function* (start = 0) {
      for (let at = start; at < bytes.length; at += piece)
        yield await Promise.resolve(bytes.slice(at, at + piece))
    },
  }
}

async function readAll(format: Format, text: string, piece = 64): Promise<(DataRecord | MalformedRow)[]> {
  const rows: (DataRecord | MalformedRow)[] = []
  for await (const chunk of format.read(fileOf(Buffer.from(text), piece), BEGINNING)) rows.push(...chunk.rows)
  return rows
}

async function written(
  format: Format,
  records: DataRecord[],
  ledger = new CountingLedger(),
): Promise<string> {
  const parts: Uint8Array[] = []
  const batches = async function* () {
    yield await Promise.resolve(records)
  }
  for await (const bytes of format.write(batches, { name: 'a.csv', ledger })) parts.push(bytes)
  return Buffer.concat(parts).toString()
}

const format = (dialect: Partial<CsvDialect> = {}) => csvFormat({ ...CSV_DEFAULTS, ...dialect })

/** Texts that hold every sign that means something in CSV. */
const cell = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '0', ',', ';', '"', '\n', '\r', '\t', ' ', "'", '=', '-', 'ü', '😀', '\\'),
    maxLength: 8,
  }),
  fc.string({ maxLength: 300 }),
)
const tables = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  )

const names = ['a', 'b', 'c', 'd', 'e']

test('reads what csv-stringify writes as csv-parse does, cut anywhere, with every delimiter and line end', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (table, delimiter, eol, piece, bom) => {
        const header = names.slice(0, table[0]?.length)
        const text = stringify([header, ...table], {
          delimiter,
          record_delimiter: eol,
          bom,
          quoted_empty: true,
          quoted_match: /[\r\n]/,
          quoted: false,
        })
        const expected: unknown = parse(text, { delimiter, columns: true, bom: true, record_delimiter: eol })
        expect(await readAll(format({ delimiter }), text, piece)).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

test('what is written is read again the same, null, empty and absent kept apart, formulas or not', async () => {
  const value = fc.oneof(cell, fc.constant(null), fc.constant(undefined))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: value, b: value, 'c,"d"\n': value }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(
        { absentText: '~' },
        { nullText: 'NULL', empty: 'absent' as const },
        { nullText: '\\N', absentText: '#', empty: 'text' as const, escape: '\\' },
        { absentText: '~', delimiter: ';', eol: '\r\n' as const, encoding: 'utf-16le' as const, bom: true },
        { absentText: '~', formulas: 'keep' as const },
      ),
      async (input, dialect) => {
        const records = input.map((record) => present(record))
        fc.pre(records.some((record) => Object.keys(record).length > 1))
        const ledger = new CountingLedger()
        const parts: Uint8Array[] = []
        const batches = async function* () {
          yield await Promise.resolve(records)
        }
        for await (const bytes of format(dialect).write(batches, { name: 'a.csv', ledger })) parts.push(bytes)
        const rows: unknown[] = []
        for await (const chunk of format({ ...dialect, unescape: !('formulas' in dialect) }).read(
          fileOf(Buffer.concat(parts), 7),
          BEGINNING,
        ))
          rows.push(...chunk.rows)
        expect(rows).toEqual(records)
        const altered = Object.values(ledger.take()).flatMap((counts) => Object.keys(counts))
        expect(altered.every((alteration) => alteration === 'FORMULA_ESCAPED')).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

function present(record: Record<string, string | null | undefined>): DataRecord {
  const result: DataRecord = {}
  for (const [name, value] of Object.entries(record)) if (value !== undefined) result[name] = value
  return result
}

test('no cell begins with a sign that a spreadsheet would run', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '＠', '－'), fc.string()),
        {
          minLength: 1,
        },
      ),
      async (cells) => {
        const text = await written(
          format({ header: false }),
          cells.map(([sign, rest]) => ({ a: sign + rest, b: 'x' })),
        )
        const rows: string[][] = parse(text)
        for (const [first = ''] of rows) expect(first).toMatch(/^(?:'|-\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?$)/)
      },
    ),
  )
})

test('every row stands in the result: as a record or as a malformed row at its line', async () => {
  const junk = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' '), maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(junk, fc.integer({ min: 1, max: 9 }), async (text, piece) => {
      const content = `x,y\n${text}\nlast,row\n`
      const whole = await readAll(format({ delimiter: ',' }), content, 10_000)
      expect(await readAll(format({ delimiter: ',' }), content, piece)).toEqual(whole)
      const last = whole.at(-1)
      const swallowed =
        last instanceof MalformedRow &&
        ['CSV_QUOTE_NOT_CLOSED', 'CSV_FIELD_COUNT', 'CSV_QUOTE_INVALID'].includes(last.rejection.code)
      if (!swallowed && !text.includes('"')) expect(last).toEqual({ x: 'last', y: 'row' })
    }),
    { numRuns: 500 },
  )
})

test('characters that the encoding lacks are replaced and counted by field', async () => {
  const ledger = new CountingLedger()
  await written(
    format({ encoding: 'windows-1252' }),
    [
      { a: 'Köln €', b: '漢字' },
      { a: 'x', b: 'y' },
    ],
    ledger,
  )
  expect(ledger.take()).toEqual({ b: { ENCODING_REPLACED: 1 } })
})
