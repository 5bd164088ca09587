// Decisions on what two systems disagree about, as a client of the gateway makes them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf, type DataRecord } from '../../shared/core/record/value'
import { startGateway, type TestGateway } from '../support/gateway'
import { asObjects, objectIn } from '../support/json'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema:
      type: object
      properties: { sku: { type: string }, quantity: { type: integer }, mail: { type: string, personal: true } }
    source: { connection: files, stream: own.csv }
    target: { connection: out, stream: stock.ndjson }
    map: { quantity: qty }
  other:
    key: sku
    source: { connection: files, stream: own.csv }
    target: { connection: out, stream: other.ndjson }
`
const DECISIONS = '/v1/workflows/stock/decisions'

let gateway: TestGateway
let key: string

beforeEach(async () => {
  gateway = await startGateway({
    files: {
      'tieout.yaml': DEFINITION,
      'own.csv': 'sku,qty,mail\nA1,5,a@x.org\nA2,7,b@x.org\nB1,1,c@x.org\n',
    },
  })
  key = gateway.key()
  await post('/v1/workflows/stock/runs', { kind: 'sync' })
  const at = join(gateway.folder, 'stock.ndjson')
  writeFileSync(at, target().replaceAll(/"quantity":\d+/g, '"quantity":80') + '{"sku":"C9","quantity":3}\n')
  await post('/v1/workflows/stock/runs', { kind: 'reconcile', exceptions: true })
})
afterEach(() => gateway.close())

interface Answered {
  status: number
  json: DataRecord
}

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answered> {
  const response = await gateway.call(key, 'POST', path, { headers: { prefer: 'wait=20', ...headers }, body })
  return { status: response.status, json: objectIn(await response.text()) }
}

async function open(query = ''): Promise<DataRecord[]> {
  const response = await gateway.call(key, 'GET', `/v1/exceptions?workflow=stock${query}`)
  return asObjects(objectIn(await response.text())['items'])
}

function target(): string {
  return readFileSync(join(gateway.folder, 'stock.ndjson'), 'utf8')
}

const reason = 'counted on Monday'

test('one exception: the preview shows both sides and what would be written, then it is written', async () => {
  const [one] = await open('&text=A2')
  const decision = { ids: [one?.['id']], decision: 'write', reason, set: { quantity: 12 } }
  expect(await post(`${DECISIONS}/preview`, decision)).toMatchObject({
    status: 200,
    json: {
      exceptions: 1,
      writes: 1,
      standing: 1,
      notPossible: 0,
      first: [{ fields: [{ field: 'quantity', source: 7, target: 80, written: 12 }] }],
    },
  })
  expect(target()).not.toContain('"quantity":12')
  expect(await post(DECISIONS, decision)).toMatchObject({
    status: 200,
    json: { kind: 'decide', state: 'succeeded', outcomes: { updated: 1 }, decided: { standing: 1 } },
  })
  expect(target()).toMatch(/"quantity":12[^}]*"A2"/)
  expect(await open()).toHaveLength(3)
})

test('a filter: what is to stay stands, and a sync leaves it alone', async () => {
  const decision = { code: 'BREAK_DIFFERS', decision: 'accept-target', reason }
  expect(await post(`${DECISIONS}/preview`, decision)).toMatchObject({ json: { exceptions: 3, standing: 3 } })
  expect(await post(DECISIONS, decision)).toMatchObject({
    json: { state: 'succeeded', hasErrors: false, decided: { exceptions: 3, standing: 3, notPossible: 0 } },
  })
  expect(await post('/v1/workflows/stock/runs', { kind: 'sync', full: true })).toMatchObject({
    json: { outcomes: { skipped: 3 } },
  })
  expect(target().match(/"quantity":80/g)).toHaveLength(3)
})

test('what stands is listed, page by page', async () => {
  await post(DECISIONS, { code: 'BREAK_DIFFERS', decision: 'ignore', reason, until: '2999-01-01T00:00:00Z' })
  const list = async (query: string): Promise<DataRecord> =>
    objectIn(await (await gateway.call(key, 'GET', `${DECISIONS}?limit=2${query}`)).text())
  const first = await list('')
  expect(asObjects(first['items'])).toMatchObject([
    {
      key: '["A1"]',
      kind: 'differs',
      decision: 'ignore',
      reason,
      who: 'acme',
      until: '2999-01-01T00:00:00.000Z',
    },
    { key: '["A2"]' },
  ])
  const second = await list(`&after=${textOf(first['next'])}`)
  expect(asObjects(second['items'])).toMatchObject([{ key: '["B1"]' }])
  expect(second).not.toHaveProperty('next')
})

test('what it is not possible for stays open and is named', async () => {
  const ids = (await open()).map(({ id }) => id)
  const { json } = await post(DECISIONS, { ids, decision: 'accept-source' })
  expect(json).toMatchObject({ state: 'exceptions', hasErrors: true, outcomes: { updated: 3 } })
  const [left] = await open()
  expect(json['decided']).toMatchObject({
    exceptions: 4,
    notPossible: 1,
    problems: [{ exception: left?.['id'], reason: 'the source does not have the record' }],
  })
  expect(await post(DECISIONS, { ids: [left?.['id']], decision: 'accept-source' })).toMatchObject({
    json: { state: 'failed', problem: { code: 'DECISION_NOT_POSSIBLE' } },
  })
})

test('the same request with the same key decides once', async () => {
  const decision = { code: 'BREAK_DIFFERS', decision: 'ignore', reason }
  const headers = { 'idempotency-key': 'd1' }
  const first = await post(DECISIONS, decision, headers)
  const again = await post(DECISIONS, decision, headers)
  expect(again).toEqual(first)
  const events = await gateway.call(key, 'GET', '/v1/events?type=break.decided&limit=100')
  expect(asObjects(objectIn(await events.text())['items'])).toHaveLength(3)
})

const REFUSED: readonly [code: string, body: object][] = [
  ['BODY_INVALID', { ids: [1], decision: 'accept-target' }],
  ['BODY_INVALID', { ids: [1], decision: 'write', reason }],
  ['BODY_INVALID', { decision: 'ignore', reason }],
  ['EXCEPTION_CHANGE_INVALID', { ids: [1], decision: 'ignore', reason, until: '2001-01-01T00:00:00Z' }],
  ['FIX_PERSONAL', { ids: [1], decision: 'write', reason, set: { mail: 'x@x.org' } }],
  ['EXCEPTION_UNKNOWN', { ids: [4711], decision: 'accept-source' }],
  ['EXCEPTION_UNKNOWN', { group: 'v1:0', decision: 'accept-source' }],
]

test('what lacks something is refused before anything is done', async () => {
  for (const [code, body] of REFUSED)
    for (const path of [DECISIONS, `${DECISIONS}/preview`])
      expect([body, path, (await post(path, body)).json['code']]).toEqual([body, path, code])
  expect(await open()).toHaveLength(4)
})

test('a refusal says which field is wrong and how', async () => {
  const details = async (body: object): Promise<unknown> => (await post(DECISIONS, body)).json['errors']
  expect(await details({ decision: 'accept-source' })).toEqual([
    { pointer: '#', detail: 'needs one of ids, group, code, run, assignee, tag, text' },
  ])
  expect(await details({ ids: [1], code: 'BREAK_DIFFERS', decision: 'accept-source' })).toEqual([
    { pointer: '#/code', detail: 'is not allowed here' },
  ])
  expect(await details({ ids: [1], decision: 'ignore' })).toEqual([
    { pointer: '#/reason', detail: 'is missing' },
  ])
  expect(await details({ ids: [1], decision: 'ignore', reason, until: '2001-01-01T00:00:00Z' })).toEqual([
    { pointer: '#/until', detail: 'The decision cannot be made: the time until which it stands has passed.' },
  ])
  expect(await details({ ids: [1], decision: 'write', reason, set: { mail: 'x@x.org' } })).toMatchObject([
    { pointer: '#/set/mail' },
  ])
})

test('what waits to go out is shown, and taking the source as it is takes it away', async () => {
  const [one] = await open('&text=A2')
  const id = textOf(one?.['id'])
  const change = { fix: { quantity: 12 } }
  const { json } = await post(`/v1/exceptions/changes`, { ids: [one?.['id']], change })
  expect(json).toMatchObject({ changed: 1 })
  const [fixed] = await open('&text=A2')
  expect(fixed?.['fix']).toMatchObject({ changes: [{ field: 'qty', from: '7', to: 12 }], who: 'acme' })
  await post(DECISIONS, { ids: [one?.['id']], decision: 'accept-source' })
  const shown = await gateway.call(key, 'GET', `/v1/exceptions/${id}`)
  expect(objectIn(await shown.text())).not.toHaveProperty('fix')
  expect(target()).toMatch(/"quantity":7[^}]*"A2"/)
})

test('what came in a file is written from it, and stands', async () => {
  const headers = { 'content-type': 'text/csv', prefer: 'wait=20' }
  const body = 'sku,qty,mail\nU1,many,u@x.org\n'
  await gateway.call(key, 'POST', '/v1/workflows/stock/records', { headers, body })
  const decision = { text: 'U1', decision: 'write', reason, set: { qty: 3 } }
  expect(await post(`${DECISIONS}/preview`, decision)).toMatchObject({ json: { writes: 1, standing: 1 } })
  expect(await post(DECISIONS, decision)).toMatchObject({
    json: { state: 'succeeded', outcomes: { created: 1 }, decided: { exceptions: 1, standing: 1 } },
  })
  expect(target()).toMatch(/"quantity":3[^}]*"U1"/)
})

test('exceptions of another workflow are not there', async () => {
  const body = { ids: [1], decision: 'ignore', reason }
  expect(await post('/v1/workflows/other/decisions', body)).toMatchObject({
    status: 404,
    json: { code: 'EXCEPTION_UNKNOWN' },
  })
  expect(await post('/v1/workflows/other/retries', { ids: [1] })).toMatchObject({ status: 404 })
})

test('changes and retries take the same filters', async () => {
  const change = { addTags: ['monday'] }
  expect(await post('/v1/exceptions/changes', { workflow: 'stock', text: 'A2', change })).toMatchObject({
    json: { changed: 1 },
  })
  expect(await open('&tag=monday')).toHaveLength(1)
  expect(await post('/v1/workflows/stock/retries', { tag: 'monday' })).toMatchObject({
    json: { outcomes: { updated: 1 } },
  })
  const other = gateway.key({ client: 'narrow', workflows: ['other'] })
  const body = { workflow: 'stock', code: 'BREAK_DIFFERS', change }
  const refused = await gateway.call(other, 'POST', '/v1/exceptions/changes', { body })
  expect({ status: refused.status, json: await refused.json() }).toMatchObject({
    status: 404,
    json: { code: 'WORKFLOW_UNKNOWN' },
  })
})

interface Page {
  items: DataRecord[]
  next: string
}

async function page(path: string): Promise<Page> {
  const response = await gateway.call(key, 'GET', path)
  const { items, next } = objectIn(await response.text())
  return { items: asObjects(items), next: textOf(next) }
}

test('what stands is listed page by page, and nothing is passed over when something ends meanwhile', async () => {
  await post(DECISIONS, { code: 'BREAK_DIFFERS', decision: 'accept-target', reason })
  const first = await page(`${DECISIONS}?limit=1`)
  expect(first.items).toHaveLength(1)
  await post(DECISIONS, { ids: [first.items[0]?.['exception']], decision: 'accept-source' })
  const rest = await page(`${DECISIONS}?limit=10&after=${first.next}`)
  const all = [...first.items, ...rest.items].map((one) => one['key'])
  expect(all.sort()).toEqual(['["A1"]', '["A2"]', '["B1"]'])
  expect(rest.next).toBe('')
})

test('reconciliations are listed page by page, newest first', async () => {
  await post('/v1/workflows/stock/runs', { kind: 'reconcile' })
  const path = '/v1/workflows/stock/reconciliations'
  const [newest, oldest] = (await page(path)).items.map((one) => one['id'])
  const first = await page(`${path}?limit=1`)
  expect(first.items.map((one) => one['id'])).toEqual([newest])
  const second = await page(`${path}?limit=1&after=${first.next}`)
  expect(second.items.map((one) => one['id'])).toEqual([oldest])
  expect((await gateway.call(key, 'GET', `${path}?after=nothing`)).status).toBe(400)
})
