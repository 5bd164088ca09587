import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../../connectors'
import { signer } from '../../../shared/adapters/signer'
import { contentHash } from '../../../shared/core/reconciliation/content-hash'
import { breakHash } from '../../../shared/core/reconciliation/decisions'
import { csvReport } from '../../../shared/core/reconciliation/report/csv'
import { htmlReport } from '../../../shared/core/reconciliation/report/html'
import { jsonReport } from '../../../shared/core/reconciliation/report/json'
import type { Reconciliation } from '../../../shared/core/reconciliation/reconciliation'
import type { Store } from '../../../shared/core/store'
import type { Workspace } from '../../../shared/core/workspace'
import { folderWith } from '../../support/folder'
import { openWorkspace } from '../../support/workspace'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
workflows:
  patients:
    schema:
      type: object
      properties:
        id: { type: string }
        name: { type: string, personal: true }
        weight: { type: number, personal: true }
        ward: { type: string }
    key: id
    source: { connection: files, stream: ours.csv }
    target: { connection: files, stream: theirs.csv }
`
const { signal } = new AbortController()

let folder: ReturnType<typeof folderWith>
let workspace: Workspace
let store: Store

beforeEach(async () => {
  folder = folderWith({
    'tieout.yaml': DEFINITION,
    'ours.csv': 'id,name,weight,ward\np1,Grace Hopper ,61.5,A\np2,Ada Lovelace,58,B\np3,Mary Jackson,70,A\n',
    'theirs.csv': 'id,name,weight,ward\np1,Grace Hopper,61.5,A\np2,Ada Lovelace,85,C\n',
  })
  await openAll()
})
afterEach(async () => {
  await store.close()
  folder.remove()
})

async function openAll(): Promise<void> {
  const owner = { name: 'test', alive: () => undefined }
  ;({ workspace, store } = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' }))
}

const reconcile = (): Promise<Reconciliation> => workspace.reconcile('patients', { signal })

test('personal fields are masked in all that is kept and shown; what differs and why is known all the same', async () => {
  const found = await reconcile()
  const kept = await store.reconciliations.breaks({ run: found.id }, { limit: 10 })
  expect(kept.map(({ key, fields }) => [key, fields])).toEqual([
    ['["p1"]', [{ field: 'name', source: '******', target: '******' }]],
    [
      '["p2"]',
      [
        { field: 'weight', source: '###', target: '###' },
        { field: 'ward', source: 'B', target: 'C' },
      ],
    ],
    ['["p3"]', []],
  ])
  expect(kept[2]?.source).toEqual({ id: 'p3', name: '******', weight: '###', ward: 'A' })
  expect(found.causes.map(({ id }) => id)).toContain('space-and-case:name:spaces')

  const page = await htmlReport(await workspace.reports.report(found), signer)
  expect(page).not.toMatch(/Hopper|Lovelace|Jackson|61\.5/)
})

async function redefine(change: (definition: string) => string): Promise<void> {
  writeFileSync(join(folder.path, 'tieout.yaml'), change(DEFINITION))
  const before = store
  await openAll()
  await before.close()
}

test('a reconciliation can end in a sync of its breaks, also where the key is personal', async () => {
  await redefine((definition) =>
    definition.replace('id: { type: string }', 'id: { type: string, personal: true }'),
  )
  const { id } = await reconcile()
  const kept = await store.reconciliations.breaks({ run: id }, { limit: 10 })
  expect(kept.map(({ source }) => source?.['id'])).toEqual(['***', '***', '***'])
  const { receipt } = await workspace.remedies.syncBreaks('patients', id, { who: 'Ada', signal })
  expect(receipt.outcomes).toMatchObject({ created: { count: 1 }, updated: { count: 2 } })
  expect((await reconcile()).breaks.open).toBe(0)
})

test('a personal key is nowhere to be read: not in a report of any form, not in the answer of the command', async () => {
  await redefine((definition) =>
    definition.replace('id: { type: string }', 'id: { type: string, personal: true }'),
  )
  const found = await reconcile()
  const report = await workspace.reports.report(found)
  const { breaks } = await workspace.reports.breaks(found, {}, { limit: 10 })
  expect(breaks.map(({ key }) => key)).toEqual(['["***"]', '["***"]', '["***"]'])
  const shown = [JSON.stringify(found), JSON.stringify(breaks), await htmlReport(report, signer)]
  for await (const part of jsonReport(report)) shown.push(part)
  for (const file of Object.values(await csvReport(report)))
    for await (const bytes of file) shown.push(Buffer.from(bytes).toString('utf8'))
  expect(shown.join()).not.toMatch(/\bp[123]\b/)
  // without hashes of what could be guessed
  expect(shown.join()).not.toMatch(/keyHash|"hash"/)
})

test('a personal measure is added up, but neither a break nor an extreme tells that of one record', async () => {
  await redefine((definition) =>
    definition.replace('theirs.csv }', 'theirs.csv }\n    reconcile: { measures: [weight] }'),
  )
  const found = await reconcile()
  expect(found.measures.map(({ difference, source }) => [difference, source])).toEqual([
    ['43', { count: 3, sum: '189.5' }],
  ])
  const { breaks } = await workspace.reports.breaks(found, {}, { limit: 10 })
  expect(breaks.map(({ effect }) => effect)).toEqual([[''], [''], ['']])
  const report = await workspace.reports.report(found)
  expect(await htmlReport(report, signer)).not.toMatch(/NaN|61\.5/)
})

test('what breaks held before they were masked is not in the file any more', async () => {
  await store.close()
  const path = join(folder.path, 'state.sqlite')
  const long = 'Hopper '.repeat(3000)
  writeFileSync(join(folder.path, 'ours.csv'), `id,name,weight,ward\np1,${long},61.5,A\np2,Lovelace,58,B\n`)
  const owner = { name: 'test', alive: () => undefined }
  ;({ workspace, store } = await openWorkspace({ folder: folder.path, registry, owner, state: path }))
  expect((await reconcile()).breaks.open).toBe(2)
  await store.close()
  const kept = readFileSync(path)
  expect(['Hopper', 'Lovelace'].filter((name) => kept.includes(name))).toEqual([])
  await openAll()
})

test('totals are not grouped by a personal field, nor by a part of one', async () => {
  const grouped = (by: string) => (definition: string) =>
    definition.replace('theirs.csv }', `theirs.csv }\n    reconcile: { dimensions: [${by}] }`)
  // of what is no date the whole value would be the month
  for (const by of ['name', '{ field: name, first: 3 }', '{ field: name, by: month }'])
    await expect(redefine(grouped(by))).rejects.toThrow(/groups by name, which is personal/)
})

test('a preview of a decision names the personal fields that differ, although their masks are the same', async () => {
  const { id } = await workspace.reconcile('patients', { signal, exceptions: true })
  expect(id).toBeDefined()
  const [one] = await workspace.inbox.list({ text: 'p1' }, { limit: 1 })
  if (!one) throw new Error('no exception')
  const asked = { who: 'Ada', reason: 'counted', decision: 'accept-target' as const }
  const [preview] = await workspace.remedies.previewDecision({ ids: [one.id] }, asked, signal)
  expect(preview?.first[0]?.fields).toEqual([{ field: 'name', source: '******', target: '******' }])
})

test('an exception of a break masks what it was matched by, where the record has no other key', async () => {
  writeFileSync(join(folder.path, 'theirs.csv'), 'name,weight,ward\nGrace Hopper,61.5,A\n')
  await redefine((definition) =>
    definition.replace('theirs.csv }', 'theirs.csv }\n    reconcile: { match: [name], exceptions: true }'),
  )
  await reconcile()
  const exceptions = await workspace.inbox.list({}, { limit: 10 })
  expect(exceptions.map(({ subject }) => subject).sort()).toEqual([
    '["******"]',
    '["p1"]',
    '["p2"]',
    '["p3"]',
  ])
})

test('what was masked is signed and verified like the rest, also the key that people see', async () => {
  await redefine((definition) =>
    definition.replace('id: { type: string }', 'id: { type: string, personal: true }'),
  )
  const found = await reconcile()
  const { id } = found
  const signed = await workspace.reports.signOff({ id, period: '2026-11', who: 'Ada', comment: 'known' })
  expect(signed.period).toBe('2026-11')
  const log = store.reconciliations.breakLog('another')
  const [first] = await store.reconciliations.breaks({ run: id }, { limit: 1 })
  if (!first) throw new Error('no break')
  await log.add([first])
  const hash = await contentHash(found, log.read(), signer)
  const [kept] = await store.reconciliations.breaks({ run: 'another' }, { limit: 1 })
  if (kept) await log.update([{ ...kept, maskedKey: '["somebody else"]' }])
  expect(await contentHash(found, log.read(), signer)).not.toBe(hash)
})

test('a decision holds while both sides are just the same, also in a field that nobody sees', async () => {
  const { id } = await reconcile()
  const [first] = await store.reconciliations.breaks({ run: id }, { limit: 1 })
  if (!first) throw new Error('no break')
  await store.reconciliations.decide([
    {
      workflow: 'patients',
      key: first.key,
      kind: first.kind,
      decision: 'ignore',
      hash: breakHash(first),
      reason: 'a space',
      who: 'Ada',
      at: 0,
    },
  ])
  expect((await reconcile()).breaks).toMatchObject({ open: 2, accepted: 1 })

  const theirs = join(folder.path, 'theirs.csv')
  writeFileSync(theirs, readFileSync(theirs, 'utf8').replace('Grace Hopper', 'Grace Hoppes'))
  expect((await reconcile()).breaks).toMatchObject({ open: 3, accepted: 0 })
})
