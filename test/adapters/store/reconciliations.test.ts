import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import type { Break } from '../../../shared/core/reconciliation/break'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { breaksOf } from '../../../shared/core/reconciliation/sign-off'
import { KEPT_BREAKS } from '../../../shared/core/reconciliation/store'
import type { RunRow, Store } from '../../../shared/core/store'
import { breaks as sampleBreaks, reconciliation as sample } from '../../core/reconciliation/report/sample'

let store: Store
beforeEach(() => {
  store = openSqliteStore(':memory:')
})
afterEach(() => store.close())

const DAY = 86_400_000
const FIRST = Date.parse('2026-01-01T00:00:00Z')

function reconciliation(id: string, day: number, more: Partial<Reconciliation> = {}): Reconciliation {
  const at = new Date(FIRST + day * DAY).toISOString()
  return { ...sample, id, started: at, ended: at, ...more }
}

async function save(id: string, day: number, more: Partial<Reconciliation> = {}): Promise<void> {
  await store.reconciliations.breakLog(id).add(sampleBreaks)
  await store.reconciliations.saveReconciliation(reconciliation(id, day, more))
}

test('reconciliations are listed newest first and found by id', async () => {
  await save('a', 1)
  await save('b', 3)
  await save('c', 2, { workflow: 'other' })
  const ids = async (filter: { workflow?: string; before?: string }): Promise<string[]> =>
    (await store.reconciliations.reconciliations({ ...filter, limit: 10 })).map(({ id }) => id)

  expect(await ids({})).toEqual(['b', 'c', 'a'])
  expect(await ids({ workflow: 'stock' })).toEqual(['b', 'a'])
  expect(await ids({ workflow: 'stock', before: 'b' })).toEqual(['a'])
  expect(await ids({ before: 'a' })).toEqual([])
  expect(await store.reconciliations.reconciliation('a')).toEqual(reconciliation('a', 1))
  expect(await store.reconciliations.reconciliation('z')).toBeUndefined()
})

test('breaks are filtered by kind, cause, state, dimension and field, and paged in their order', async () => {
  await save('a', 1)
  const keys = async (filter: object): Promise<string[]> =>
    (await store.reconciliations.breaks({ run: 'a', ...filter }, { limit: 100 })).map(({ key }) => key)

  expect(await keys({ kind: 'duplicate' })).toEqual(['["D1","Antwerp"]'])
  expect(await keys({ key: '["D1","Antwerp"]' })).toEqual(['["D1","Antwerp"]'])
  expect(await keys({ key: '["D1","Antwerp"]', kind: 'differs' })).toEqual([])
  expect(await keys({ cause: 'space' })).toEqual(['["B2","Antwerp"]'])
  expect(await keys({ state: 'pending' })).toEqual(['["=HYPERLINK(1)","Hamburg"]'])
  expect(await keys({ field: 'price' })).toEqual(['["B2","Antwerp"]'])
  expect(await keys({ dimensions: ['Antwerp'], kind: 'differs', cause: 'space' })).toEqual([
    '["B2","Antwerp"]',
  ])
  expect(await keys({ dimensions: [''] })).toHaveLength(sampleBreaks.length)
  expect(await keys({ kind: 'duplicate', state: 'pending' })).toEqual([])
  expect(await store.reconciliations.countBreaks({ run: 'a', cause: 'sign' })).toBe(30)

  const paged: string[] = []
  let after: number | undefined
  for (;;) {
    const page = await store.reconciliations.breaks(
      { run: 'a' },
      after === undefined ? { limit: 7 } : { limit: 7, after },
    )
    after = page.at(-1)?.id
    if (after === undefined) break
    paged.push(...page.map(({ key }) => key))
  }
  expect(paged).toEqual(await keys({}))
})

test('a second attempt at a run begins without the breaks of the first', async () => {
  await store.reconciliations.breakLog('a').add(sampleBreaks)
  expect(await store.reconciliations.breakLog('a').count()).toBe(0)
})

test('breaks keep their age from one reconciliation to the next; a failed one in between changes nothing', async () => {
  const aged: Break[] = [{ ...breakOf('["a"]'), firstSeen: FIRST - 5 * DAY }, breakOf('["b"]')]
  await store.reconciliations.breakLog('one').add(aged)
  await store.reconciliations.saveReconciliation(reconciliation('one', 1))
  await store.reconciliations.saveReconciliation(reconciliation('failed', 2, { status: 'failed' }))

  const ages = []
  for await (const page of store.reconciliations.ages('stock')) ages.push(...page)
  expect(ages).toEqual([
    { kind: 'duplicate', key: '["a"]', firstSeen: FIRST - 5 * DAY },
    { kind: 'duplicate', key: '["b"]', firstSeen: FIRST + DAY },
  ])
})

