import { objectIn } from '../support/json'
import { startGateway } from '../support/gateway'

test('a reconciliation that failed says why in its run', async () => {
  const gateway = await startGateway({
    files: {
      'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: files, stream: other.csv }
`,
      'other.csv': 'sku,quantity\nA1,5\n',
    },
  })
  try {
    const started = await gateway.call(gateway.key(), 'POST', '/v1/workflows/stock/runs', {
      headers: { prefer: 'wait=20' },
      body: { kind: 'reconcile' },
    })
    expect(objectIn(await started.text())).toMatchObject({
      state: 'failed',
      problem: { code: 'FILE_NOT_FOUND', detail: expect.stringContaining('stock.csv') as unknown },
    })
  } finally {
    await gateway.close()
  }
})
