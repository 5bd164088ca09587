import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../../connectors'
import { signer } from '../../../shared/adapters/signer'
import { breakHash } from '../../../shared/core/reconciliation/decisions'
import { htmlReport } from '../../../shared/core/reconciliation/report/html'
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

test('a reconciliation can end in a sync of its breaks, also where the key is personal', async () => {
  const definition = DEFINITION.replace('id: { type: string }', 'id: { type: string, personal: true }')
  writeFileSync(join(folder.path, 'tieout.yaml'), definition)
  await store.close()
  await openAll()
  const { id } = await reconcile()
  const kept = await store.reconciliations.breaks({ run: id }, { limit: 10 })
  expect(kept.map(({ source }) => source?.['id'])).toEqual(['***', '***', '***'])
  const { receipt } = await workspace.remedies.syncBreaks('patients', id, { who: 'Ada', signal })
  expect(receipt.outcomes).toMatchObject({ created: { count: 1 }, updated: { count: 2 } })
  expect((await reconcile()).breaks.open).toBe(0)
})

test('what was masked is signed and verified like the rest', async () => {
  const { id } = await reconcile()
  const signed = await workspace.reports.signOff({ id, period: '2026-11', who: 'Ada', comment: 'known' })
  expect(signed.period).toBe('2026-11')
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
