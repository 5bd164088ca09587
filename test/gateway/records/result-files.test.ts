import { textOf } from '../../../shared/core/record/value'
import { startGateway, type TestGateway } from '../../support/gateway'
import { client, DEFINITION, makeStock, stockIn, type Client } from './stock'

let gateway: TestGateway
let stock: Client

beforeAll(async () => {
  gateway = await startGateway({ files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,name,quantity\n' } })
  stock = client(gateway)
})

beforeEach(() => {
  makeStock(gateway.folder)
})

afterAll(() => gateway.close())

test('50,000 records: the failed ones come back with every column, and go in again as they are', async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => {
    const quantity = i % 250 === 7 ? 'many' : String(i)
    return `${String(i)};"Part ${String(i)}; ""new""";${quantity};=1+${String(i)}`
  })
  const { status, json } = await stock.upload(['sku;name;quantity;note', ...rows].join('\r\n'), {
    prefer: 'respond-async',
  })
  const run = textOf(json['id'])
  expect(status).toBe(202)
  expect((await stock.get(`/v1/runs/${run}?wait=50`)).json).toMatchObject({
    state: 'exceptions',
    outcomes: { created: 49_800, rejected: 200 },
    files: { failed: `${gateway.url}/v1/runs/${run}/records/failed` },
  })
  const failed = await stock.get(`/v1/runs/${run}/records/failed`)
  const lines = failed.text.trimEnd().split('\r\n')
  expect(failed.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(lines).toHaveLength(201)
  expect(lines[0]).toBe('sku;name;quantity;note;tieout_row;tieout_code;tieout_message;tieout_fix')
  expect(lines[1]).toMatch(/^7;"Part 7; ""new""";many;'=1\+7;8;VALIDATION_FAILED;.*quantity.*;.+/)
  const ok = await stock.get(`/v1/runs/${run}/records/ok`)
  expect(ok.text.trimEnd().split('\r\n')).toHaveLength(49_801)

  const again = await stock.upload(failed.text.replaceAll(';many;', ';5;'))
  expect(again.json).toMatchObject({ state: 'succeeded', outcomes: { created: 200 } })
  expect(stockIn(gateway.folder)).toHaveLength(50_000)
}, 60_000)

test('what comes back is what was sent: null, empty text and formulas stay what they are', async () => {
  const body = 'sku,name,quantity\n1,,x\n2,"",x\n3,=A1,x\n4,"\'=A1",x\n'
  const first = await stock.upload(body)
  const failed = await stock.get(`/v1/runs/${textOf(first.json['id'])}/records/failed`)
  const again = await stock.upload(failed.text.replaceAll(',x,', ',1,'))
  expect(again.status).toBe(200)
  expect(stockIn(gateway.folder)).toEqual([
    ['1', null, 1],
    ['2', '', 1],
    ['3', '=A1', 1],
    ['4', "'=A1", 1],
  ])
})

test('a row that could not be read has a column of its own', async () => {
  const { json } = await stock.upload('sku,name,quantity\n1,One,1,more\n2,Two,2\n')
  const failed = await stock.get(`/v1/runs/${textOf(json['id'])}/records/failed`)
  expect(failed.text).toMatch(
    /^sku,name,quantity,tieout_row,.*,tieout_raw\r\n,,,1,CSV_FIELD_COUNT,.*,"1,One,1,more"\r\n$/,
  )
})

test('NDJSON comes back as NDJSON, with its types', async () => {
  const { json } = await stock.upload('{"sku":"1","quantity":-1,"tags":["a"]}\n{"sku":"2","quantity":2}\n', {
    'content-type': 'application/x-ndjson',
  })
  const failed = await stock.get(`/v1/runs/${textOf(json['id'])}/records/failed`)
  expect(failed.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  expect(failed.text.trimEnd().split('\n')).toHaveLength(1)
  expect(failed.text).toMatch(
    /^\{"sku":"1","quantity":-1,"tags":\["a"\],"tieout_row":1,"tieout_code":"VALIDATION_FAILED"/,
  )
})

test('a run without a file has no result files', async () => {
  const { json } = await stock.sync()
  const answer = await stock.get(`/v1/runs/${textOf(json['id'])}/records/failed`)
  expect(answer).toMatchObject({ status: 410, json: { code: 'UPLOAD_GONE' } })
  expect(answer.json['detail']).toContain('of kind sync had no file')
  const plan = await stock.get(`/v1/runs/${textOf(json['id'])}/plan`)
  expect(plan.json['detail']).toContain('has no plan: it is of kind sync')
})
