import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { output } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { commandLine } from '../../support/command-line'
import { inARow, type NodeLike } from './nodes'
import {
  begin,
  endsOf,
  keysOf,
  OPENED,
  started,
  startPolledGateway,
  trigger,
  type PolledGateway,
} from './polled'
import type { N8n } from './server'

/** Polled by n8n itself: each event starts its workflow once. */
export function triggersSuite(n8n: N8n): void {
  let gateway: PolledGateway
  beforeEach(async () => {
    gateway = await startPolledGateway()
  })
  afterEach(() => gateway.close())

  test('from now on, though nothing has happened yet, each event once and only those asked for', async () => {
    const credentials = await gateway.signIn(n8n())
    const beginHere = (id: string, node: NodeLike): Promise<string> => begin(n8n(), id, node, credentials)
    const opened = await beginHere('opened', OPENED)
    const all = await beginHere('ended', trigger('RunTrigger', { statuses: [] }))
    const good = await beginHere(
      'good',
      trigger('RunTrigger', { statuses: ['succeeded'], workflow: 'other' }),
    )
    await gateway.upload('stock', ['A1,-1', 'A2,2'])
    await started(n8n(), opened, 1)
    await gateway.upload('stock', ['A3,-3'])
    await gateway.upload('other', ['A4,4'])
    expect(keysOf(await started(n8n(), opened, 2))).toEqual(['["A1"]', '["A3"]'])
    expect(endsOf(await started(n8n(), good, 1))).toEqual([['other', 'succeeded']])
    const three = [
      ['stock', 'exceptions'],
      ['stock', 'exceptions'],
      ['other', 'succeeded'],
    ]
    expect(endsOf(await started(n8n(), all, 3))).toEqual(three)
    await sleep(3500)
    expect(endsOf(await started(n8n(), all, 3))).toEqual(three)
    for (const id of [opened, all, good]) await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('runs of the command line on the same state, and a reconciliation once, with its result', async () => {
    const id = await begin(
      n8n(),
      'shared',
      trigger('RunTrigger', { statuses: [] }),
      await gateway.signIn(n8n()),
    )
    const tieout = commandLine(gateway.folder)
    writeFileSync(join(gateway.folder, 'stock.csv'), 'sku,quantity\nA1,1\n')
    await tieout('sync', 'stock')
    await tieout('reconcile', 'stock')
    await gateway.upload('other', ['A2,2'])
    expect(endsOf(await started(n8n(), id, 3))).toEqual([
      ['stock', 'succeeded'],
      ['stock', 'ties-out'],
      ['other', 'succeeded'],
    ])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('a credential that may not see most of the feed starts at its end all the same', async () => {
    await gateway.upload(
      'stock',
      Array.from({ length: 1100 }, (_, i) => `S${i},-1`),
    )
    await gateway.upload('other', ['OLD,-1'])
    const credentials = await gateway.signIn(n8n(), gateway.key({ client: 'few', workflows: ['other'] }))
    const id = await begin(n8n(), 'few', OPENED, credentials)
    await gateway.upload('other', ['NEW,-1'])
    expect(keysOf(await started(n8n(), id, 1))).toEqual(['["NEW"]'])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('unpublished and renamed meanwhile: what happened until it is published again is not left out', async () => {
    const credentials = await gateway.signIn(n8n())
    const id = await begin(n8n(), 'renamed', OPENED, credentials)
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
    await gateway.upload('stock', ['A1,-1'])
    const { nodes } = inARow('renamed', credentials, { ...OPENED, name: 'Renamed' })
    await n8n().api('PATCH', `/rest/workflows/${id}`, { nodes, connections: {} })
    await n8n().republish(id)
    expect(keysOf(await started(n8n(), id, 1, 'Renamed'))).toEqual(['["A1"]'])
    await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
  }, 60_000)

  test('tried out by hand it gives the newest events', async () => {
    await gateway.upload(
      'stock',
      ['A1', 'A2', 'A3', 'A4', 'A5'].map((sku) => `${sku},-1`),
    )
    const made = await n8n().api(
      'POST',
      '/rest/workflows',
      inARow('by-hand', await gateway.signIn(n8n()), OPENED),
    )
    const id = String(member(made, 'id'))
    const body = { workflowData: made, triggerToStartFrom: { name: 'Trigger' } }
    await n8n().api('POST', `/rest/workflows/${id}/run`, body)
    expect(keysOf(output(await n8n().ended(id), 'Trigger'))).toEqual(['["A3"]', '["A4"]', '["A5"]'])
  })

  test('a gateway whose state was replaced: how the trigger is begun anew', async () => {
    await gateway.upload('stock', ['A1,1'])
    const credentials = await gateway.signIn(n8n())
    const id = await begin(n8n(), 'replaced', OPENED, credentials)
    const other = await startPolledGateway()
    try {
      const { id: credential, name } = credentials['tieoutGatewayApi'] ?? {}
      const data = { url: other.url, method: 'header', apiKey: other.key() }
      const changed = { name, type: 'tieoutGatewayApi', data }
      await n8n().api('PATCH', `/rest/credentials/${String(credential)}`, changed)
      const { error } = (await n8n().ended(id)).data.resultData
      expect(error?.message).toContain('Put a copy of the node in its place')
      await n8n().api('POST', `/rest/workflows/${id}/deactivate`, {})
    } finally {
      await other.close()
    }
  })
}
