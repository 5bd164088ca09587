// What a download costs, and that it is never cut off by its own cost.
import type { Policy } from '../../../gateway/limits/policy'
import { startGateway, type TestGateway } from '../../support/gateway'
import { textOf } from '../../../shared/core/record/value'
import { asObjects } from '../../support/json'
import { client, DEFINITION, type Client } from './stock'

const RECORDS = '/v1/workflows/stock/records'
const NOON = Date.UTC(2026, 10, 23, 12)
const POLICIES: Policy[] = [
  { name: 'records', unit: 'records', quota: 1000, windowSeconds: 86_400 },
  { name: 'bytes', unit: 'content-bytes', quota: 1_000_000, windowSeconds: 86_400 },
]

let gateway: TestGateway
let stock: Client
beforeEach(async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `${String(i)},Part,${String(i)}\n`).join('')
  const files = { 'tieout.yaml': DEFINITION, 'own.csv': `sku,name,quantity\n${rows}` }
  gateway = await startGateway({ files, policies: POLICIES, now: () => NOON })
  stock = client(gateway)
})
afterEach(() => gateway.close())

async function left(): Promise<Record<string, unknown>> {
  const { json } = await stock.get('/v1/limits')
  return Object.fromEntries(asObjects(json['items']).map(({ name, left: rest }) => [textOf(name), rest]))
}

test('records and unpacked bytes are charged, and published with the rest', async () => {
  const { text } = await stock.get(RECORDS, { 'accept-encoding': 'gzip' })
  expect(await left()).toMatchObject({ records: 600, bytes: 1_000_000 - text.length })
  const { headers } = await stock.get('/v1/caller')
  expect(headers.get('ratelimit')).toContain('"records";r=600;t=43200')
  const { json } = await stock.get('/v1/workflows/stock/forecast?records=601')
  expect(json).toMatchObject({ fits: false, limits: [{ name: 'records', left: 600 }] })
})

test('one that begins goes to its end; the next is refused until there is more', async () => {
  await stock.get(RECORDS)
  await stock.get(RECORDS)
  const third = await stock.get(RECORDS)
  expect({ status: third.status, lines: third.text.split('\r\n').length }).toEqual({
    status: 200,
    lines: 402,
  })
  expect(await left()).toMatchObject({ records: 0 })
  const fourth = await stock.get(RECORDS)
  expect(fourth).toMatchObject({
    status: 429,
    json: { code: 'LIMIT_REACHED', detail: 'records: 0 of 1000 records are left; more in 43200 s.' },
  })
  expect(fourth.headers.get('retry-after')).toBe('43200')
  expect((await stock.upload('sku,name,quantity\n1,One,1\n')).status).toBe(429)
})

test('going on with what broke off costs nothing more, also when nothing is left', async () => {
  const { headers } = await stock.get(RECORDS, { 'accept-encoding': 'identity' })
  const range = { range: 'bytes=100-', 'if-range': headers.get('etag') ?? '' }
  const before = await left()
  expect((await stock.get(RECORDS, range)).status).toBe(206)
  expect(await left()).toEqual(before)
  await stock.get(RECORDS)
  await stock.get(RECORDS)
  expect((await stock.get(RECORDS, range)).status).toBe(206)
})

test('only what is in it counts: of what changed since, that', async () => {
  const { headers } = await stock.get(RECORDS)
  await stock.get(`${RECORDS}?changedSince=${headers.get('tieout-cursor') ?? ''}`)
  expect(await left()).toMatchObject({ records: 600 })
})

test('one that fails costs nothing', async () => {
  await gateway.close()
  gateway = await startGateway({
    files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,sku\n' },
    policies: POLICIES,
    now: () => NOON,
  })
  stock = client(gateway)
  expect((await stock.get(RECORDS)).json).toMatchObject({ code: 'HEADER_INVALID' })
  expect(await left()).toMatchObject({ records: 1000, bytes: 1_000_000 })
})
