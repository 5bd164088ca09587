// A download whose source takes its time: who asks for its manifest, or for its rest, is told when to ask again.
import { createServer, type Server, type ServerResponse } from 'node:http'
import { startGateway, type TestGateway } from '../../support/gateway'
import { objectIn } from '../../support/json'

const RECORDS = '/v1/workflows/stock/records'
let service: Server
let gateway: TestGateway
let key: string
/** The second page, that somebody waits for. */
let held: ServerResponse | undefined

beforeAll(async () => {
  service = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/stock') response.end(items(1, 20_000, '/stock?page=2'))
    else held = response
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const address = service.address()
  const port = typeof address === 'object' && address ? address.port : 0
  gateway = await startGateway({ files: { 'tieout.yaml': definition(port) } })
  key = gateway.key()
})
afterAll(async () => {
  held?.destroy()
  await gateway.close()
  service.close()
})

function definition(port: number): string {
  return `tieout: 1
connections:
  shop:
    connector: http
    baseUrl: http://127.0.0.1:${String(port)}
    streams:
      stock:
        path: /stock
        read: { records: /items, paging: { type: next, at: /next } }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    source: { connection: shop, stream: stock }
    target: { connection: out, stream: stock.ndjson }
`
}

function items(first: number, count: number, next: string | null): string {
  const rows = Array.from({ length: count }, (_, i) => ({ sku: `S${String(first + i)}`, quantity: i }))
  return JSON.stringify({ items: rows, next })
}

test('the manifest of a download that is being made is given when it is whole, and not waited for without end', async () => {
  const headers = { accept: 'application/x-ndjson', 'accept-encoding': 'identity' }
  const download = await gateway.call(key, 'GET', RECORDS, { headers })
  const etag = download.headers.get('etag') ?? ''
  const manifest = (wait: string): Promise<Response> =>
    gateway.call(key, 'GET', `/v1/exports/${etag.replaceAll('"', '')}${wait}`)
  const early = await manifest('?wait=0')
  expect(early.headers.get('retry-after')).toBe('5')
  expect(objectIn(await early.text())).toMatchObject({ status: 503, code: 'EXPORT_UNFINISHED' })

  const whole = manifest('')
  while (!held) await new Promise(setImmediate)
  held.end(items(20_001, 1, null))
  expect(objectIn(await (await whole).text())).toMatchObject({ records: 20_001, complete: true })
  expect((await download.text()).split('\n').length).toBeGreaterThan(20_000)
})
