// Whoever asks for help with a request finds what became of it; nobody finds what was in it, or what is of others.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as turns } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { RequestLog } from '../../../gateway/requests/log'
import type { LoggedRequest } from '../../../gateway/requests/entry'
import { itemsIn, jsonOf, matching, type Json } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
  people:
    key: [country, email]
    schema: { type: object, properties: { country: { type: string }, email: { type: string, personal: true } } }
    source: { connection: files, stream: people.csv }
    target: { connection: out, stream: people.ndjson }
`
const FILES = {
  'tieout.yaml': DEFINITION,
  'stock.csv': 'sku,quantity\nA1,5\n',
  'people.csv': 'country,email\n',
}

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: FILES })
  key = gateway.key()
})
afterAll(() => gateway.close())

/** Noted when its answer is whole, of which `fetch` waits for the headers alone. */
const requestOf = async (answer: Response, by = key): Promise<Json> => {
  if (!answer.bodyUsed) await answer.arrayBuffer()
  return jsonOf(await gateway.call(by, 'GET', `/v1/requests/${answer.headers.get('x-request-id') ?? ''}`))
}
const list = async (query: string, by = key): Promise<Json> =>
  jsonOf(await gateway.call(by, 'GET', `/v1/requests${query}`))

test('a request tells who, what, when, how much and which run', async () => {
  const body = '{"kind":"plan"}'
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'night-canary' }
  const answer = await gateway.call(key, 'POST', '/v1/workflows/stock/runs', { body, headers })
  const { id } = await jsonOf(answer)
  const found = await requestOf(answer)
  expect(found).toEqual({
    id: answer.headers.get('x-request-id'),
    at: matching(/^\d{4}-\d\d-\d\dT.*Z$/),
    client: 'acme',
    key: key.slice(0, 11),
    operation: 'startRun',
    method: 'POST',
    path: '/v1/workflows/stock/runs',
    status: 200,
    milliseconds: expect.any(Number) as unknown,
    bytesIn: body.length,
    bytesOut: expect.any(Number) as unknown,
    complete: true,
    idempotencyKeySha256: createHash('sha256').update('night-canary').digest('hex'),
    run: id,
  })
  expect(Number(found['bytesOut'])).toBeGreaterThan(200)
})

test('a body without Content-Length is counted as it arrived', async () => {
  const packed = gzipSync('sku,quantity\n1,1\n')
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => {
      for (const byte of packed) stream.enqueue(Uint8Array.of(byte))
      stream.close()
    },
  })
  const answer = await fetch(`${gateway.url}/v1/workflows/stock/records`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    body,
    duplex: 'half',
  })
  expect(await requestOf(answer)).toMatchObject({ operation: 'uploadRecords', bytesIn: packed.length })
})

test('an upload that its client broke off is not told as answered', async () => {
  const { hostname, port } = new URL(gateway.url)
  const client = connect(Number(port), hostname)
  const arrived = once(gateway.app.server, 'request')
  client.write(
    `POST /v1/workflows/stock/records HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: text/csv\r\nContent-Length: 2000\r\n\r\nsku,quantity\nX1,1\n`,
  )
  await arrived
  client.destroy()
  await turns(100)
  const [entry] = itemsIn(await list('?limit=1'))
  expect(entry).toMatchObject({
    operation: 'uploadRecords',
    status: 400,
    code: 'REQUEST_MALFORMED',
    complete: false,
  })
})

test('a problem leads to its entry, in every form; none where it is not known who sent it', async () => {
  const refused = await gateway.call(key, 'GET', '/v1/runs/nothing?wait=0')
  const { requestLogUrl, requestId } = await jsonOf(refused)
  expect(requestLogUrl).toBe(`${gateway.url}/v1/requests/${String(requestId)}`)
  const followed = await fetch(String(requestLogUrl), { headers: { 'x-api-key': key } })
  expect(await jsonOf(followed)).toMatchObject({
    id: requestId,
    status: 404,
    code: 'RUN_UNKNOWN',
    path: '/v1/runs/nothing?wait',
  })
  const xml = await gateway.call(key, 'GET', '/v1/runs/nothing', { headers: { accept: 'application/xml' } })
  expect(await xml.text()).toContain('<requestLogUrl>')
  const nobody = await fetch(`${gateway.url}/v1/runs`)
  expect(await jsonOf(nobody)).not.toHaveProperty('requestLogUrl')
})

test('the list is filtered, newest first, in pages', async () => {
  const lister = gateway.key({ client: 'lister' })
  for (let at = 0; at < 3; at++) await gateway.call(lister, 'GET', '/v1/limits')
  await gateway.call(lister, 'GET', '/v1/runs/nothing')
  const first = await list('?operation=listLimits&limit=2', lister)
  const rest = await list(`?operation=listLimits&limit=2&after=${String(first['next'])}`, lister)
  expect([itemsIn(first).length, itemsIn(rest).length, rest['next']]).toEqual([2, 1, undefined])
  expect(itemsIn(await list('?status=404', lister))).toMatchObject([{ operation: 'getRun' }])
  expect(itemsIn(await list('?code=RUN_UNKNOWN', lister))).toHaveLength(1)
  const operations = itemsIn(await list('?limit=9', lister)).map(({ operation }) => operation)
  expect(operations.slice(-4)).toEqual(['getRun', 'listLimits', 'listLimits', 'listLimits'])
})

test('every key of a client sees its requests, and no other client does', async () => {
  const answer = await gateway.call(key, 'GET', '/v1/limits')
  const id = answer.headers.get('x-request-id')
  expect(await requestOf(answer, gateway.key())).toMatchObject({ id })
  const other = gateway.key({ client: 'other' })
  expect(await requestOf(answer, other)).toMatchObject({ status: 404, code: 'REQUEST_UNKNOWN' })
  expect(JSON.stringify(await list('?operation=listLimits', other))).not.toContain(id)
})

test('neither log names a person or holds what was sent', async () => {
  const put = (path: string, body: object): Promise<Response> => gateway.call(key, 'PUT', path, { body })
  const kim = { country: 'NL', email: 'kim@example.com' }
  const answers = [
    await put('/v1/workflows/people/records/NL,kim%40example.com?format=kim', kim),
    await put('/v1/workflows/people/records/kim%40example.com', kim),
    await put('//V1/workflows/people/records/kim%40example.com,NL,x/', kim),
    await put('/v1/workflows/nothing/records/kim%40example.com', kim),
  ]
  const paths = await Promise.all(answers.map(async (answer) => (await requestOf(answer))['path']))
  expect(paths).toEqual([
    '/v1/workflows/people/records/NL,***',
    '/v1/workflows/people/records/***',
    '/v1/workflows/people/records/***,***,***',
    '/v1/workflows/nothing/records/***',
  ])
  const objects = gateway.audit.latest(4).map(({ object }) => object)
  expect(objects).toEqual(paths)
  expect((await requestOf(answers[0] ?? Response.error()))['run']).toMatch(/^\w+$/)
  const plain = await put('/v1/workflows/stock/records/A1', { sku: 'A1', quantity: 'canary' })
  expect(await requestOf(plain)).toMatchObject({ path: '/v1/workflows/stock/records/A1' })
  const everything = JSON.stringify(gateway.sql.of('SELECT * FROM request').all())
  expect(everything).not.toMatch(/kim|canary/)
})

test('it is there after a restart, for 30 days, and never more than so many', () => {
  let time = Date.now()
  const log = (most?: number): RequestLog =>
    new RequestLog({
      sql: gateway.sql,
      now: () => time,
      say: () => undefined,
      ...(most === undefined ? {} : { most }),
    })
  const entry = (id: string): LoggedRequest => ({
    id,
    at: time,
    client: 'many',
    tenant: 'default',
    key: 'tk_1',
    operation: 'getCaller',
    method: 'GET',
    path: '/v1/caller',
    status: 200,
    milliseconds: 1,
    bytesIn: 0,
    bytesOut: 1,
    complete: true,
  })
  const mine = { client: 'many', tenant: 'default' }
  const first = log()
  for (let at = 0; at < 700; at++) first.add(entry(`old_${String(at)}`))
  first.close()
  expect(log().list(mine, 1000)).toHaveLength(700)
  const bounded = log(100)
  bounded.add(entry('new'))
  expect(bounded.list(mine, 1000).map(({ id }) => id)[0]).toBe('new')
  expect(gateway.sql.of('SELECT count(*) AS n FROM request').get()).toEqual({ n: 100 })
  time += 31 * 24 * 3_600_000
  expect(bounded.list(mine, 1000)).toEqual([])
  expect(bounded.request('new', mine)).toBeUndefined()
  log()
  expect(gateway.sql.of('SELECT count(*) AS n FROM request').get()).toEqual({ n: 0 })
})

test('a log that cannot be written stops no request', async () => {
  const said: string[] = []
  const broken = await startGateway({ files: FILES, say: (line) => said.push(line) })
  try {
    const by = broken.key()
    broken.sql.of('ALTER TABLE request RENAME TO gone').run()
    expect((await broken.call(by, 'GET', '/v1/caller')).status).toBe(200)
    await new Promise((done) => setTimeout(done, 700))
    expect((await broken.call(by, 'GET', '/v1/caller')).status).toBe(200)
    expect(said).toEqual([matching(/log of requests could not be written/)])
    broken.sql.of('ALTER TABLE gone RENAME TO request').run()
    const { items } = await jsonOf(await broken.call(by, 'GET', '/v1/requests'))
    expect(items).toHaveLength(2)
  } finally {
    await broken.close()
  }
})
