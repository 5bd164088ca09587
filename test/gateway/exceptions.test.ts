import { parseJson } from '../../shared/core/format/json'
import { isObject, type DataRecord } from '../../shared/core/record/value'
import { operations } from '../../shared/contract/operations'
import { containing, itemsIn, jsonOf, type Json } from '../support/answers'
import { misfits } from '../support/contract-schemas'
import { startGateway, type TestGateway } from '../support/gateway'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema: { type: object, properties: { sku: { type: string }, quantity: { type: integer } } }
    source: { connection: files, stream: own.csv }
    target: { connection: out, stream: stock.ndjson }
    sync: { guards: { rejects: off } }
`

let gateway: TestGateway
let key: string

beforeEach(async () => {
  gateway = await startGateway({
    files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,quantity\nown,few\n' },
  })
  key = gateway.key()
})

afterEach(() => gateway.close())

async function post(path: string, body: object | string): Promise<DataRecord> {
  const headers = typeof body === 'string' ? { 'content-type': 'text/csv' } : {}
  const response = await gateway.call(key, 'POST', path, { headers: { ...headers, prefer: 'wait=20' }, body })
  const json = parseJson(await response.text())
  return isObject(json) ? { ...json } : {}
}

test('a preview counts what the change would be made to, and changes nothing', async () => {
  await post('/v1/workflows/stock/records', 'sku,quantity\n1,many\n2,some\n3,3\n')
  const change = { state: 'resolved', reason: 'counted by hand' }
  expect(await post('/v1/exceptions/changes', { ids: [1, 2], change, preview: true })).toMatchObject({
    changed: 2,
  })
  expect(await post('/v1/exceptions/changes', { ids: [1], change })).toMatchObject({ changed: 1 })
  // it is resolved by now
  expect(await post('/v1/exceptions/changes', { ids: [1], change, preview: true })).toMatchObject({
    code: 'EXCEPTION_STATE',
  })
})

test.each([
  [{ comment: ' ' }, 'EXCEPTION_CHANGE_INVALID', '/comment'],
  [{ state: 'ignored', reason: 'test', until: '2020-01-01T00:00:00Z' }, 'EXCEPTION_CHANGE_INVALID', '/until'],
  [{ removeTags: [' '] }, 'EXCEPTION_CHANGE_INVALID', '/removeTags'],
  [{ fix: { quantity: 'few' } }, 'FIX_INVALID', '/fix/quantity'],
  [{ fix: {} }, 'FIX_INVALID', '/fix'],
])('%j is refused with the field at fault', async (change, code, pointer) => {
  await post('/v1/workflows/stock/runs', { kind: 'sync' })
  const one = await gateway.call(key, 'PATCH', '/v1/exceptions/1', { body: change })
  const problem = await jsonOf(one)
  expect(problem).toMatchObject({ status: 422, code, errors: [{ pointer: `#${pointer}` }] })
  expect(await post('/v1/exceptions/changes', { ids: [1], change })).toMatchObject({
    code,
    errors: [{ pointer: `#/change${pointer}`, detail: problem['detail'] }],
  })
})

test('If-Match guards a change in every way that it is written, and is never passed over', async () => {
  await post('/v1/workflows/stock/runs', { kind: 'sync' })
  const status = async (match: string): Promise<number> => {
    const options = { headers: { 'if-match': match }, body: { comment: 'seen' } }
    return (await gateway.call(key, 'PATCH', '/v1/exceptions/1', options)).status
  }
  for (const old of ['"9"', '9', 'W/"9"']) expect([old, await status(old)]).toEqual([old, 412])
  for (const unclear of ['"1", "9"', '"abc"', ''])
    expect([unclear, await status(unclear)]).toEqual([unclear, 400])
  for (const [i, good] of ['"1"', '2', 'W/"3"', '*'].entries())
    expect([i, await status(good)]).toEqual([i, 200])
})

test('a workflow that is not there: the refusal names those that are, to who may use them', async () => {
  expect(await post('/v1/workflows/stcok/runs', {})).toMatchObject({
    code: 'WORKFLOW_UNKNOWN',
    detail: 'There is no workflow stcok. Known: stock.',
  })
  const other = gateway.key({ client: 'other', workflows: ['orders'] })
  const refused = await jsonOf(await gateway.call(other, 'GET', '/v1/workflows/stock'))
  expect(refused['detail']).toBe('There is no workflow stock. There is none that these credentials may use.')
})

async function explained(): Promise<Json> {
  const groups = await jsonOf(await gateway.call(key, 'GET', '/v1/exceptions/groups'))
  const group = String(itemsIn(groups)[0]?.['group'])
  const path = `/v1/exceptions/groups/${encodeURIComponent(group)}/explanation`
  const explanation = await jsonOf(await gateway.call(key, 'GET', path))
  const schema = operations.explainGroup.responses[200]?.content?.['application/json']?.schema
  expect(schema && misfits(schema, explanation)).toEqual([])
  return explanation
}

test('what separates a group from the rest is told as the contract says', async () => {
  await post('/v1/workflows/stock/runs', { kind: 'sync' })
  const sentence = containing('No other record passed')
  expect(await explained()).toMatchObject({ failures: 1, others: 0, sentence })
})

test('of what came in a file there is nothing to compare in the source, and that is said', async () => {
  await post('/v1/workflows/stock/records', 'sku,quantity\n1,many\n')
  expect(await explained()).toMatchObject({
    failures: 0,
    sentence: containing('there is nothing to compare'),
  })
})
