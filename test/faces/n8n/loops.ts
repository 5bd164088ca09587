import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mapping, workflow, type Workflow } from '../../../bench/lib/n8n/run-data'
import { startFaultyApi } from '../../support/faulty-api'
import { startGateway } from '../../support/gateway'
import { credentialsOf, items, named, START, tieout, type NodeLike } from './nodes'
import type { N8n } from './server'

/** Each round of a loop is a run of its own, though all are one execution. */
export function loopsSuite(n8n: N8n): void {
  const looped = (id: string, records: readonly object[], sync: NodeLike): Workflow =>
    workflow(
      id,
      [
        START,
        items('Records', records),
        { name: 'One by One', type: 'n8n-nodes-base.splitInBatches', typeVersion: 3 },
        sync,
      ],
      ['Start > Records', 'Records > One by One', 'One by One:1 > Sync', 'Sync:2 > One by One'],
    )

  test('a value that goes and comes back is no repeat', async () => {
    const api = await startFaultyApi({ key: ['sku'] })
    try {
      const execution = await n8n().run(
        looped(
          'loop-api',
          [1, 2, 1].map((quantity) => ({ sku: 'A1', quantity })),
          tieout('BulkSync', 'Sync', {
            operation: 'sync',
            source: 'items',
            mapping: mapping(['sku']),
            targetUrl: `${api.url}/items/batch`,
            targetOptions: { idempotencyHeader: 'Idempotency-Key' },
          }),
        ),
      )
      expect(execution.data.resultData.error).toBeUndefined()
      expect(api.records).toEqual([{ sku: 'A1', quantity: 1 }])
      expect([...api.writes.values()]).toEqual([3])
    } finally {
      await api.close()
    }
  })

  test('each upload to a gateway is one', async () => {
    const gateway = await startGateway()
    try {
      const data = { url: gateway.url, method: 'header', apiKey: gateway.key() }
      const sync = {
        ...tieout('BulkSync', 'Sync', { operation: 'upload', source: 'items', workflow: named('stock') }),
        credentials: await credentialsOf(n8n, 'tieoutGatewayApi', data),
      }
      const records = ['D4', 'E5', 'F6'].map((sku) => ({ sku, quantity: 1 }))
      const execution = await n8n().run(looped('loop-gateway', records, sync))
      expect(execution.data.resultData.error).toBeUndefined()
      const target = readFileSync(join(gateway.folder, 'stock-default.ndjson'), 'utf8')
      expect(target.trim().split('\n')).toHaveLength(3)
    } finally {
      await gateway.close()
    }
  })
}
