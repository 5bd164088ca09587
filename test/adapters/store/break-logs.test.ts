import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { carryAges, type Age } from '../../../shared/core/reconciliation/ages'
import type { Break, BreakLog, KeptBreak } from '../../../shared/core/reconciliation/break'
import { compareBreaks } from '../../../shared/core/reconciliation/break-order'
import { MemoryBreakLog } from '../../../shared/core/reconciliation/memory-log'
import { Decimal } from '../../../shared/core/record/decimal'

// Breaks in memory and in the store behave alike: a report says the same wherever they were kept.

const store = openSqliteStore(':memory:')
afterAll(() => store.close())
let runs = 0

const logs: [string, () => BreakLog][] = [
  ['memory', () => new MemoryBreakLog()],
  ['the store', () => store.reconciliations.breakLog(`run-${runs++}`)],
]

function missing(key: string, more: Partial<Break> = {}): Break {
  return {
    kind: 'missing-in-target',
    key,
    rule: 1,
    source: { id: key },
    fields: [],
    dimensions: ['north'],
    effect: ['1'],
    state: 'open',
    ...more,
  }
}

async function all(log: BreakLog): Promise<KeptBreak[]> {
  const breaks: KeptBreak[] = []
  for await (const page of log.read()) breaks.push(...page)
  return breaks
}

async function* pagesOf<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield await Promise.resolve(items.slice(at, at + size))
}

describe.each(logs)('breaks kept in %s', (_, open) => {
  test('come back whole, with every digit, and absent, null and empty apart', async () => {
    const log = open()
    const one: Break = {
      kind: 'differs',
      key: '["a"]',
      rule: 2,
      source: { id: 'a', amount: Decimal.ofDigits('12345678901234567890.10'), note: null, name: '' },
      target: { id: 'a', amount: 1.5, tags: ['x', { deep: null }] },
      records: { source: 1, target: 3 },
      fields: [
        { field: 'amount', source: Decimal.ofDigits('12345678901234567890.10'), target: 1.5 },
        { field: 'note', source: null },
        { field: 'name', source: '', target: '' },
      ],
      dimensions: ['', 'north'],
      effect: ['12345678901234567888.6'],
      state: 'pending',
    }
    await log.add([one])
    const [kept] = await all(log)
    expect(kept).toEqual({ ...one, id: kept?.id })
    expect(JSON.stringify(kept?.source)).toBe(JSON.stringify(one.source))
  })

  test('are read by key and kind, whatever order they came in', async () => {
    const keys = ['["b"]', '["a"]', '["é"]', '["Z"]', '["😀"]', '["\uff5e"]', '["10"]', '[9]']
    const breaks = keys.flatMap((key) => [missing(key), missing(key, { kind: 'differs' })])
    const log = open()
    for (const one of breaks) await log.add([one])
    const other = open()
    await other.add([...breaks].reverse())
    const shown = (kept: KeptBreak[]): string[] => kept.map(({ key, kind }) => `${key} ${kind}`)

    expect(shown(await all(log))).toEqual(shown(await all(other)))
    const kept = await all(log)
    expect(kept).toHaveLength(breaks.length)
    for (const [at, one] of kept.slice(1).entries()) {
      const before = kept[at]
      expect(before && compareBreaks(before, one)).toBeLessThan(0)
    }
  })

  test('can be changed while they are read', async () => {
    const log = open()
    const many = Array.from({ length: 2500 }, (_, at) => missing(`["${String(at % 2000).padStart(5, '0')}"]`))
    await log.add(many)
    let read = 0
    for await (const page of log.read()) {
      read += page.length
      await log.update(page.map((one) => ({ ...one, cause: 'late', state: 'accepted' })))
    }
    expect(read).toBe(2500)
    expect(await log.count()).toBe(2500)
    for (const { cause, state } of await all(log))
      expect({ cause, state }).toEqual({ cause: 'late', state: 'accepted' })
  })

  test('keep the age that an earlier reconciliation gave them', async () => {
    const log = open()
    await log.add(['["a"]', '["c"]', '["d"]', '["f"]'].map((key) => missing(key)))
    await log.add([missing('["e"]', { state: 'accepted' })])
    const age = (key: string, firstSeen: number, kind: Break['kind'] = 'missing-in-target'): Age => ({
      key,
      kind,
      firstSeen,
    })
    const ages = [
      age('["a"]', 50, 'differs'),
      age('["b"]', 10),
      age('["c"]', 30),
      age('["d"]', 20),
      age('["e"]', 5),
    ]

    // the oldest of the open ones: an accepted one is older
    expect(await carryAges(log, pagesOf(ages, 2))).toBe(20)
    const kept = await all(log)
    expect(kept.map(({ firstSeen }) => firstSeen)).toEqual([undefined, 30, 20, 5, undefined])
  })

  test('nothing is old when nothing was found before', async () => {
    const log = open()
    await log.add([missing('["a"]')])
    expect(await carryAges(log, pagesOf<Age>([], 1))).toBeUndefined()
  })
})
