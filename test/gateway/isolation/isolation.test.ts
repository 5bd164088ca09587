// Every route that names something x the caller of another tenant x each way to prove who one is: 404, as if it were
// not there. Made from the table of operations: a route with an id that nobody thought of here fails.
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, SignJWT } from 'jose'
import { Agent, fetch as undiciFetch } from 'undici'
import { fingerprintOf } from '../../../gateway/access/certificate'
import { subjectProof } from '../../../gateway/access/outside-tokens'
import { operations, type OperationId } from '../../../shared/contract/operations'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { Authority } from '../../support/certificates'
import { folderWith } from '../../support/folder'
import { startGateway, type TestGateway } from '../../support/gateway'
import { itemsIn, objectIn, type Json } from '../../support/answers'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    schema: { type: object, properties: { sku: { type: string }, quantity: { type: integer } } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock-\${TENANT}.ndjson }
`
const FILES = { 'tieout.yaml': DEFINITION, 'stock.csv': 'sku,quantity\nA1,5\nB2,many\n' }

/** Of what belongs to the tenant `one`; a workflow is of the definition, which all tenants share. */
interface Ids {
  workflow: string
  run: string
  exception: string
  group: string
  reconciliation: string
  webhook: string
  export: string
  request: string
  outcome: string
  key: string
  code: string
}

/** Operations whose ids name nothing that belongs to a tenant, and why. */
const NOT_OF_A_TENANT: Readonly<Partial<Record<OperationId, string>>> = {
  getError: 'the dictionary is public',
}

/** Of an identity provider that the operator trusts. */
const ISSUER = {
  issuer: 'https://login.example.com/',
  audience: 'tieout',
  algorithms: ['RS256'],
  claim: 'azp',
}
const provider = generateKeyPairSync('rsa', { modulusLength: 2048 })

let gateway: TestGateway
let keys: ReturnType<typeof folderWith>
let authority: Authority
let ids: Ids
let ways: Record<string, { headers: Record<string, string>; query?: string; dispatcher: Agent }>
let own: Record<string, string>
let plain: Agent

beforeAll(async () => {
  authority = new Authority()
  const { cert, key } = authority.issue()
  const jwk = { ...(await exportJWK(provider.publicKey)), alg: 'RS256' }
  keys = folderWith({ 'jwks.json': JSON.stringify({ keys: [jwk] }) })
  gateway = await startGateway({
    files: FILES,
    tls: { cert, key },
    allowedHosts: ['127.0.0.1:1'],
    access: {
      keyInQuery: true,
      issuers: [{ name: 'corp', jwks: join(keys.path, 'jwks.json'), ...ISSUER }],
    },
  })
  plain = new Agent({ connect: { ca: authority.cert, servername: 'localhost' } })
  own = { 'x-api-key': gateway.key({ client: 'one', tenant: 'one' }) }
  ids = await idsOfOne()
  ways = await waysOfTwo()
}, 60_000)
afterAll(async () => {
  await Promise.all(Object.values(ways).map(({ dispatcher }) => dispatcher.close()))
  await gateway.close()
  keys.remove()
  authority.remove()
})

interface Answered {
  status: number
  body: Json
  link: string
  request: string
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string>,
  dispatcher: Agent,
  body?: object,
): Promise<Answered> {
  const response = await undiciFetch(gateway.url + path, {
    method,
    dispatcher,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : { text }
  return {
    status: response.status,
    body: objectIn(json),
    link: response.headers.get('link') ?? '',
    request: response.headers.get('x-request-id') ?? '',
  }
}

const mine = (method: string, path: string, body?: object): Promise<Answered> =>
  call(method, path, own, plain, body)

const first = (page: Json, field: string): string => String(itemsIn(page)[0]?.[field])

async function idsOfOne(): Promise<Ids> {
  const run = await mine('POST', '/v1/workflows/stock/runs', { kind: 'sync' })
  const compared = await mine('POST', '/v1/workflows/stock/runs', { kind: 'reconcile' })
  const exceptions = await mine('GET', '/v1/exceptions')
  const groups = await mine('GET', '/v1/exceptions/groups')
  const webhook = await mine('POST', '/v1/webhooks', { url: 'http://127.0.0.1:1/hook' })
  const download = await mine('GET', '/v1/workflows/stock/records')
  return {
    workflow: 'stock',
    run: String(run.body['id']),
    exception: first(exceptions.body, 'id'),
    group: first(groups.body, 'group'),
    reconciliation: String(compared.body['id']),
    webhook: String(webhook.body['id']),
    export: /exports\/(\w+)>/.exec(download.link)?.[1] ?? 'undefined',
    request: download.request,
    outcome: 'failed',
    key: 'A1',
    code: 'UNEXPECTED',
  }
}

async function waysOfTwo(): Promise<typeof ways> {
  const rights = { client: 'two', scopes: SCOPES, workflows: 'all', addresses: [] } as const
  const key = gateway.key({ client: 'two', tenant: 'two' })
  const { secret, credential } = await gateway.issue.secret(rights)
  const issued = authority.issue({ name: 'two' })
  gateway.issue.registered(rights, 'certificate', fingerprintOf(new X509Certificate(issued.cert)))
  const token = await gateway.access.tokens.own.issue(credential, SCOPES, undefined)
  const shows = new Agent({ connect: { ca: authority.cert, servername: 'localhost', ...issued } })
  gateway.issue.registered(rights, 'subject', subjectProof('corp', 'two'))
  const jwt = await new SignJWT({ azp: 'two' })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(ISSUER.issuer)
    .setAudience(ISSUER.audience)
    .setExpirationTime('5m')
    .sign(provider.privateKey)
  const basic = Buffer.from(`two:${secret}`).toString('base64')
  return {
    'API key': { headers: { 'x-api-key': key }, dispatcher: plain },
    Basic: { headers: { authorization: `Basic ${basic}` }, dispatcher: plain },
    token: { headers: { authorization: `Bearer ${token}` }, dispatcher: plain },
    'token of an outside issuer': { headers: { authorization: `Bearer ${jwt}` }, dispatcher: plain },
    'API key in the address': { headers: {}, query: `?api_key=${key}`, dispatcher: plain },
    certificate: { headers: {}, dispatcher: shows },
  }
}

const placeholders = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

/** Routes that name something of a tenant: any id but that of a workflow, whose definition is the same for all. */
const rows = Object.entries(operations).filter(
  ([id, { path }]) =>
    !Object.hasOwn(NOT_OF_A_TENANT, id) &&
    placeholders(path).some((name) => name !== 'workflow' && name !== 'key' && name !== 'outcome'),
)

const pathOf = (path: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value: unknown = Object.entries(ids).find(([known]) => known === name)?.[1]
    // a route with an id that nobody thought of
    if (typeof value !== 'string' || value === 'undefined')
      throw new Error(`the matrix has no id for {${name}}`)
    return encodeURIComponent(value)
  })

test('the matrix has an id for every placeholder of every route', () => {
  expect(Object.values(ids)).not.toContain('undefined')
  for (const { path } of Object.values(operations)) expect(() => pathOf(path)).not.toThrow()
  expect(rows.length).toBeGreaterThanOrEqual(14)
})

test('the owner reaches what it names, so that the 404 of others says something', async () => {
  for (const id of [
    'getRun',
    'getException',
    'getReconciliation',
    'listBreaks',
    'explainGroup',
    'getExport',
    'getRequest',
  ] as const)
    expect([id, (await mine('GET', pathOf(operations[id].path))).status]).toEqual([id, 200])
  const webhooks = await mine('GET', '/v1/webhooks')
  expect(JSON.stringify(webhooks.body)).toContain(ids.webhook)
})

test.each(rows)(
  '%s of another tenant is not there, by whatever one proves who one is',
  async (_id, operation) => {
    for (const [way, { headers, query = '', dispatcher }] of Object.entries(ways)) {
      const body = operation.request && bodyOf(operation.request.content)
      const answer = await call(operation.method, pathOf(operation.path) + query, headers, dispatcher, body)
      expect([way, answer.status, answer.body['code']]).toEqual([
        way,
        404,
        expect.stringMatching(/_UNKNOWN$/),
      ])
      expect(answer.body['code']).not.toBe('ROUTE_UNKNOWN')
    }
  },
)

test('lists of another tenant are empty, and nothing of it shows in any of them', async () => {
  for (const [id, { method, path, access }] of Object.entries(operations)) {
    if (method !== 'GET' || access === 'public' || placeholders(path).some((name) => name !== 'workflow'))
      continue
    for (const { headers, query = '', dispatcher } of Object.values(ways)) {
      const { status, body } = await call('GET', pathOf(path) + query, headers, dispatcher)
      expect([id, status]).toEqual([id, 200])
      // what they asked for themselves stands in their own log
      const text = JSON.stringify(body, (name, value: unknown) => (name === 'path' ? undefined : value))
      for (const name of ['run', 'reconciliation', 'webhook', 'export', 'request'] as const)
        expect([id, text.includes(ids[name])]).toEqual([id, false])
    }
  }
})

test('nothing that is not public opens without credentials', async () => {
  for (const [id, { method, path, access }] of Object.entries(operations)) {
    const { status, body } = await call(method, pathOf(path), {}, plain)
    if (access !== 'public') expect([id, status, body['code']]).toEqual([id, 401, 'CREDENTIALS_MISSING'])
  }
})

test('nothing opens without its scope', async () => {
  const scopeless = { 'x-api-key': gateway.key({ client: 'none', tenant: 'one', scopes: [] }) }
  for (const [id, { method, path, access }] of Object.entries(operations)) {
    if (access === 'public') continue
    const { status, body } = await call(method, pathOf(path), scopeless, plain)
    expect([id, status, body['code'], body['evidence']]).toEqual([
      id,
      403,
      'SCOPE_NEEDED',
      expect.objectContaining({ scope: access.scope }),
    ])
  }
})

test('a key for other workflows sees nothing of this one', async () => {
  const other = { 'x-api-key': gateway.key({ client: 'other', tenant: 'one', workflows: ['other'] }) }
  const named = Object.entries(operations).filter(([, { access }]) => access !== 'public' && access.workflow)
  for (const [id, operation] of named) {
    const body = operation.request && bodyOf(operation.request.content)
    const { status } = await call(operation.method, pathOf(operation.path), other, plain, body)
    expect([id, status]).toEqual([id, 404])
  }
})

test('what a body names of another tenant, or of a workflow that the key may not use, is not there', async () => {
  const foreign = Object.values(ways)[0]?.headers ?? {}
  const narrow = { 'x-api-key': gateway.key({ client: 'other', tenant: 'one', workflows: ['other'] }) }
  const named = [{ ids: [Number(ids.exception)] }, { group: ids.group }]
  const change = { change: { comment: 'mine' } }
  const decision = { decision: 'accept-source' }
  for (const headers of [foreign, narrow])
    for (const chosen of named)
      for (const [path, body] of [
        ['/v1/exceptions/changes', { ...chosen, ...change }],
        ['/v1/exceptions/changes', { ...chosen, ...change, preview: true }],
        ['/v1/workflows/stock/retries', chosen],
        ['/v1/workflows/stock/decisions', { ...chosen, ...decision }],
        ['/v1/workflows/stock/decisions/preview', { ...chosen, ...decision }],
      ] as const) {
        const { status, body: answer } = await call('POST', path, headers, plain, body)
        expect([path, chosen, status, answer['code']]).toEqual([
          path,
          chosen,
          404,
          expect.stringMatching(/^(EXCEPTION|WORKFLOW)_UNKNOWN$/),
        ])
      }
})

test('a route without an access rule stops the start', () => {
  expect(() => gateway.app.get('/v1/forgotten', () => 'hello')).toThrow()
})

function bodyOf(content: Readonly<Record<string, { examples: Readonly<Record<string, unknown>> }>>): object {
  const example = Object.values(content['application/json']?.examples ?? {})[0]
  return typeof example === 'object' && example !== null ? example : {}
}
