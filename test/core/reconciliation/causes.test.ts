import type { Break, KeptBreak } from '../../../shared/core/reconciliation/break'
import { explainBreaks } from '../../../shared/core/reconciliation/causes'
import { EXACT, fieldBreak } from '../../../shared/core/reconciliation/comparison'
import { FieldCompare } from '../../../shared/core/reconciliation/compare'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import type { Cause } from '../../../shared/core/reconciliation/reconciliation'
import type { ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import { keyText } from '../../../shared/core/record/key'
import type { DataRecord, Value } from '../../../shared/core/record/value'

type Pair = readonly [source: Value | undefined, target: Value | undefined]

const EXACT_KEY = { trim: false, fold: false, stripZeros: false, values: {}, withinDays: 0 }

function settings(key: readonly string[], more: Partial<ReconcileSettings> = {}): ReconcileSettings {
  const on = key.map((field) => ({ field, ...EXACT_KEY }))
  return {
    match: [{ on, pairing: 'one-to-one', sum: [] }],
    compare: {},
    ignore: [],
    dimensions: [{ name: 'location', field: 'location', by: 'value' }],
    measures: [],
    totals: {},
    memory: 1 << 26,
    exceptions: false,
    sorted: false,
    ...more,
  }
}

function one(kind: Break['kind'], key: string, rest: Partial<Break>): Break {
  return { kind, key, rule: 1, fields: [], dimensions: [], effect: [], state: 'open', ...rest }
}

let last = 0

/** A pair that differs in these fields. */
function differs(fields: Record<string, Pair>, textual = false): Break {
  const source: DataRecord = {}
  const target: DataRecord = {}
  for (const [field, [left, right]] of Object.entries(fields)) {
    if (left !== undefined) source[field] = left
    if (right !== undefined) target[field] = right
  }
  return one('differs', `["${String(++last).padStart(6, '0')}"]`, {
    source,
    target,
    fields: Object.entries(fields).map(([field, [left, right]]) =>
      fieldBreak(new FieldCompare(field, EXACT, textual), left, right),
    ),
  })
}

/** A record that misses on each side. */
function missing(key: readonly string[], source: DataRecord, target: DataRecord): Break[] {
  return [
    one('missing-in-target', keyText(source, key) ?? '', { source }),
    one('missing-in-source', keyText(target, key) ?? '', { target }),
  ]
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

interface Options {
  key?: readonly string[]
  fields?: readonly string[]
  settings?: Partial<ReconcileSettings>
  newest?: { source?: string; target?: string }
}

async function explain(
  breaks: readonly Break[],
  { key = ['sku'], fields = ['qty'], settings: more, newest = {} }: Options = {},
): Promise<{ causes: Cause[]; breaks: KeptBreak[] }> {
  const log = new MemoryBreakLog()
  await log.add(breaks)
  const causes = await explainBreaks(log, {
    settings: settings(key, more),
    key,
    fields,
    newest,
  })
  const kept: KeptBreak[] = []
  for await (const page of log.read()) kept.push(...page)
  return { causes, breaks: kept }
}

async function sentences(breaks: readonly Break[], options: Options = {}): Promise<string[]> {
  return (await explain(breaks, options)).causes.map(({ sentence }) => sentence)
}

const day = (i: number): string => `2026-03-${String((i % 27) + 1).padStart(2, '0')}`

describe('the cause of', () => {
  it('numbers with the opposite sign', async () => {
    const breaks = times(4, (i) => differs({ qty: [i + 1, -i - 1] }))
    expect(await sentences(breaks)).toEqual(['The sign of qty is turned round: accounts for 4 of 4 breaks'])
  })

  it.each<[string, (i: number) => Pair, string]>([
    ['kilograms and grams', (i) => [(i + 1) / 8, (i + 1) * 125], '1000'],
    ['cents', (i) => [(i + 1) * 7, ((i + 1) * 7) / 100], '100'],
    ['dozens', (i) => [i + 3, (i + 3) * 12], '12'],
    ['inches', (i) => [i + 101, Math.round((i + 101) * 254) / 100], '2.54'],
    ['pounds', (i) => [i + 1001, Number(((i + 1001) / 0.45359237).toFixed(3))], '0.45359237'],
  ])('a shifted unit: %s', async (_, pair, factor) => {
    const [cause] = (await explain(times(5, (i) => differs({ weight: pair(i) })))).causes
    expect(cause?.title).toBe('Unit or decimal point')
    expect(cause?.sentence).toContain(` is ${factor} times `)
    expect(cause?.breaks).toBe(5)
  })

  it('a unit that is shifted although a factor is set: the advice is what that has to become', async () => {
    const settings = { compare: { weight: { ...EXACT, factor: 0.01 } } }
    const less = times(5, (i) => differs({ weight: [(i + 1) * 7, (i + 1) * 70] }))
    expect((await explain(less, { settings })).causes[0]?.advice).toContain('{ weight: { factor: 0.001 } }')
  })

  it('a day too few, and a month counted from 0', async () => {
    expect(
      await sentences(times(3, (i) => differs({ due: [`2026-05-${11 + i}`, `2026-05-${10 + i}`] }))),
    ).toEqual(['due of the target is one day earlier: accounts for 3 of 3 breaks'])
    expect(
      await sentences(times(3, (i) => differs({ due: [`2026-05-${10 + i}`, `2026-04-${10 + i}`] }))),
    ).toEqual(['due of the target is one month earlier: accounts for 3 of 3 breaks'])
  })

  it('another time zone, with and without summer time', async () => {
    const shifted = (i: number, hours: number): Break =>
      differs({ at: [`${day(i)}T10:1${i % 10}:00Z`, `${day(i)}T${10 + hours}:1${i % 10}:00Z`] })
    expect(await sentences(times(4, (i) => shifted(i, 5)))).toEqual([
      'at of the target is 5 h later than at the source: accounts for 4 of 4 breaks',
    ])
    expect(await sentences([...times(4, (i) => shifted(i, 1)), ...times(5, (i) => shifted(i, 2))])).toEqual([
      'at of the target is 1 or 2 h later than at the source: accounts for 9 of 9 breaks',
    ])
  })

  it('records under another location: in the key, and beside it', async () => {
    const key = ['sku', 'location']
    const moved = times(3, (i) =>
      missing(
        key,
        { sku: `S${i}`, location: 'Ulm', qty: i * 7 },
        { sku: `S${i}`, location: 'Bonn', qty: i * 7 },
      ),
    )
    expect(await sentences(moved.flat(), { key })).toEqual([
      'Records stand under another location on each side, with the same other values: accounts for 6 of 6 breaks',
    ])
    expect(await sentences(times(3, () => differs({ location: ['Ulm', 'Bonn'] })))).toEqual([
      'Records stand under another location on each side, with the same other values: accounts for 3 of 3 breaks',
    ])
  })

  it('records that miss on both sides, but not with the same other values', async () => {
    const key = ['sku', 'location']
    const moved = times(3, (i) =>
      missing(
        key,
        { sku: `S${i}`, location: 'Ulm', qty: i * 7 },
        { sku: `S${i}`, location: 'Bonn', qty: i * 7 + 1 },
      ),
    )
    expect(await sentences(moved.flat(), { key })).toEqual([])
  })

  it('postings made twice', async () => {
    const twice = one('duplicate', '["a"]', { records: { source: 1, target: 2 } })
    expect(await sentences([twice, ...times(2, (i) => differs({ amount: [i + 5, 2 * (i + 5)] }))])).toEqual([
      'amount of the target is exactly twice that of the source: accounts for 2 of 3 breaks',
      'The target has records more than once: accounts for 1 of 3 breaks',
    ])
    expect((await explain([twice])).causes[0]?.advice).toContain('its reversal')
  })

  it.each<[string, (i: number) => [string, string], string]>([
    [
      'padded',
      (i) => [`000${i + 12}`, `${i + 12}`],
      'sku has zeros in front in the source that the target does not have',
    ],
    [
      'cut',
      (i) => [`ABCD-${i}-LONG-NAME-${i}`, `ABCD-${i}-LONG`],
      'sku is cut to 11 characters in the target',
    ],
    ['spaced', (i) => [`AB ${i}`, `AB ${i} `], 'sku differs only in spaces'],
    ['in another case', (i) => [`AB-${i}`, `ab-${i}`], 'sku differs only in case'],
    [
      'misread',
      (i) => [`Größe ${i}`, `GrÃ¶ÃŸe ${i}`],
      'sku of the target was written as UTF-8 and read as Windows-1252',
    ],
    [
      'replaced',
      (i) => [`Größe ${i}`, `Gr??e ${i}`],
      'sku of the target has characters that were replaced by ? or \uFFFD',
    ],
    ['without accents', (i) => [`Łódź ${i}`, `Lodz ${i}`], 'sku of the target is written without accents'],
    ['punctuated', (i) => [`AB-${i}/7`, `AB ${i}.7`], 'sku differs only in punctuation'],
    [
      'in another normal form',
      (i) => [`Café ${i}`, `Cafe\u0301 ${i}`],
      'sku is the same in other normal forms of Unicode',
    ],
  ])('keys that are %s', async (_, keys, says) => {
    const moved = times(4, (i) => {
      const [left, right] = keys(i)
      return missing(['sku'], { sku: left, qty: i }, { sku: right, qty: 3 - i })
    })
    expect(await sentences(moved.flat())).toEqual([`${says}: accounts for 8 of 8 breaks`])
    const fields = times(4, (i) => differs({ sku: keys(i) }))
    expect(await sentences(fields)).toEqual([`${says}: accounts for 4 of 4 breaks`])
  })

  it('spaces here and case there: one cause for both', async () => {
    const breaks = [
      differs({ name: ['a b', 'a  b'] }),
      differs({ name: ['a b', 'A b'] }),
      differs({ name: ['a b', 'A b '] }),
    ]
    expect(await sentences(breaks)).toEqual([
      'name differs only in spaces and case: accounts for 3 of 3 breaks',
    ])
  })

  it('names that are written more fully, and not that one text begins like the other', async () => {
    const names = ['Ulm', 'Bonn', 'Brno', 'Nantes', 'Graz'].map((city, i) =>
      differs({ name: [`${city} Airport`, `${city} International Airport`.slice(0, 60 - i)] }),
    )
    const longer = ['Ulm', 'Bremerhaven', 'Aix'].map((city) => differs({ name: [city, `${city}, old town`] }))
    expect(await sentences([...names, ...longer])).toEqual([
      'name of the target has all the words of the other side and more: accounts for 8 of 8 breaks',
    ])
  })

  it('characters that nobody sees', async () => {
    expect(await sentences([differs({ name: ['Bolt', 'Bo\u200blt'] })])).toEqual([
      'name differs only in characters that take no room: accounts for 1 of 1 break',
    ])
  })

  it('long texts that were replaced, and some that only look so, in no time', async () => {
    const text = '試験用の長い文字列'.repeat(30)
    const replaced = differs({ name: [`a${text}b`, `a${'?'.repeat(text.length)}b`] })
    const other = differs({ name: [`a${text}b`, `a${'?'.repeat(text.length)}c`] })
    expect(await sentences([replaced, other])).toEqual([
      'name of the target has characters that were replaced by ? or \uFFFD: accounts for 1 of 2 breaks',
    ])
  })

  it('another currency, by its code and by its rate', async () => {
    const coded = times(4, (i) => differs({ currency: ['EUR', 'USD'], amount: [i * 10 + 10, i * 11 + 13] }))
    expect(await sentences(coded)).toEqual([
      'amount is in EUR at the source and in USD at the target: accounts for 4 of 4 breaks',
    ])
    const rated = times(9, (i) => {
      const amount = 50 + i * 31.17
      return differs({ amount: [Number(amount.toFixed(2)), Number((amount * 1.0837).toFixed(2))] })
    })
    const [cause] = (await explain(rated)).causes
    expect(cause?.breaks).toBe(9)
    expect(Number(/about ([\d.]+) times/.exec(cause?.sentence ?? '')?.[1])).toBeCloseTo(1.0837, 2)
  })

  it('decimals lost by rounding and by cutting', async () => {
    const breaks = [
      differs({ amount: [10.456, 10.46] }),
      differs({ amount: [3.999, 4] }),
      differs({ amount: [7.129, 7.12] }),
      differs({ amount: [7.5, 9] }),
    ]
    expect(await sentences(breaks)).toEqual([
      'amount has fewer decimals in the target than in the source: accounts for 3 of 4 breaks',
    ])
  })

  it('a side that is stale since a time', async () => {
    const changed = (i: number): string => `2026-11-1${i}T08:00:00Z`
    const breaks = [
      ...times(3, (i) =>
        one('missing-in-target', `["${i}"]`, { source: { sku: `${i}`, changed: changed(i) } }),
      ),
      ...times(3, (i) =>
        differs({ qty: [i * i, 40 + 3 * i], changed: [changed(i + 3), '2026-11-02T00:00:00Z'] }),
      ),
      one('missing-in-target', '["old"]', { source: { sku: 'old', changed: '2026-11-01T00:00:00Z' } }),
    ]
    const options = {
      settings: { cutOff: { field: 'changed', windowMs: 0 } },
      newest: { source: changed(5), target: '2026-11-09T00:00:00Z' },
    }
    expect(await sentences(breaks, options)).toEqual([
      'The target has nothing newer than 2026-11-09T00:00:00Z (changed): accounts for 6 of 7 breaks',
    ])
  })

  it.each<[Pair, string]>([
    [[null, ''], 'note is null at the source and empty at the target'],
    [[undefined, null], 'note is absent at the source and null at the target'],
    [['', undefined], 'note is empty at the source and absent at the target'],
  ])('nothing in two forms: %j', async (pair, says) => {
    expect(await sentences([differs({ note: pair })])).toEqual([`${says}: accounts for 1 of 1 break`])
  })

  it('a number as text', async () => {
    expect(await sentences([differs({ qty: ['3', 3] }), differs({ qty: ['3.0', 3] })])).toEqual([
      'qty is the same number, but text at the source: accounts for 2 of 2 breaks',
    ])
  })

  it('a constant difference, unless it is chance', async () => {
    const fee = times(5, (i) => differs({ amount: [i * 13 + 1, i * 13 + 5.95] }))
    expect(await sentences(fee)).toEqual([
      "amount of the target is always the source's plus 4.95: accounts for 5 of 5 breaks",
    ])
    const less = times(5, (i) => differs({ amount: [i * 13 + 2.5, i * 13 + 1] }))
    expect((await sentences(less))[0]).toContain("always the source's minus 1.5")
    const noise = times(100, (i) => differs({ amount: [i * 13 + 1, i * 13 + 2 + ((i * 37) % 51)] }))
    expect(await sentences([...noise, ...fee])).toEqual([])
  })

  it('two fields that hold one another', async () => {
    expect(await sentences(times(2, (i) => differs({ net: [i, i + 7], gross: [i + 7, i] })))).toEqual([
      "gross and net hold one another's values: accounts for 2 of 2 breaks",
    ])
  })
})

describe('of several causes', () => {
  it('each break has one, and the best supported comes first', async () => {
    const { causes, breaks } = await explain([
      ...times(5, (i) => differs({ qty: [i + 1, -i - 1] })),
      ...times(3, (i) => differs({ name: [`n${i}`, `n${i} `] })),
      differs({ qty: [17, 93] }),
    ])
    expect(causes.map(({ id, breaks }) => [id, breaks])).toEqual([
      ['sign-flip:qty', 5],
      ['space-and-case:name:spaces', 3],
    ])
    expect(breaks.map(({ cause }) => cause)).toEqual([
      ...times(5, () => 'sign-flip:qty'),
      ...times(3, () => 'space-and-case:name:spaces'),
      undefined,
    ])
    expect(causes[0]?.examples).toEqual(breaks.slice(0, 5).map(({ key }) => key))
  })

  it('the time of the change, which differs with anything else, needs no explanation', async () => {
    const breaks = times(2, (i) =>
      differs({ qty: [i + 1, -i - 1], changed: ['2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z'] }),
    )
    const options = { settings: { cutOff: { field: 'changed', windowMs: 0 } } }
    expect(await sentences(breaks, options)).toEqual([
      'The sign of qty is turned round: accounts for 2 of 2 breaks',
    ])
  })

  it('one that explains only a part of a break does not count for it', async () => {
    const breaks = [differs({ qty: [4, -4], name: ['a', 'b'] }), differs({ qty: [4, -4] })]
    expect(await sentences(breaks)).toEqual(['The sign of qty is turned round: accounts for 1 of 2 breaks'])
  })

  it('the same in more fields covers breaks where some of them agree', async () => {
    const breaks = [
      ...times(3, (i) => differs({ qty: [i + 1, -i - 1], amount: [i + 5, -i - 5] })),
      differs({ qty: [9, -9] }),
    ]
    expect(await sentences(breaks)).toEqual([
      'The sign of amount and qty is turned round: accounts for 4 of 4 breaks',
    ])
  })

  it('breaks that are pending or accepted are left out', async () => {
    const flipped = differs({ qty: [1, -1] })
    expect(await sentences([flipped, { ...differs({ qty: [2, -2] }), state: 'pending' }])).toEqual([
      'The sign of qty is turned round: accounts for 1 of 1 break',
    ])
  })
})

it('explains tens of thousands of breaks in seconds', async () => {
  const breaks = times(40_000, (i) => {
    if (i % 4 === 0) return [differs({ qty: [i + 1, -i - 1] })]
    if (i % 4 === 1) return [differs({ qty: [i, (i * 7919) % 100_003], name: [`n${i}`, `n${i + 1}`] })]
    if (i % 4 === 2) return [differs({ qty: [i, (i * 7919) % 100_003] })]
    return missing(['sku'], { sku: `00${i}`, qty: i }, { sku: String(i), qty: i })
  }).flat()
  const start = process.cpuUsage()
  const { causes } = await explain(breaks)
  const { user } = process.cpuUsage(start)
  expect(causes.map(({ id, breaks }) => [id, breaks])).toEqual([
    ['padded:sku:source', 20_000],
    ['sign-flip:qty', 10_000],
  ])
  expect(user / 1e6).toBeLessThan(5)
})
