import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../../connectors'
import type { Decided, DecisionRequest } from '../../../shared/core/exceptions/decide/request'
import { expired as expiredNow } from '../../../shared/core/exceptions/lifecycle'
import type { Exception } from '../../../shared/core/exceptions/exception'
import type { Store } from '../../../shared/core/store'
import type { Workspace } from '../../../shared/core/workspace'
import { folderWith } from '../../support/folder'
import { counts } from '../../support/run-sync'
import { openWorkspace } from '../../support/workspace'

const definition = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    schema: { type: object, properties: { sku: { type: string }, quantity: { type: integer } } }
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    map: { quantity: qty }
    sync: { mode: mirror, guards: { deletes: off } }
    reconcile: { measures: [quantity], exceptions: true }
`
const { signal } = new AbortController()
type Asked<T> = T extends unknown ? Omit<T, 'who' | 'reason'> : never
const ada = { who: 'ada', reason: 'counted on Monday' }

let folder: ReturnType<typeof folderWith>
let workspace: Workspace
let store: Store

beforeEach(async () => {
  folder = folderWith({ 'tieout.yaml': definition, 'stock.csv': 'sku,qty\nA1,5\nA2,7\nB1,1\n' })
  const owner = { name: 'test', alive: () => undefined }
  ;({ workspace, store } = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' }))
  await workspace.sync('stock', { signal })
  edit((text) => text.replace('"quantity":7', '"quantity":8'))
})
afterEach(async () => {
  await store.close()
  folder.remove()
})

function target(): string {
  return readFileSync(join(folder.path, 'stock.ndjson'), 'utf8')
}

function edit(change: (text: string) => string): void {
  writeFileSync(join(folder.path, 'stock.ndjson'), change(target()))
}

/** The exception of the only break. */
async function broken(): Promise<Exception> {
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 1 } })
  const [one] = await store.inbox.exceptions({ state: 'open' }, { limit: 10 })
  if (!one) throw new Error('no exception')
  return one
}

async function decide(
  { id }: Pick<Exception, 'id'>,
  asked: Asked<DecisionRequest>,
): Promise<Decided | undefined> {
  const [decided] = await workspace.remedies.decide({ ids: [id] }, { ...ada, ...asked }, { signal })
  return decided
}

async function stateOf({ id }: Exception): Promise<string> {
  const one = await store.inbox.exception(id)
  return `${one?.state ?? ''} ${one?.resolution?.how ?? ''}`
}

test('the source is right: its record is written, and both sides agree', async () => {
  const one = await broken()
  const decided = await decide(one, { decision: 'accept-source' })
  expect(decided).toMatchObject({ exceptions: 1, standing: 0, problems: { count: 0 } })
  expect(decided?.retried && counts(decided.retried.receipt)).toEqual({ updated: 1 })
  expect(await stateOf(one)).toBe('resolved retried')
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ status: 'ties-out' })
})

test('the target is right: no sync touches it while the source stays the same', async () => {
  const one = await broken()
  await decide(one, { decision: 'accept-target' })
  expect(await stateOf(one)).toBe('resolved person')
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 0, accepted: 1 } })
  expect(await workspace.plan('stock', { signal })).toMatchObject({ outcomes: { skipped: 1 } })
  const left = await workspace.sync('stock', { signal, full: true })
  expect(left).toMatchObject({ status: 'succeeded', skippedBy: { accepted: 1 }, balanced: true })
  expect(target()).toContain('"quantity":8')

  writeFileSync(join(folder.path, 'stock.csv'), 'sku,qty\nA1,5\nA2,9\nB1,1\n')
  expect(counts(await workspace.sync('stock', { signal }))).toMatchObject({ updated: 1 })
  expect(target()).toContain('"quantity":9')
})

test('another value is right: it is written, and stays while the source does', async () => {
  const one = await broken()
  const decided = await decide(one, { decision: 'write', edits: { set: ['quantity=12'] } })
  expect(decided).toMatchObject({ standing: 1, retried: { receipt: { status: 'succeeded' } } })
  expect(target()).toContain('{"quantity":12,"sku":"A2"}')
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 0, accepted: 1 } })
  expect(await workspace.sync('stock', { signal, full: true })).toMatchObject({ skippedBy: { accepted: 1 } })
})

test('it does not matter: it is reported again only when a side changes', async () => {
  const one = await broken()
  await decide(one, { decision: 'ignore' })
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 0, accepted: 1 } })
  edit((text) => text.replace('"quantity":8', '"quantity":80'))
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 1, accepted: 0 } })
})

test('a record that only the target has may stay there', async () => {
  edit((text) => text.replace('"quantity":8', '"quantity":7') + '{"sku":"C9","quantity":3}\n')
  const one = await broken()
  await decide(one, { decision: 'accept-target' })
  await workspace.sync('stock', { signal, full: true })
  expect(target()).toContain('C9')
  const { standing } = { standing: await store.reconciliations.decisions('stock') }
  expect(standing).toMatchObject([
    { kind: 'missing-in-source', decision: 'accept-target', reason: ada.reason },
  ])
})

test('what only the target has cannot be written from the source', async () => {
  edit((text) => text.replace('"quantity":8', '"quantity":7') + '{"sku":"C9","quantity":3}\n')
  const one = await broken()
  expect(one.last).toMatchObject({ code: 'BREAK_MISSING_IN_SOURCE', key: '["C9"]' })
  const written = { decision: 'write', edits: { set: ['quantity=12'] } } as const
  await expect(decide(one, written)).rejects.toMatchObject({
    code: 'DECISION_NOT_POSSIBLE',
    detail: `Exception ${String(one.id)}: the source does not have the record.`,
    evidence: { exception: one.id },
  })
  expect(target()).toContain('{"sku":"C9","quantity":3}')
})

test('a record that is no longer kept can be neither shown nor corrected', async () => {
  const one = await broken()
  await store.inbox.changeException(one.id, (found) => [expiredNow(found, Date.now(), 'kept')])
  const expired = { code: 'EXCEPTION_EXPIRED', evidence: { exception: one.id } }
  await expect(workspace.remedies.compare(one.id, { signal })).rejects.toMatchObject(expired)
  const edits = { set: ['quantity=12'] }
  const fixing = workspace.remedies.fix(one.id, edits, { group: false, who: 'ada', signal })
  await expect(fixing).rejects.toMatchObject(expired)
})

test('only the breaks of a reconciliation are synced', async () => {
  edit((text) => text.replace('{"quantity":1,"sku":"B1"}\n', '') + '{"sku":"C9","quantity":3}\n')
  const { id } = await workspace.reconcile('stock', { signal })
  const { receipt, chosen } = await workspace.remedies.syncBreaks('stock', id, { who: 'ada', signal })
  expect({ chosen, counts: counts(receipt) }).toEqual({ chosen: 2, counts: { created: 1, updated: 1 } })
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 1 } })
})

test('a break is shown at four points', async () => {
  const one = await broken()
  const view = await workspace.remedies.compare(one.id, { signal })
  expect(view).toMatchObject({
    moved: false,
    fields: [{ field: 'quantity', sourceThen: 7, sourceNow: 7, targetNow: 8 }],
  })
})

test('a target that has only texts is shown in the types of the schema: only what differs is a difference', async () => {
  writeFileSync(
    join(folder.path, 'tieout.yaml'),
    definition.replace('{ connector: ndjson }', '{ connector: csv }').replace('ndjson', 'copy.csv'),
  )
  writeFileSync(join(folder.path, 'stock.copy.csv'), 'sku,quantity,note\nA1,5,x\nA2,7,y\nB1,2,\n')
  await store.close()
  const owner = { name: 'test', alive: () => undefined }
  ;({ workspace, store } = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' }))
  const { fields } = await workspace.remedies.compare((await broken()).id, { signal })
  expect(fields.filter(({ field }) => field !== 'note')).toEqual([
    { field: 'quantity', sourceThen: 1, sourceNow: 1, targetNow: 2 },
  ])
})

test('decisions are told in the feed', async () => {
  const one = await broken()
  await decide(one, { decision: 'accept-target' })
  const events = await store.inbox.events({ exception: one.id, limit: 10 })
  expect(events.map(({ type, who }) => [type, who])).toContainEqual(['break.decided', 'ada'])
})

test('who takes the source after all, takes back what stood', async () => {
  const one = await broken()
  await decide(one, { decision: 'accept-target' })
  await decide(one, { decision: 'accept-source' })
  expect(await store.reconciliations.decisions('stock')).toEqual([])
  expect(target()).toContain('"quantity":7')
})

test('what the target may keep is not refused each night for what the source has', async () => {
  writeFileSync(join(folder.path, 'stock.csv'), 'sku,qty\nA1,5\nA2,many\nB1,1\n')
  expect(counts(await workspace.sync('stock', { signal }))).toMatchObject({ rejected: 1 })
  const [one] = await store.inbox.exceptions({ state: 'open' }, { limit: 1 })
  if (!one) throw new Error('no exception')
  await decide(one, { decision: 'accept-target' })
  expect(await workspace.plan('stock', { signal })).toMatchObject({
    rejectedBy: {},
    outcomes: { skipped: 1 },
  })
  expect(await workspace.sync('stock', { signal })).toMatchObject({
    status: 'succeeded',
    skippedBy: { accepted: 1 },
  })
  expect(await stateOf(one)).toBe('resolved person')
  expect(target()).toContain('"quantity":8')

  writeFileSync(join(folder.path, 'stock.csv'), 'sku,qty\nA1,5\nA2,few\nB1,1\n')
  expect(counts(await workspace.sync('stock', { signal }))).toMatchObject({ rejected: 1 })
})

describe('on many at once', () => {
  const group = { filter: { workflow: 'stock', state: 'open' } } as const

  /** Every record of the target is another than the source's, and one is the target's alone. */
  beforeEach(async () => {
    edit((text) => text.replaceAll(/"quantity":\d+/g, '"quantity":80') + '{"sku":"C9","quantity":3}\n')
    await workspace.reconcile('stock', { signal })
  })

  const open = async (): Promise<number> => store.inbox.countExceptions({ state: 'open' })
  const many = (asked: Asked<DecisionRequest>, id?: string): Promise<Decided[]> =>
    workspace.remedies.decide(group, { ...ada, ...asked }, { signal, ...(id === undefined ? {} : { id }) })

  test('the source is right: all is written by one run; what only the target has is named', async () => {
    const [decided] = await many({ decision: 'accept-source' })
    expect(decided).toMatchObject({
      exceptions: 4,
      standing: 0,
      retried: { receipt: { outcomes: { updated: { count: 3 } } } },
      problems: { count: 1, first: [{ reason: 'the source does not have the record' }] },
    })
    expect(await open()).toBe(1)
  })

  test('the target is right: a rule for each', async () => {
    expect(await many({ decision: 'accept-target' })).toMatchObject([
      { exceptions: 4, standing: 4, problems: { count: 0 } },
    ])
    expect(await open()).toBe(0)
    expect(await workspace.sync('stock', { signal, full: true })).toMatchObject({
      skippedBy: { accepted: 3 },
    })
    expect(target()).toContain('C9')
  })

  test('one value for all: written by one run, and kept', async () => {
    const [decided] = await many({ decision: 'write', edits: { set: ['quantity=12'] } })
    expect(decided).toMatchObject({ exceptions: 4, standing: 3, problems: { count: 1 } })
    expect(target().match(/"quantity":12/g)).toHaveLength(3)
    expect(await workspace.sync('stock', { signal, full: true })).toMatchObject({
      skippedBy: { accepted: 3 },
    })
  })

  test('one value for all, also where the source has it already, in the names of either side', async () => {
    const [decided] = await many({ decision: 'write', edits: { set: ['qty=5', 'quantity=5'] } })
    expect(decided).toMatchObject({ standing: 3, problems: { count: 1 } })
    expect(target().match(/"quantity":5/g)).toHaveLength(3)
  })

  test.each(['accept-source', 'accept-target', 'ignore'] as const)(
    'a preview of %s counts what it would do, and does nothing',
    async (decision) => {
      const before = target()
      const [preview] = await workspace.remedies.previewDecision(group, { ...ada, decision }, signal)
      const source = decision === 'accept-source'
      expect(preview).toMatchObject({
        exceptions: 4,
        writes: source ? 3 : 0,
        standing: source ? 0 : 4,
        problems: { count: source ? 1 : 0 },
      })
      expect(preview?.first).toContainEqual(
        expect.objectContaining({
          fields: [{ field: 'quantity', source: 5, target: 80, ...(source ? { written: 5 } : {}) }],
        }),
      )
      expect({ open: await open(), target: target() }).toEqual({ open: 4, target: before })
      expect(await store.reconciliations.decisions('stock')).toEqual([])
    },
  )

  test('a preview of a value that the schema refuses says so', async () => {
    const edits = { set: ['quantity:="many"'] }
    const asked = { ...ada, decision: 'write', edits } as const
    expect(await workspace.remedies.previewDecision(group, asked, signal)).toMatchObject([
      { writes: 0, fails: { VALIDATION_FAILED: { records: 3 } } },
    ])
  })

  test('asked for again as the same, it writes nothing twice and decides nothing twice', async () => {
    const asked = { decision: 'write', edits: { set: ['quantity=12'] } } as const
    const [first] = await many(asked, 'd1')
    const events = (await store.inbox.events({ limit: 1000 })).length
    const [again] = await many(asked, 'd1')
    expect(again).toMatchObject({ standing: 3, retried: { receipt: first?.retried?.receipt } })
    expect((await store.inbox.events({ limit: 1000 })).length).toBe(events)
  })

  test('what was settled before and could not be written now gets no rule', async () => {
    await many({ decision: 'accept-target' })
    await store.reconciliations.withdraw('stock', ['["A1"]', '["A2"]', '["B1"]', '["C9"]'])
    const ids = (await store.inbox.exceptions({ state: 'resolved' }, { limit: 10 })).map(({ id }) => id)
    const asked = { ...ada, decision: 'write', edits: { set: ['quantity=12'] } } as const
    const [decided] = await workspace.remedies.decide({ ids }, asked, { signal })
    expect(decided).toMatchObject({ exceptions: 4, standing: 3, problems: { count: 1 } })
    const standing = await store.reconciliations.decisions('stock')
    expect(standing.map(({ key }) => key)).toEqual(['["A1"]', '["A2"]', '["B1"]'])
  })

  test('stopped after it was sent, it keeps the rules when it goes on', async () => {
    const asked = { decision: 'write', edits: { set: ['quantity=12'] } } as const
    const keep = store.reconciliations.decide.bind(store.reconciliations)
    // a fault that cannot be made otherwise: killed between the run and its rules
    store.reconciliations.decide = () => Promise.reject(new Error('killed'))
    await expect(many(asked, 'd1')).rejects.toThrow('killed')
    expect(await open()).toBe(1)
    store.reconciliations.decide = keep
    expect(await many(asked, 'd1')).toMatchObject([{ standing: 3 }])
    expect(await store.reconciliations.decisions('stock')).toHaveLength(3)
  })

  test('a fix that was waiting does not get in the way of taking the source', async () => {
    const [one] = await store.inbox.exceptions({ state: 'open', text: 'A1' }, { limit: 1 })
    if (!one) throw new Error('no exception')
    await workspace.remedies.fix(one.id, { set: ['qty=99'] }, { group: false, who: 'kim', signal })
    await many({ decision: 'accept-source' })
    expect(target()).toContain('"quantity":5')
  })

  test('what lacks something is refused before anything is read', async () => {
    const without = workspace.remedies.decide(
      group,
      { who: 'ada', reason: ' ', decision: 'ignore' },
      { signal },
    )
    await expect(without).rejects.toMatchObject({ code: 'EXCEPTION_CHANGE_INVALID' })
    const past = many({ decision: 'ignore', until: 1 })
    await expect(past).rejects.toMatchObject({ code: 'EXCEPTION_CHANGE_INVALID' })
    const none = workspace.remedies.decide(
      { filter: { workflow: 'stock', state: 'open', code: 'NONE' } },
      { ...ada, decision: 'ignore' },
      { signal },
    )
    await expect(none).rejects.toMatchObject({ code: 'DECISION_NOT_POSSIBLE' })
  })
})
