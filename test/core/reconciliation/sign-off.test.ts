import { signer } from '../../../shared/adapters/signer'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import type { Break } from '../../../shared/core/reconciliation/break'
import { contentHash } from '../../../shared/core/reconciliation/content-hash'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import { breaksOf, signOff, verifyContent } from '../../../shared/core/reconciliation/sign-off'
import type { Signature } from '../../../shared/core/reconciliation/store'
import type { Store } from '../../../shared/core/store'
import { Decimal } from '../../../shared/core/record/decimal'
import { breaks as sampleBreaks, reconciliation as sample } from './report/sample'

const NOW = Date.parse('2026-12-01T09:00:00Z')
const ID = sample.id

let store: Store
beforeEach(() => {
  store = openSqliteStore(':memory:')
})
afterEach(() => store.close())

async function reconciled(
  changes: Partial<Reconciliation> = {},
  breaks: readonly Break[] = sampleBreaks,
): Promise<Reconciliation> {
  const content = { ...sample, ...changes }
  const log = store.reconciliations.breakLog(content.id)
  await log.add(breaks)
  const reconciliation = { ...content, contentHash: await contentHash(content, log.read(), signer) }
  await store.reconciliations.saveReconciliation(reconciliation)
  return reconciliation
}

function sign(more: { id?: string; period?: string; comment?: string } = {}): Promise<Signature> {
  const request = { id: ID, period: '2026-11', who: 'Ada', comment: 'known, sent to the warehouse', ...more }
  return signOff(request, { reconciliations: store.reconciliations, signer, clock: { now: () => NOW } })
}

test('a signature says who closed which period with which content', async () => {
  const { contentHash } = await reconciled()
  expect(await sign()).toEqual({
    reconciliation: ID,
    workflow: 'stock',
    period: '2026-11',
    who: 'Ada',
    at: NOW,
    comment: 'known, sent to the warehouse',
    contentHash,
  })
  expect(await store.reconciliations.signatures('stock')).toHaveLength(1)
})

test('a period is closed once, also by another reconciliation', async () => {
  await reconciled()
  await reconciled({ id: 'later' })
  await sign()
  await expect(sign({ id: 'later' })).rejects.toMatchObject({ code: 'PERIOD_CLOSED' })
  await expect(sign({ period: '2026-12' })).resolves.toMatchObject({ period: '2026-12' })
})

test('open breaks need a comment; without them none is needed', async () => {
  await reconciled()
  await expect(sign({ comment: '  ' })).rejects.toMatchObject({ code: 'SIGN_OFF_NEEDS_COMMENT' })
  await reconciled({ id: 'clean', breaks: { ...sample.breaks, open: 0 } }, [])
  await expect(sign({ id: 'clean', comment: '' })).resolves.toMatchObject({ comment: '' })
})

test.each(['2026-13', '2026', 'November', '2026-11-30'])('%s is no period', async (period) => {
  await reconciled()
  await expect(sign({ period })).rejects.toMatchObject({ code: 'PERIOD_INVALID' })
})

test('what is not there, or failed, cannot be signed', async () => {
  await expect(sign({ id: 'nothing' })).rejects.toMatchObject({ code: 'RECONCILIATION_UNKNOWN' })
  await reconciled({ status: 'failed' })
  await expect(sign()).rejects.toMatchObject({ code: 'SIGN_OFF_NOT_POSSIBLE' })
})

describe('tampering is noticed', () => {
  const changes: [string, () => Promise<void>][] = [
    ['a figure of the summary', async () => save({ oldest: '2026-11-30T00:00:00.000Z' })],
    ['the hash itself', async () => save({ contentHash: '0'.repeat(64) })],
    ['a removed break', async () => rewrite((breaks) => breaks.slice(1))],
    ['an added break', async () => rewrite((breaks) => [...breaks, ...breaks.slice(0, 1)])],
    ['a value of a record', async () => rewrite((breaks) => changed(breaks, { source: { quantity: 13 } }))],
    ['null in place of nothing', async () => rewrite((breaks) => changed(breaks, { source: { sku: null } }))],
    ['a state', async () => rewrite((breaks) => changed(breaks, { state: 'accepted' }))],
    ['a cause', async () => rewrite((breaks) => changed(breaks, { cause: 'rounding' }))],
    ['an age', async () => rewrite((breaks) => changed(breaks, { firstSeen: 1 }))],
  ]

  async function save(more: Partial<Reconciliation>): Promise<void> {
    const saved = await store.reconciliations.reconciliation(ID)
    if (saved) await store.reconciliations.saveReconciliation({ ...saved, ...more })
  }

  async function rewrite(change: (breaks: readonly Break[]) => readonly Break[]): Promise<void> {
    await store.reconciliations.breakLog(ID).add(change(sampleBreaks))
  }

  function changed(breaks: readonly Break[], more: Partial<Break>): Break[] {
    return breaks.map((one, at) => (at === 0 ? { ...one, ...more } : one))
  }

  test.each(changes)('%s', async (_, tamper) => {
    const reconciliation = await reconciled()
    const parts = { reconciliations: store.reconciliations, signer }
    await expect(verifyContent(reconciliation, parts)).resolves.toBeUndefined()
    await tamper()
    await expect(sign()).rejects.toMatchObject({ code: 'REPORT_CHANGED' })
  })

  test('after the signature, too, even where the stored hash was made to fit', async () => {
    await reconciled()
    await sign()
    const forged = await reconciled({ title: 'Other' })
    const parts = { reconciliations: store.reconciliations, signer }
    await expect(verifyContent(forged, parts)).rejects.toMatchObject({ code: 'REPORT_CHANGED' })
  })
})

test('the hash is for the content: not for ids, the order of fields, or how a number is written', async () => {
  const hashOf = async (break_: Break, id: number): Promise<string> => {
    const page = async function* (): AsyncGenerator<readonly Break[]> {
      yield await Promise.resolve([{ ...break_, id }])
    }
    return contentHash(sample, page(), signer)
  }
  const [first] = sampleBreaks
  if (!first) throw new Error('no sample')
  const one = { ...first, source: { sku: 'A', amount: Decimal.ofDigits('1.50') } }
  const two = { ...first, source: { amount: 1.5, sku: 'A' } }
  expect(await hashOf(one, 1)).toBe(await hashOf(two, 2))
  expect(await hashOf(one, 1)).not.toBe(await hashOf({ ...one, source: { sku: 'A' } }, 1))
})

test('it does not depend on the pages that a store gives', async () => {
  await reconciled()
  const whole = await contentHash(sample, breaksOf(store.reconciliations, { run: ID }), signer)
  const sorted: Break[] = []
  for await (const page of breaksOf(store.reconciliations, { run: ID })) sorted.push(...page)
  const single = async function* (): AsyncGenerator<readonly Break[]> {
    for (const one of sorted) yield await Promise.resolve([one])
  }
  expect(await contentHash(sample, single(), signer)).toBe(whole)
})
