import { makeHome } from '../../../bench/lib/n8n/home'
import { output, workflow } from '../../../bench/lib/n8n/run-data'
import { member, N8nServer } from '../../../bench/lib/n8n/server'
import { startFaultyApi, type FaultyApi } from '../../support/faulty-api'
import { startGateway } from '../../support/gateway'
import { START } from './nodes'
import { fromTo } from './apis'

const RECORDS = Array.from({ length: 250 }, (_, i) => ({ sku: `K${i}`, quantity: i }))

export function killSuite(tarball: string): void {
  test('n8n is killed in the middle of a sync and runs it again: the target is that of a clean run', async () => {
    const from = await startFaultyApi({ key: ['sku'], records: RECORDS })
    const { api: to, half } = await slowTarget()
    const nightly = workflow(
      'killed',
      [
        START,
        {
          name: 'Sync',
          type: 'n8n-nodes-tieout.tieoutBulkSync',
          parameters: {
            ...fromTo(from, to),
            targetBatchSize: 5,
            targetOptions: { idempotencyHeader: 'Idempotency-Key' },
            options: { runKey: '2026-11-23' },
          },
        },
      ],
      ['Start > Sync'],
    )
    const home = makeHome(tarball)
    let server = await N8nServer.start(home)
    try {
      const id = await server.publish(nightly)
      await server.fire(nightly)
      await half
      await server.stop('SIGKILL')
      expect(to.records.length).toBeLessThan(RECORDS.length)

      server = await N8nServer.start(home)
      await server.fire(nightly)
      const [receipt] = output(await server.succeeded(id), 'Sync', 2)
      expect(receipt?.json).toMatchObject({ status: 'succeeded', balanced: true })
      expect(new Set(to.records)).toEqual(new Set(RECORDS))
      // batches that had arrived before the kill were answered from their keys
      expect(new Set(to.writes.values())).toEqual(new Set([1]))
    } finally {
      await server.stop('SIGKILL')
      home.remove()
      await from.close()
      await to.close()
    }
  }, 90_000)

  test('n8n is killed while it follows a run of a gateway and starts it again: as one clean run', async () => {
    const from = await startFaultyApi({ key: ['sku'], records: RECORDS })
    const { api: to, half } = await slowTarget()
    const gateway = await startGateway({ files: { 'tieout.yaml': definition(from.url, to.url) } })
    const home = makeHome(tarball)
    let server = await N8nServer.start(home)
    try {
      const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
      const made = await server.api('POST', '/rest/credentials', {
        name: 'Gateway',
        type: 'tieoutGatewayApi',
        data,
      })
      const nightly = workflow(
        'killed-gateway',
        [
          START,
          {
            name: 'Sync',
            type: 'n8n-nodes-tieout.tieoutBulkSync',
            credentials: { tieoutGatewayApi: { id: member(made, 'id'), name: 'Gateway' } },
            parameters: { operation: 'run', workflow: { __rl: true, mode: 'id', value: 'items' } },
          },
        ],
        ['Start > Sync'],
      )
      const id = await server.publish(nightly)
      await server.fire(nightly)
      await half
      await server.stop('SIGKILL')

      server = await N8nServer.start(home)
      await server.fire(nightly)
      const [receipt] = output(await server.succeeded(id), 'Sync', 2)
      expect(receipt?.json).toMatchObject({ status: 'succeeded' })
      expect(new Set(to.records)).toEqual(new Set(RECORDS))
      expect(new Set(to.writes.values())).toEqual(new Set([1]))
    } finally {
      await server.stop('SIGKILL')
      home.remove()
      await gateway.close()
      await from.close()
      await to.close()
    }
  }, 90_000)
}

/** A target that takes its time, and when 20 batches have arrived. */
async function slowTarget(): Promise<{ api: FaultyApi; half: Promise<void> }> {
  let reached = (): void => undefined
  const half = new Promise<void>((resolve) => {
    reached = resolve
  })
  let posts = 0
  const api = await startFaultyApi({
    key: ['sku'],
    latencyMs: 20,
    fault: ({ method }) => {
      if (method === 'POST' && ++posts === 20) reached()
      return undefined
    },
  })
  return { api, half }
}

function definition(from: string, to: string): string {
  return `tieout: 1
connections:
  from:
    connector: http
    baseUrl: ${from}
    streams:
      items: { path: /items, read: { records: /items, total: /total, paging: { type: page, sizeParameter: limit, size: 50 } } }
  to:
    connector: http
    baseUrl: ${to}
    streams:
      items: { path: /items/batch, write: { size: 5, idempotency: { header: Idempotency-Key } } }
workflows:
  items:
    key: sku
    source: { connection: from, stream: items }
    target: { connection: to, stream: items }
`
}
