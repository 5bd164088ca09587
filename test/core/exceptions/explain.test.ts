import fc from 'fast-check'
import { explain, type Contrast, type Explanation } from '../../../shared/core/exceptions/explain/explain'
import type { DataRecord } from '../../../shared/core/record/value'
import { Hasher } from '../../../shared/core/record/hash'

/** Orders as a shop has them; the failing ones are changed by `plant`. */
function orders(
  count: number,
  failing: (i: number) => boolean,
  plant: (record: DataRecord, i: number) => DataRecord,
): Contrast[] {
  const hasher = new Hasher()
  let drawn = 0
  const chance = (): number => (hasher.text(String(++drawn)).a >>> 0) / 2 ** 32
  return Array.from({ length: count }, (_, i) => {
    const record: DataRecord = {
      id: `O-${String(i).padStart(6, '0')}`,
      country: ['DE', 'FR', 'GB', 'IT', 'US'][Math.floor(chance() * 5)] ?? 'DE',
      channel: ['web', 'shop', 'phone'][Math.floor(chance() * 3)] ?? 'web',
      qty: Math.floor(chance() * 500),
      price: (chance() * 100).toFixed(2),
      note: 'agreement'.slice(0, 2 + Math.floor(chance() * 7)),
      customer: { name: 'Meier', zip: String(10000 + Math.floor(chance() * 89999)) },
    }
    return failing(i) ? { failed: true, record: plant(record, i) } : { failed: false, record }
  })
}

async function* pagesOf(records: readonly Contrast[]): AsyncGenerator<readonly Contrast[]> {
  await Promise.resolve()
  for (let at = 0; at < records.length; at += 500) yield records.slice(at, at + 500)
}

function explained(records: readonly Contrast[], personal: string[] = []): Promise<Explanation> {
  return explain(() => pagesOf(records), { personal })
}

const some = (i: number): boolean => i % 250 === 7

test('the smallest rule that separates the failures, with how far it holds', async () => {
  const { rule, failed, passed } = await explained(
    orders(
      10_000,
      (i) => i % 250 === 7 || i === 3,
      (record) => ({ ...record, country: null }),
    ),
  )
  expect({ failed, passed }).toEqual({ failed: 41, passed: 9959 })
  expect(rule).toMatchObject({ support: 1, precision: 1 })
  expect(rule?.sentence).toBe('41 of 41 failures have country = null; 0 of 9,959 others do')
})

const without = (record: DataRecord): DataRecord =>
  Object.fromEntries(Object.entries(record).filter(([field]) => field !== 'country'))

const planted: [string, (record: DataRecord, i: number) => DataRecord, string][] = [
  ['a missing field', without, 'no country'],
  ['an empty text', (record) => ({ ...record, country: '' }), 'country = ""'],
  ['a type', (record, i) => ({ ...record, qty: `${i} pieces` }), 'a text in qty'],
  ['a value', (record) => ({ ...record, country: 'UK' }), 'country = "UK"'],
  [
    'some values',
    (record, i) => ({ ...record, country: i % 500 === 7 ? 'UK' : 'EN' }),
    'country = "EN" or "UK"',
  ],
  [
    'a length',
    (record, i) => ({
      ...record,
      note: `${'abcdefg'.charAt(i % 7)} agreed on the phone`.padEnd(46 + (i % 11), '.'),
    }),
    '46 or more characters in note',
  ],
  ['a prefix', (record, i) => ({ ...record, id: `TMP${i}` }), '"TMP" at the start of id'],
  ['a decimal comma', (record, i) => ({ ...record, price: `${i},50` }), 'a decimal comma in price'],
  [
    'text where a number is expected',
    (record, i) => ({ ...record, price: `${'xyz'.charAt(i % 3)}${i}` }),
    'no number in price',
  ],
  [
    'spaces',
    (record, i) => ({ ...record, note: `${'abc'.charAt(i % 3)}greed ` }),
    'a space at an end in note',
  ],
  [
    'letters beyond ASCII',
    (record, i) => ({ ...record, note: `Stück ${i}`.slice(0, 5) + String(i % 9) }),
    'characters beyond ASCII in note',
  ],
  ['a number above', (record, i) => ({ ...record, qty: 1000 + i }), '1007 or more in qty'],
  ['a number below', (record, i) => ({ ...record, qty: -1 - i }), '-8 or less in qty'],
  [
    'a field in an object',
    (record) => ({ ...record, customer: { name: 'Meier', zip: null } }),
    'customer.zip = null',
  ],
]

test.each(planted)('finds %s', async (_, plant, have) => {
  const { rule } = await explained(orders(5000, some, plant))
  expect(rule?.sentence).toBe(`20 of 20 failures have ${have}; 0 of 4,980 others do`)
})

test('two conditions where one is not enough', async () => {
  const records = orders(
    5000,
    () => false,
    (record) => record,
  ).map(({ record }) => ({ record, failed: record['country'] === 'GB' && record['channel'] === 'phone' }))
  const { rule } = await explained(records)
  const failures = records.filter(({ failed }) => failed).length
  expect(rule?.sentence).toBe(
    `${failures} of ${failures} failures have channel = "phone" and country = "GB"; 0 of ${(5000 - failures).toLocaleString('en')} others do`,
  )
})

test('noise on both sides lowers support and precision and does not hide the rule', async () => {
  const records = orders(10_000, some, (record, i) =>
    i % 1250 === 7 ? record : { ...record, country: 'UK' },
  ).map((one, i) => (i % 2000 === 11 ? { ...one, record: { ...one.record, country: 'UK' } } : one))
  const { rule } = await explained(records)
  expect(rule?.sentence).toBe('32 of 40 failures have country = "UK"; 5 of 9,960 others do')
  expect(rule?.support).toBeCloseTo(0.8)
  expect(rule?.precision).toBeCloseTo(32 / 37)
})

test('no rule is told where nothing separates them', async () => {
  const { rule } = await explained(orders(5000, some, (record) => record))
  expect(rule).toBeUndefined()
  const none = await explained(
    orders(
      20,
      () => true,
      (record) => record,
    ),
  )
  expect(none.rule).toBeUndefined()
})

test('of a personal field no value is told', async () => {
  const records = orders(5000, some, (record) => ({ ...record, country: 'Elbonia' }))
  const { rule } = await explained(records, ['country'])
  expect(rule?.sentence).toBe('20 of 20 failures have 7 or more characters in country; 0 of 4,980 others do')
  expect(JSON.stringify(rule)).not.toContain('Elbonia')
})

test('of two rules as good the one about the field that the failure names is told', async () => {
  const records = orders(5000, some, (record) => ({ ...record, channel: null, note: null }))
  const { rule, others } = await explain(() => pagesOf(records), { personal: [], suspects: ['note'] })
  expect(rule?.sentence).toContain('note = null')
  expect(others.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('channel = null')])
})

test('the order of the records makes no difference', async () => {
  const records = orders(
    800,
    (i) => i % 40 === 3,
    (record, i) => ({ ...record, qty: 480 + (i % 90) }),
  )
  const first = await explained(records)
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(records, { minLength: 800 }), async (shuffled) => {
      expect(await explained(shuffled)).toEqual(first)
    }),
    { numRuns: 5 },
  )
})

test('50,000 records take no longer than a person waits', async () => {
  const records = orders(50_000, some, (record) => ({ ...record, country: 'UK' }))
  const started = process.cpuUsage()
  expect((await explained(records)).rule?.sentence).toContain('country = "UK"')
  // of one core, however busy the machine is
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5)
})