test('breaks of old reconciliations are removed, but not those of signed ones; summaries stay', async () => {
  await save('signed', 0)
  await store.reconciliations.signOff({
    reconciliation: 'signed',
    workflow: 'stock',
    period: '2025-12',
    who: 'Ada',
    at: FIRST,
    comment: 'carried forward',
    contentHash: sample.contentHash,
  })
  for (let day = 1; day <= KEPT_BREAKS + 2; day++) await save(`run-${day}`, day)
  const left = (run: string): Promise<number> => store.reconciliations.countBreaks({ run })

  expect(await left('signed')).toBe(sampleBreaks.length)
  expect(await left('run-1')).toBe(0)
  expect(await left('run-2')).toBe(0)
  expect(await left('run-3')).toBe(sampleBreaks.length)
  expect(await store.reconciliations.reconciliation('run-1')).toBeDefined()
})

test('breaks of a reconciliation that was killed are removed a day later', async () => {
  const started = (day: number, id: string): RunRow => ({
    id,
    workflow: 'stock',
    kind: 'reconcile',
    status: 'running',
    started: FIRST + day * DAY,
    attempts: 1,
    definition: '',
  })
  await store.putRun(started(1, 'killed'))
  await store.putRun(started(4.5, 'at work'))
  await store.reconciliations.breakLog('killed').add(sampleBreaks)
  await store.reconciliations.breakLog('at work').add(sampleBreaks)
  await save('later', 5)
  expect(await store.reconciliations.countBreaks({ run: 'killed' })).toBe(0)
  expect(await store.reconciliations.countBreaks({ run: 'at work' })).toBe(sampleBreaks.length)
})

test('a decision on a break replaces the one before', async () => {
  const decision = {
    workflow: 'stock',
    key: '["a"]',
    kind: 'differs' as const,
    decision: 'ignore' as const,
    hash: '0123456789abcdef',
    reason: 'known',
    who: 'Ada',
    at: FIRST,
  }
  await store.reconciliations.decide([decision])
  await store.reconciliations.decide([{ ...decision, reason: 'still known', at: FIRST + DAY }])
  expect(await store.reconciliations.decisions('stock')).toEqual([
    { ...decision, reason: 'still known', at: FIRST + DAY },
  ])
  expect(await store.reconciliations.decisions('other')).toEqual([])
})

test('a page of decisions begins behind the last one seen, also when others are taken back meanwhile', async () => {
  const decision = (key: string) => ({
    workflow: 'stock',
    key,
    kind: 'differs' as const,
    decision: 'ignore' as const,
    hash: '0123456789abcdef',
    reason: 'known',
    who: 'Ada',
    at: FIRST,
  })
  await store.reconciliations.decide(['c', 'a', 'b'].map(decision))
  await store.reconciliations.decide([{ ...decision('x'), workflow: 'other' }])
  const [first, second] = await store.reconciliations.decisionPage('stock', { limit: 2 })
  expect([first?.key, second?.key]).toEqual(['c', 'a'])
  await store.reconciliations.withdraw('stock', ['c'])
  const rest = await store.reconciliations.decisionPage('stock', { limit: 2, after: second?.id ?? 0 })
  expect(rest.map(({ key }) => key)).toEqual(['b'])
})

test('100,000 breaks are listed, counted and filtered in under a second', async () => {
  const log = store.reconciliations.breakLog('big')
  for (let at = 0; at < 100_000; at += 1000)
    await log.add(Array.from({ length: 1000 }, (_, i) => breakOf(`["k${at + i}"]`, at + i)))

  const timed = async (work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now()
    await work()
    expect(performance.now() - started).toBeLessThan(1000)
  }
  const { reconciliations } = store
  await timed(() => reconciliations.breaks({ run: 'big' }, { limit: 100 }))
  await timed(() => reconciliations.breaks({ run: 'big', cause: 'cause-77', field: 'f3' }, { limit: 100 }))
  await timed(() => reconciliations.breaks({ run: 'big', dimensions: ['place 8', ''] }, { limit: 100 }))
  await timed(() => reconciliations.countBreaks({ run: 'big', dimensions: ['', 'x'], state: 'open' }))
  const key = '["k99999"]'
  await timed(async () => {
    for (let i = 0; i < 100; i++) await reconciliations.breaks({ run: 'big', key }, { limit: 1 })
  })
  let read = 0
  for await (const page of breaksOf(reconciliations, { run: 'big', kind: 'duplicate' })) read += page.length
  expect(read).toBe(100_000)
})

function breakOf(key: string, at = 0): Break {
  return {
    kind: 'duplicate',
    key,
    rule: 1,
    source: { key, quantity: at, name: `Thing number ${at}` },
    target: { key, quantity: at + 1, name: `Thing number ${at}` },
    records: { source: 1, target: 2 },
    fields: [{ field: `f${at % 5}`, source: at, target: at + 1, difference: '-1' }],
    dimensions: [`place ${at % 50}`, 'x'],
    effect: ['-1'],
    state: 'open',
    cause: `cause-${at % 100}`,
  }
}
