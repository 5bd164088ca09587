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

test('one record is written now, and the run tells of it', async () => {
  const { status, json } = await stock.put('a%2Fb%2Cc', { sku: 'a/b,c', name: 'One', quantity: 1 })
  expect({ status, json }).toMatchObject({ status: 200, json: { outcome: 'created', key: { sku: 'a/b,c' } } })
  expect(stockIn(gateway.folder)).toEqual([['a/b,c', 'One', 1]])
  expect((await stock.get(`/v1/runs/${textOf(json['run'])}`)).json).toMatchObject({ state: 'succeeded' })
  expect((await stock.put('a%2Fb%2Cc', { sku: 'a/b,c', name: 'Two', quantity: 1 })).json).toMatchObject({
    outcome: 'updated',
  })
  expect((await stock.put('a%2Fb%2Cc', { sku: 'a/b,c', name: 'Two', quantity: 1 })).json).toMatchObject({
    outcome: 'unchanged',
  })
})

test('what does not fit is refused field by field, before anything is done', async () => {
  const { status, json } = await stock.put('1', { sku: '1', name: 5, quantity: 'many' })
  expect({ status, json }).toMatchObject({
    status: 422,
    json: {
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '#/name' }, { pointer: '#/quantity' }],
    },
  })
  expect((await stock.get('/v1/exceptions?workflow=stock')).json).toEqual({ items: [] })
  expect((await stock.put('2', { sku: '1', name: null, quantity: 1 })).json).toMatchObject({
    code: 'KEY_MISMATCH',
  })
  expect((await stock.put('1', { quantity: 1 })).json).toMatchObject({ code: 'VALIDATION_FAILED' })
  expect((await stock.put('1', [])).json).toMatchObject({ code: 'BODY_INVALID' })
})

test('a record that the target refuses is a problem', async () => {
  const { status, json } = await stock.put('1', { sku: '1', name: 'One', quantity: 1, colour: 'red' })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(json).toMatchObject({ hasErrors: true })
})

test('the same request again is answered as the first time; many at once all arrive', async () => {
  const headers = { 'idempotency-key': 'put-1' }
  const first = await stock.put('1', { sku: '1', name: 'One', quantity: 1 }, headers)
  const again = await stock.put('1', { sku: '1', name: 'One', quantity: 1 }, headers)
  expect(again.json).toEqual(first.json)
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      stock.put(`n${String(i)}`, { sku: `n${String(i)}`, name: null, quantity: i }),
    ),
  )
  expect(stockIn(gateway.folder)).toHaveLength(11)
})

test('a record whose run was cancelled goes on when it is sent again with the same key', async () => {
  const headers = { 'idempotency-key': 'put-2' }
  const record = { sku: 'c', name: null, quantity: 1 }
  const first = await stock.put('c', record, headers)
  // as if somebody had cancelled it after the write and before the answer
  gateway.sql.of(`UPDATE claim SET state = 'free' WHERE key = 'put-2'`).run()
  gateway.sql.of('DELETE FROM answer').run()
  gateway.sql
    .of(
      `UPDATE job SET state = 'cancelled', body = json_set(json_remove(body, '$.receipt'), '$.state', 'cancelled') WHERE run = ?`,
    )
    .run(textOf(first.json['run']))
  expect((await stock.put('c', record, headers)).json).toEqual(first.json)
  expect(stockIn(gateway.folder)).toEqual([['c', null, 1]])
})
