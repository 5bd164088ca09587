// Whatever the settings and however a file is written, a pass over bytes gives what one over records gives.
import fc from 'fast-check'
import { EXACT } from '../../../shared/core/reconciliation/comparison'
import { exactField } from '../../../shared/core/reconciliation/defaults'
import type { Dimension } from '../../../shared/core/reconciliation/settings'
import { bothPasses, SCHEMA } from '../../support/both-passes'

const FIELDS = Object.keys(SCHEMA.properties)
const T = '2026-03-01T10:00:00Z'

const quoted = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `"${text.replaceAll('"', '""')}"`)
const raw = fc.string({ unit: 'binary-ascii', maxLength: 20 })
const known = fc.constantFrom(
  ...[
    '',
    '""',
    'a',
    'A ',
    '"a,b"',
    '"a""b"',
    '"a\r\nb"',
    '1',
    '1.0',
    '01',
    '-1',
    '-0',
    '0',
    '1e1',
    '+5',
    '.5',
    '5.',
  ],
  ...['007', ' 7', '123456789012345', '0.12345678901234', '-99999999999.99', '99999999999999999', 'true'],
  ...[T, '2026-03-01T11:00:00.50+01:00', '2026-03-01T10:00:00.5Z', '2026-02-29', '2024-02-29T23:59:60Z'],
  ...['é', '"é""ü"', '"x"y', '"', '""""', "'=1", '\\N', 'ab\tc', '\0', '\0z'],
)
const text = fc.oneof(known, quoted, raw)
const key = fc.constantFrom('a', 'A', ' a', '0a', '"b"', '"b""b"', 'c', 'd', '7', '7.0', T, '', '\0z')
const row = fc.tuple(key, fc.constantFrom('N', 'S', '""', '"N"'), text, text, text, text)
const file = fc
  .tuple(fc.array(row, { maxLength: 14 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([rows, eol]) => [FIELDS, ...rows].map((fields) => fields.join(',')).join(eol))

const settings = fc.record({
  schema: fc.boolean(),
  trim: fc.boolean(),
  fold: fc.boolean(),
  stripZeros: fc.boolean(),
  values: fc.constantFrom<Record<string, string>>({}, { a: 'c' }),
  also: fc.constantFrom('quantity', undefined),
  dimension: fc.constantFrom(...FIELDS.slice(1)),
  by: fc.constantFrom<Dimension['by'][]>('value', 'day', 'month', 'year', { first: 2 }, { first: 9 }),
  folded: fc.boolean(),
  cutOff: fc.constantFrom('at', 'quantity'),
  memory: fc.constantFrom(600, 3000, 1_000_000_000),
  readAtMost: fc.constantFrom(1, 2, 3, 7, 1_000_000),
  csv: fc.constantFrom<Record<string, string>>(
    ...[{}, { nullText: '\\N' }, { empty: 'text' }, { formulas: 'escape' }, { escape: '\\' }, { quote: '' }],
  ),
})

it('holds for any rows', async () => {
  await fc.assert(
    fc.asyncProperty(file, file, settings, async (source, target, given) => {
      const { trim, fold, stripZeros, values, also, dimension, by } = given
      const first = { ...exactField('id'), trim, fold, stripZeros, values }
      const { bytes, records } = await bothPasses({
        files: { 'source.csv': source, 'target.csv': target },
        csv: given.csv,
        readAtMost: given.readAtMost,
        ...(given.schema ? { workflow: { schema: SCHEMA } } : {}),
        settings: {
          memory: given.memory,
          match: [
            { on: also === undefined ? [first] : [first, exactField(also)], pairing: 'one-to-one', sum: [] },
          ],
          cutOff: { field: given.cutOff, windowMs: 0 },
          dimensions: [
            { name: 'any', field: dimension, by },
            { name: 'place', field: 'place', by: 'value' },
          ],
          measures: [
            { name: 'quantity', fields: ['quantity'] },
            { name: 'value', fields: ['quantity', 'cost'] },
            { name: 'records', fields: [] },
            { name: 'times', fields: ['at'] },
          ],
          compare: given.folded ? { [dimension]: { ...EXACT, fold: true } } : {},
        },
      })
      expect(bytes).toBeDefined()
      expect(bytes).toEqual(records)
    }),
    { numRuns: 40 },
  )
})
