// What makes each code of the gateway: requests over real sockets to a real gateway.
import type { gateway as entries } from '../../../shared/contract/errors/gateway'
import type { Answer } from '../../../gateway/call'
import { startGateway, type CallOptions, type TestGateway } from '../../support/gateway'
import { Authority } from '../../support/certificates'
import { textOf } from '../../../shared/core/record/value'
import { asObjects, objectIn } from '../../support/json'
import { sendRaw } from '../../support/raw-http'

export interface Told {
  status: number
  headers: Headers
  text: string
}

/** A gateway with one key that may do everything. */
export interface Given {
  gateway: TestGateway
  key: string
}

type Cause = (given: Given) => Promise<Told>

const RECORDS = '/v1/workflows/stock/records'

/** What a gateway has to be like for its cause; the others are of one gateway that is as it comes. */
export const WITH: { readonly [code in Code]?: Parameters<typeof startGateway>[0] } = {
  CERTIFICATE_UNKNOWN: { access: { trustedHops: ['127.0.0.1/32'] } },
  BODY_TOO_LARGE: { maxBytes: 1000 },
  REQUEST_TOO_SLOW: { patience: { idleMs: 100 } },
  GATEWAY_BUSY: { requestsAtOnce: 0 },
  LIMIT_REACHED: { policies: [{ name: 'calls', unit: 'requests', quota: 1, windowSeconds: 3600 }] },
  IDEMPOTENCY_KEY_BUSY: { handlers: { createWebhook: () => busy } },
}

/** The first request is at work until this is told. */
let finish: (answer: Answer) => void = () => undefined
const busy = new Promise<Answer>((resolve) => (finish = resolve))

export type Code = keyof typeof entries

