import { verifyReceipt } from '../../../shared/core/bulk-sync/receipt'
import { Bench, rows } from '../../support/run-sync'

it('proves itself also when a connection counts traffic while it is closed', async () => {
  const bench = new Bench(rows(10))
  const request = bench.request()
  const receipt = await bench.sync(request)
  request.traffic.bytesOut += 5
  expect(verifyReceipt(JSON.parse(JSON.stringify(receipt)))).toEqual({ balanced: true, problems: [] })
})
