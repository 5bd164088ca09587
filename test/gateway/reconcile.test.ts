import { itemsIn, jsonOf } from '../support/answers'
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

test('one goes from a run to its report, and looks from the total of a group into its breaks, and hears which groups there are', async () => {
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
    reconcile: { dimensions: [location], measures: [quantity] }
`,
      'stock.csv': 'sku,location,quantity\nA1,north,5\nB2,south,7\nC3,south,1\n',
      'other.csv': 'sku,location,quantity\nA1,north,6\nB2,south,8\nC3,south,1\n',
    },
  })
  try {
    const key = gateway.key()
    const read = (path: string): Promise<Response> => gateway.call(key, 'GET', path)
    const started = await gateway.call(key, 'POST', '/v1/workflows/stock/runs', {
      headers: { prefer: 'wait=20' },
      body: { kind: 'reconcile' },
    })
    const report = String((await jsonOf(started))['resultUrl']).replace(gateway.url, '')
    expect(await jsonOf(await read(report))).toMatchObject({
      totals: expect.arrayContaining([
        expect.objectContaining({ dimensions: ['south'], differences: ['-1'], breaks: 1 }) as unknown,
      ]) as unknown,
    })
    const planned = await gateway.call(key, 'POST', '/v1/workflows/stock/runs', {
      headers: { prefer: 'wait=20' },
      body: { kind: 'plan' },
    })
    const plan = String((await jsonOf(planned))['resultUrl']).replace(gateway.url, '')
    expect(await jsonOf(await read(plan))).toMatchObject({ read: 3, complete: true })
    const south = itemsIn(await jsonOf(await read(`${report}/breaks?dimension.location=south`)))
    expect(south).toMatchObject([{ key: '["B2"]', dimensions: ['south'], effect: ['-1'] }])
    const misspelt = await read(`${report}/breaks?dimension.locaton=south`)
    expect(misspelt.status).toBe(400)
    expect(await jsonOf(misspelt)).toMatchObject({
      code: 'BREAK_FILTER_UNKNOWN',
      detail: 'The report has no dimension locaton; did you mean location?.',
    })
  } finally {
    await gateway.close()
  }
})
