import { changeOf } from '../../gateway/handlers/exception-change'
import { RefusedBody } from '../../gateway/refused-body'
import type { DataRecord } from '../../shared/core/record/value'
import { startGateway, type TestGateway } from '../support/gateway'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ allowedHosts: ['127.0.0.1:1'] })
  key = gateway.key()
})
afterAll(() => gateway.close())

function start(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.call(key, 'POST', '/v1/workflows/stock/runs', { body, headers })
}

test('a body that does not fit is refused whole, each field by its pointer; nothing was done', async () => {
  const refused = await start('{"kind":"undo","full":"yes"}', { 'idempotency-key': 'a' })
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    code: 'BODY_INVALID',
    errors: [
      { pointer: '#/kind', detail: 'expected one of sync, plan, reconcile' },
      { pointer: '#/full', detail: 'expected true or false, found a text' },
    ],
  })
  // corrected, it may come with the same key: a refusal is not kept
  expect((await start('{"kind":"plan"}', { 'idempotency-key': 'a' })).status).toBeLessThan(300)
})

test.each([
  'application/json; charset=utf-8',
  'text/json',
  'text/plain',
  'application/x-www-form-urlencoded',
])('JSON is taken as %s, too: middleware sends it so', async (type) => {
  expect((await start('{"kind":"plan","unheardOf":1}', { 'content-type': type })).status).toBeLessThan(300)
})

test('a body that says that it is something else is not taken for JSON', async () => {
  const refused = await start('<run/>', { 'content-type': 'text/xml' })
  expect(refused.status).toBe(415)
  expect(await refused.json()).toMatchObject({
    evidence: { contentType: 'text/xml', formats: 'application/json' },
  })
})

test('a format that nobody has is refused before anything is done', async () => {
  const refused = await start('{"kind":"plan"}', { accept: 'application/x-tea' })
  expect(refused.status).toBe(406)
  expect(await refused.json()).toMatchObject({ evidence: { formats: 'application/json' } })
})

test.each<[what: string, method: string, path: string, body: object, pointer: string]>([
  [
    'an event that there is not',
    'POST',
    '/v1/webhooks',
    { url: 'http://127.0.0.1:1/hook', types: ['run.ended', 'x'] },
    '#/types/1',
  ],
  ['a list for one record', 'PUT', '/v1/workflows/stock/records/A1', [], '#'],
  [
    'a due date that is none',
    'POST',
    '/v1/exceptions/changes',
    { ids: [1], change: { due: 'soon' } },
    '#/change/due',
  ],
  [
    'a reason that is no text',
    'POST',
    '/v1/exceptions/changes',
    { ids: [1], change: { comment: 5 } },
    '#/change/comment',
  ],
  ['a time that is none', 'POST', '/v1/webhooks/1/recover', { since: 'yesterday' }, '#/since'],
  ['a number that is none', 'POST', '/v1/workflows/stock/retries', { ids: [1.5] }, '#/ids/0'],
])('%s is refused with the field at fault', async (_what, method, path, body, pointer) => {
  const refused = await gateway.call(key, method, path, { body })
  expect(await refused.json()).toMatchObject({ code: 'BODY_INVALID', errors: [{ pointer }] })
})

test('what changes exceptions names the place in the body', () => {
  const pointers = (change: DataRecord, at?: string): unknown => {
    try {
      changeOf(change, at)
      return undefined
    } catch (error) {
      return error instanceof RefusedBody ? error.fields.map(({ pointer }) => pointer) : error
    }
  }
  expect(pointers({ due: '2026-13-45T00:00:00Z' })).toEqual(['#/due'])
  expect(pointers({ state: 'gone' }, '#/change')).toEqual(['#/change/state'])
  expect(pointers({ addTags: 'supplier' }, '#/change')).toEqual(['#/change/addTags'])
  expect(pointers({ state: 'ignored', reason: 'x', until: 'later' })).toEqual(['#/until'])
  expect(pointers({ fix: ['GB'] })).toEqual(['#/fix'])
})