export const causes: Readonly<Record<Code, Cause>> = {
  CREDENTIALS_MISSING: ({ gateway }) => ask(fetch(`${gateway.url}/v1/caller`)),
  CREDENTIALS_INVALID: ({ gateway }) => ask(gateway.call('"quoted"', 'GET', '/v1/caller')),
  KEY_REVOKED: ({ gateway }) => {
    const { key, credential } = gateway.issue.apiKey({ client: 'acme', ...rights })
    gateway.access.clients.change(credential.id, { revoked: Date.now() })
    return ask(gateway.call(key, 'GET', '/v1/caller'))
  },
  KEY_EXPIRED: ({ gateway }) => ask(gateway.call(gateway.key({ expires: 1000 }), 'GET', '/v1/caller')),
  CREDENTIALS_LOCKED: ({ gateway }) => tellBasic(gateway, 'nobody', 'wrong', 11),
  CERTIFICATE_UNKNOWN: ({ gateway }) => {
    const authority = new Authority()
    const { cert } = authority.issue()
    authority.remove()
    const der = cert.replace(/-----[^-]+-----|\s/g, '')
    return ask(fetch(`${gateway.url}/v1/caller`, { headers: { 'client-cert': `:${der}:` } }))
  },
  TOKEN_INVALID: ({ gateway }) =>
    ask(fetch(`${gateway.url}/v1/caller`, { headers: { authorization: 'Bearer e30.e30.e30' } })),
  OAUTH_REFUSED: ({ gateway }) =>
    ask(
      fetch(`${gateway.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'password' }),
      }),
    ),
  ADDRESS_NOT_ALLOWED: ({ gateway }) =>
    ask(gateway.call(gateway.key({ addresses: ['203.0.113.0/24'] }), 'GET', '/v1/caller')),
  SCOPE_NEEDED: ({ gateway }) =>
    ask(gateway.call(gateway.key({ scopes: ['runs:read'] }), 'GET', '/v1/events')),
  ROUTE_UNKNOWN: (given) => get(given, '/v1/workflow'),
  METHOD_NOT_ALLOWED: (given) => call(given, 'DELETE', '/v1/workflows'),
  NOT_ACCEPTABLE: (given) => get(given, RECORDS, { headers: { accept: 'image/png' } }),
  MEDIA_TYPE_UNSUPPORTED: (given) =>
    call(given, 'POST', RECORDS, {
      headers: { 'content-type': 'image/png' },
      body: 'PNG',
    }),
  BODY_TOO_LARGE: (given) =>
    call(given, 'POST', RECORDS, {
      headers: { 'content-type': 'text/csv' },
      body: 'sku,quantity\n' + 'A,1\n'.repeat(1000),
    }),
  HEADERS_TOO_LARGE: (given) => get(given, '/v1/caller', { headers: { cookie: 'a'.repeat(40_000) } }),
  ADDRESS_TOO_LONG: (given) => get(given, `/v1/runs?workflow=${'a'.repeat(20_000)}`),
  REQUEST_MALFORMED: ({ gateway }) => raw(gateway, 'GET /v1 HTTP/1.1\nHost: a\n\n'),
  REQUEST_TOO_SLOW: (given) =>
    raw(given.gateway, post('/v1/diagnostics', given.key, 'content-length: 10', 'abc')),
  BODY_EMPTY: (given) =>
    call(given, 'POST', RECORDS, {
      headers: { 'content-type': 'text/csv' },
      body: '',
    }),
  BODY_INVALID: (given) => call(given, 'POST', '/v1/workflows/stock/runs', { body: { kind: 'dance' } }),
  PARAMETER_INVALID: (given) => get(given, '/v1/runs?limit=many'),
  IDEMPOTENCY_KEY_INVALID: (given) =>
    call(given, 'POST', '/v1/workflows/stock/runs', { headers: { 'idempotency-key': 'a'.repeat(256) } }),
  IDEMPOTENCY_KEY_BUSY: async (given) => {
    const same = { headers: { 'idempotency-key': 'busy' }, body: { url: 'https://example.com/' } }
    const first = call(given, 'POST', '/v1/webhooks', same)
    const second = await told(call(given, 'POST', '/v1/webhooks', same), first)
    finish({ status: 201, content: { json: {} } })
    await first
    return second
  },
  IDEMPOTENCY_KEY_REUSED: async (given) => {
    const headers = { 'idempotency-key': 'reused' }
    await call(given, 'POST', '/v1/workflows/stock/runs', { headers, body: { kind: 'plan' } })
    return call(given, 'POST', '/v1/workflows/stock/runs', { headers, body: { kind: 'sync' } })
  },
  PRECONDITION_FAILED: async (given) => {
    await uploaded(given, 'sku,quantity\nA1,many\n')
    const { items } = objectIn((await get(given, '/v1/exceptions')).text)
    const [one] = asObjects(items)
    return call(given, 'PATCH', `/v1/exceptions/${String(Number(one?.['id']))}`, {
      headers: { 'if-match': '"99"' },
      body: { assignee: 'ann' },
    })
  },
  RANGE_NOT_SATISFIABLE: async (given) => {
    const identity = { 'accept-encoding': 'identity' }
    const download = await answered(given, 'GET', RECORDS, { headers: identity })
    await download.text()
    const headers = { ...identity, range: 'bytes=999999-', 'if-range': download.headers.get('etag') ?? '' }
    return get(given, RECORDS, { headers })
  },
  EXPORT_UNKNOWN: (given) => get(given, '/v1/exports/ex_0000000000000000'),
  UPLOAD_GONE: async (given) => get(given, `/v1/runs/${await ran(given)}/records/ok`),
  RUN_IS_OVER: async (given) => call(given, 'DELETE', `/v1/runs/${await ran(given)}`),
  RECORDS_REFUSED: (given) => uploaded(given, 'sku,quantity\nA1,5\nA2,many\n', '?onPartial=422'),
  KEY_MISMATCH: (given) =>
    call(given, 'PUT', '/v1/workflows/stock/records/A1', { body: { sku: 'B1', quantity: 1 } }),
  REQUEST_UNKNOWN: (given) => get(given, '/v1/requests/req_0000000000000000'),
  WEBHOOK_UNKNOWN: (given) => call(given, 'DELETE', '/v1/webhooks/wh_0000000000000000'),
  ADDRESS_REFUSED: (given) =>
    call(given, 'POST', '/v1/webhooks', { body: { url: 'https://127.0.0.1/hook' } }),
  ERROR_UNKNOWN: (given) => get(given, '/errors/NO_SUCH_CODE'),
  LIMIT_REACHED: async (given) => {
    await get(given, '/v1/caller')
    return get(given, '/v1/caller')
  },
  GATEWAY_BUSY: (given) => get(given, '/v1/caller'),
  VERSION_UNKNOWN: (given) => get(given, '/v1/caller', { headers: { 'tieout-version': '1999-01-01' } }),
}

const rights = { scopes: ['runs:read'], workflows: 'all', addresses: [] } as const

function answered(
  { gateway, key }: Given,
  method: string,
  path: string,
  options?: CallOptions,
): Promise<Response> {
  return gateway.call(key, method, path, options)
}

function call(given: Given, method: string, path: string, options?: CallOptions): Promise<Told> {
  return ask(answered(given, method, path, options))
}

function get(given: Given, path: string, options?: CallOptions): Promise<Told> {
  return call(given, 'GET', path, options)
}

async function ask(answering: Promise<Response>): Promise<Told> {
  const response = await answering
  return { status: response.status, headers: response.headers, text: await response.text() }
}

async function raw({ url }: TestGateway, text: string): Promise<Told> {
  const { status, headers, body } = await sendRaw(url, text)
  return { status, headers: new Headers({ ...headers }), text: body }
}

export function post(path: string, key: string, ...rest: [...headers: string[], body: string]): string {
  const body = rest.at(-1) ?? ''
  const headers = ['Host: a', `X-API-Key: ${key}`, ...rest.slice(0, -1)]
  return `POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

/** The second of two that race; the first must not have answered. */
async function told(second: Promise<Told>, first: Promise<unknown>): Promise<Told> {
  return Promise.race([second, first.then(() => Promise.reject(new Error('the first was answered')))])
}

function uploaded(given: Given, body: string, query = ''): Promise<Told> {
  return call(given, 'POST', `${RECORDS}${query}`, {
    headers: { 'content-type': 'text/csv', prefer: 'wait=20' },
    body,
  })
}

/** A run that is over, of no file. */
async function ran(given: Given): Promise<string> {
  const { text } = await call(given, 'POST', '/v1/workflows/stock/runs', {
    headers: { prefer: 'wait=20' },
    body: { kind: 'plan' },
  })
  return textOf(objectIn(text)['id'] ?? '')
}

function basic(name: string, secret: string): string {
  return Buffer.from(`${name}:${secret}`).toString('base64')
}

async function tellBasic(gateway: TestGateway, name: string, secret: string, times: number): Promise<Told> {
  let last: Told | undefined
  for (let i = 0; i < times; i++) {
    const headers = { authorization: `Basic ${basic(name, secret)}` }
    last = await ask(fetch(`${gateway.url}/v1/caller`, { headers }))
  }
  if (!last) throw new Error('nothing was sent')
  return last
}
