import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { registry } from '../../../connectors'
import type { Store } from '../../../shared/core/store'
import type { Workspace } from '../../../shared/core/workspace'
import { folderWith } from '../../support/folder'
import { openWorkspace } from '../../support/workspace'

const SCHEMA = `{ type: object, properties: { sku: { type: string }, quantity: { type: integer }, counted_by: { type: string, personal: true } } }`

function definition(more = '', reconcile = 'dimensions: [{ field: sku, first: 1 }]'): string {
  return `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    schema: ${SCHEMA}
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    map: { quantity: qty }
    sync: { mode: mirror, guards: { deletes: off }${more} }
    reconcile: { ${reconcile}, measures: [quantity], exceptions: true }
`
}

describe('A workflow is reconciled', () => {
  let folder: ReturnType<typeof folderWith>
  let workspace: Workspace
  let store: Store
  const { signal } = new AbortController()

  async function open(more = '', reconcile?: string): Promise<void> {
    folder = folderWith({
      'tieout.yaml': definition(more, reconcile),
      'stock.csv': 'sku,qty,counted_by\nA1,5,Anna\nA2,7,Bert\nB1,1,Cleo\n',
    })
    const owner = { name: 'test', alive: () => undefined }
    const opened = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' })
    workspace = opened.workspace
    store = opened.store
  }

  function edit(change: (text: string) => string): void {
    const path = join(folder.path, 'stock.ndjson')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }

  afterEach(async () => {
    await store.close()
    folder.remove()
  })

  test('after a sync it ties out: the target is read as it was written', async () => {
    await open()
    await workspace.sync('stock', { signal })
    const result = await workspace.reconcile('stock', { signal })
    expect(result.fault).toBeUndefined()
    expect(result).toMatchObject({ status: 'ties-out', compared: { pairs: 3, agreed: 3 } })
    expect(await workspace.run(result.id)).toMatchObject({ kind: 'reconcile', status: 'succeeded' })
    expect(await store.reconciliations.reconciliation(result.id)).toEqual(result)
  })

  test('breaks become exceptions without personal data, and close when both sides agree again', async () => {
    await open()
    await workspace.sync('stock', { signal })
    edit((text) => text.replace('"quantity":7', '"quantity":8').replace('Bert', 'Berta'))
    const broken = await workspace.reconcile('stock', { signal })
    expect(broken).toMatchObject({ status: 'breaks', breaks: { open: 1 }, measures: [{ difference: '-1' }] })

    const [exception] = await store.inbox.exceptions({ workflow: 'stock' }, { limit: 10 })
    expect(exception).toMatchObject({
      state: 'open',
      subject: '["A2"]',
      last: {
        code: 'BREAK_DIFFERS',
        stage: 'reconcile',
        message: 'quantity is 7 in files and 8 in out; counted_by is "***" in files and "***" in out',
      },
    })
    expect(JSON.stringify(exception)).not.toContain('Bert')

    edit((text) => text.replace('"quantity":8', '"quantity":7').replace('Berta', 'Bert'))
    expect(await workspace.reconcile('stock', { signal })).toMatchObject({ status: 'ties-out' })
    expect(await store.inbox.exceptions({ workflow: 'stock' }, { limit: 10 })).toMatchObject([
      { state: 'resolved', resolution: { how: 'agrees' } },
    ])
    const events = await store.inbox.events({ type: 'reconciliation.ended', limit: 10 })
    expect(events.map(({ facts }) => [facts['status'], facts['open']])).toEqual([
      ['breaks', 1],
      ['ties-out', 0],
    ])
  })

  test('every kind of break has a code of its own', async () => {
    await open()
    await workspace.sync('stock', { signal })
    edit(
      (text) =>
        text
          .split('\n')
          .filter((line) => !line.includes('"A1"'))
          .join('\n') + '{"sku":"C9","quantity":3}\n{"sku":"B1","quantity":1}\n',
    )
    const { id } = await workspace.reconcile('stock', { signal })
    const raised = await store.inbox.exceptions({ workflow: 'stock' }, { limit: 10 })
    expect(raised.map(({ subject, last: { code, message } }) => [subject, code, message]).sort()).toEqual([
      ['["A1"]', 'BREAK_MISSING_IN_TARGET', expect.stringContaining('out') as unknown],
      ['["B1"]', 'BREAK_DUPLICATE', 'files has it once, out twice.'],
      ['["C9"]', 'BREAK_MISSING_IN_SOURCE', expect.stringContaining('files') as unknown],
    ])

    const one = await workspace.reports.find(id)
    await expect(workspace.reports.report(one, { where: { skuu: 'A' } })).rejects.toMatchObject({
      code: 'BREAK_FILTER_UNKNOWN',
      evidence: { dimension: 'skuu' },
    })
  })

  test('what another field than the key brought together is still worked on by its key', async () => {
    await open('', 'match: [counted_by], fields: [quantity]')
    await workspace.sync('stock', { signal })
    edit((text) => text.replace('"quantity":7', '"quantity":8').replace(/.*Cleo.*\n/, ''))
    const { id } = await workspace.reconcile('stock', { signal })
    const { breaks } = await workspace.reports.breaks(await workspace.reports.find(id), {}, { limit: 10 })
    expect(breaks.map(({ key, kind }) => [key, kind])).toEqual([
      ['["A2"]', 'differs'],
      ['["B1"]', 'missing-in-target'],
    ])
    const [missing, differs] = await workspace.inbox.list({ state: 'open' }, { limit: 10 })
    if (!missing || !differs) throw new Error('no exceptions')
    const { fields } = await workspace.remedies.compare(differs.id, { signal })
    expect(fields).toEqual([{ field: 'quantity', lastSynced: 7, sourceThen: 7, sourceNow: 7, targetNow: 8 }])
    const asked = { who: 'ada', reason: 'counted' }
    await workspace.remedies.decide(
      { ids: [differs.id] },
      { ...asked, decision: 'accept-target' },
      { signal },
    )
    const [retried] = await workspace.remedies.retry({ ids: [missing.id] }, { who: 'ada', signal })
    expect(retried).toMatchObject({ receipt: { outcomes: { created: { count: 1 } } } })
    expect((await workspace.reconcile('stock', { signal })).breaks).toMatchObject({ open: 0, accepted: 1 })
  })

  test('records that are marked as deleted count as not there', async () => {
    await open(', deletes: soft, softDelete: { quantity: -1 }')
    await workspace.sync('stock', { signal })
    edit((text) => text + '{"sku":"C1","quantity":-1,"counted_by":"Dora"}\n')
    const result = await workspace.reconcile('stock', { signal })
    expect(result).toMatchObject({ status: 'ties-out', target: { records: 3 } })
    expect(result.notes).toContain('1 record of the target is marked as deleted and counts as not there.')
  })

  test('a target whose settings tell only how to write is not guessed at', async () => {
    await open()
    const text = definition()
      .replace('{ connector: ndjson }', '{ connector: http, baseUrl: "http://127.0.0.1:9" }')
      .replace('stream: stock.ndjson }', 'stream: stock, path: "/stock/{sku}", method: PUT, batch: false }')
    writeFileSync(join(folder.path, 'tieout.yaml'), text)
    const owner = { name: 'test', alive: () => undefined }
    const opened = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' })
    await expect(opened.workspace.reconcile('stock', { signal })).rejects.toMatchObject({
      code: 'TARGET_NOT_READABLE',
      detail:
        'stock: out stock cannot be read as it is written: its settings tell only how to write. Say under reconcile.read how to read it.',
    })
    await opened.store.close()
  })

  test('a database without booleans holds 1 for true: after a sync it ties out', async () => {
    folder = folderWith({
      'tieout.yaml': `tieout: 1
connections: { files: { connector: csv }, db: { connector: sqlite, file: stock.db } }
workflows:
  stock:
    schema: { type: object, properties: { sku: { type: string }, active: { type: [boolean, 'null'] }, count: { type: integer } } }
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: db, stream: stock }
    reconcile: { dimensions: [active], measures: [count] }
`,
      'stock.csv': 'sku,active,count\nA1,true,1\nA2,false,0\nA3,,1\n',
    })
    const database = new DatabaseSync(join(folder.path, 'stock.db'))
    database.exec('CREATE TABLE stock (sku TEXT PRIMARY KEY, active INTEGER, count INTEGER)')
    database.close()
    const owner = { name: 'test', alive: () => undefined }
    ;({ workspace, store } = await openWorkspace({ folder: folder.path, registry, owner, state: ':memory:' }))
    await workspace.sync('stock', { signal })
    const { status, totals } = await workspace.reconcile('stock', { signal })
    expect([status, totals.map(({ differences }) => differences)]).toEqual([
      'ties-out',
      [['0'], ['0'], ['0']],
    ])
  })

  test('a side that cannot be read fails the reconciliation and says why', async () => {
    await open()
    const result = await workspace.reconcile('stock', { signal })
    expect(result).toMatchObject({ status: 'failed', fault: { code: 'FILE_NOT_FOUND' } })
    expect(await workspace.run(result.id)).toMatchObject({ status: 'failed' })
  })
})
