import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../../connectors'
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
const ada = { who: 'ada', reason: 'counted on Monday', signal }

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

async function stateOf({ id }: Exception): Promise<string> {
  const one = await store.inbox.exception(id)
  return `${one?.state ?? ''} ${one?.resolution?.how ?? ''}`
}

test('the source is right: its record is written, and both sides agree', async () => {
  const one = await broken()
  const { retried, standing } = await workspace.remedies.decide(one.id, { ...ada, decision: 'accept-source' })
  expect(standing).toBeUndefined()
  expect(retried && counts(retried.receipt)).toEqual({ updated: 1 })
  expect(await stateOf(one)).toBe('resolved retried')
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ status: 'ties-out' })
})

test('the target is right: no sync touches it while the source stays the same', async () => {
  const one = await broken()
  await workspace.remedies.decide(one.id, { ...ada, decision: 'accept-target' })
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
  const decided = await workspace.remedies.decide(one.id, {
    ...ada,
    decision: 'write',
    edits: { set: ['quantity=12'] },
  })
  expect(decided.retried?.receipt.status).toBe('succeeded')
  expect(target()).toContain('{"quantity":12,"sku":"A2"}')
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 0, accepted: 1 } })
  expect(await workspace.sync('stock', { signal, full: true })).toMatchObject({ skippedBy: { accepted: 1 } })
})

test('it does not matter: it is reported again only when a side changes', async () => {
  const one = await broken()
  await workspace.remedies.decide(one.id, { ...ada, decision: 'ignore' })
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 0, accepted: 1 } })
  edit((text) => text.replace('"quantity":8', '"quantity":80'))
  expect(await workspace.reconcile('stock', { signal })).toMatchObject({ breaks: { open: 1, accepted: 0 } })
})

test('a record that only the target has may stay there', async () => {
  edit((text) => text.replace('"quantity":8', '"quantity":7') + '{"sku":"C9","quantity":3}\n')
  const one = await broken()
  await workspace.remedies.decide(one.id, { ...ada, decision: 'accept-target' })
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
  const written = { ...ada, decision: 'write', edits: { set: ['quantity=12'] } } as const
  await expect(workspace.remedies.decide(one.id, written)).rejects.toMatchObject({
    code: 'DECISION_NOT_POSSIBLE',
    detail: `Exception ${String(one.id)}: the source does not have the record.`,
    evidence: { exception: one.id },
  })
  expect(target()).toContain('{"sku":"C9","quantity":3}')
})

test('a record that is no longer kept can be neither shown nor corrected', async () => {
  const one = await broken()
  await store.inbox.saveExceptions([
    {
      exception: { ...one, state: 'expired' },
      event: {
        at: Date.now(),
        type: 'exception.expired',
        workflow: 'stock',
        exception: one.id,
        who: '',
        facts: {},
      },
    },
  ])
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

test('decisions are told in the feed', async () => {
  const one = await broken()
  await workspace.remedies.decide(one.id, { ...ada, decision: 'accept-target' })
  const events = await store.inbox.events({ exception: one.id, limit: 10 })
  expect(events.map(({ type, who }) => [type, who])).toContainEqual(['break.decided', 'ada'])
})
