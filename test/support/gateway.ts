import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { operations, type OperationId } from '../../shared/contract/operations'
import { SCOPES } from '../../shared/contract/operations/operation'
import { openAccess, type Access } from '../../gateway/access'
import { Hops } from '../../gateway/access/hops'
import { Issue, type NewCredential } from '../../gateway/access/issue'
import { DEFAULT_ACCESS, type AccessSettings } from '../../gateway/access/settings'
import type { Handler, Handlers } from '../../gateway/call'
import { accessHandlers } from '../../gateway/handlers/access'
import { eventHandlers } from '../../gateway/handlers/events'
import { exceptionHandlers } from '../../gateway/handlers/exceptions'
import { reconciliationHandlers } from '../../gateway/handlers/reconciliations'
import { recordHandlers } from '../../gateway/handlers/records'
import { runHandlers } from '../../gateway/handlers/runs'
import { serviceHandlers } from '../../gateway/handlers/service'
import { workflowHandlers } from '../../gateway/handlers/workflows'
import { ClaimStore } from '../../gateway/idempotency/claim-store'
import { KeptAnswers } from '../../gateway/idempotency/kept'
import { Keyring } from '../../gateway/keyring'
import { ClientLimits } from '../../gateway/limits/client-limits'
import { Counters } from '../../gateway/limits/counters'
import { DEFAULT_POLICIES, type Policy } from '../../gateway/limits/policy'
import { createServer } from '../../gateway/server'
import { openGatewayStore } from '../../gateway/store/open'
import { DEFAULT_TENANT, Tenants } from '../../gateway/tenants'
import { Vault } from '../../gateway/vault'
import { Webhooks } from '../../gateway/webhooks/webhooks'
import type { Sql } from '../../shared/adapters/store/sql'
import { folderWith } from './folder'

/** Stock in a CSV file that goes to a file beside it. */
const FILES: Readonly<Record<string, string>> = {
  'tieout.yaml': `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock-\${TENANT}.ndjson }
`,
  'stock.csv': 'sku,quantity\nA1,5\nB2,7\n',
}

export interface GatewayOptions {
  /** In place of stock. */
  files?: Readonly<Record<string, string>>
  /** Of a gateway that ended, to start another on its state. */
  folder?: string
  access?: Partial<AccessSettings>
  policies?: readonly Policy[]
  tls?: { cert: string; key: string }
  /** In place of those of the gateway, for faults that cannot be made otherwise. */
  handlers?: Partial<Handlers>
  now?: () => number
  /** Hosts that webhooks may go to although they are private. */
  allowedHosts?: readonly string[]
}

export interface TestGateway {
  url: string
  folder: string
  sql: Sql
  access: Access
  vault: Vault
  ring: Keyring
  issue: Issue
  /** A key that may do everything, unless told otherwise; its client and tenant are made with it. */
  key(options?: Partial<NewCredential> & { tenant?: string }): string
  /** With that key in X-API-Key; a body that is an object goes as JSON. */
  call(key: string, method: string, path: string, options?: CallOptions): Promise<Response>
  close(): Promise<void>
}

export interface CallOptions {
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array<ArrayBuffer> | object
}

/** A gateway with real parts on a free port in this process. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const { now = Date.now, tls, allowedHosts = [] } = options
  const made = options.folder === undefined ? folderWith(options.files ?? FILES) : undefined
  const folder = options.folder ?? made?.path ?? ''
  const state = join(folder, '.tieout')
  mkdirSync(state, { recursive: true })
  const sql = openGatewayStore(join(state, 'gateway.sqlite'))
  const ring = new Keyring(join(state, 'gateway.key'))
  const vault = new Vault(sql, ring)
  const tenants = new Tenants({
    config: join(folder, 'tieout.yaml'),
    env: {},
    sql,
    runsAtOnce: 2,
    say: () => undefined,
  })
  const tenant = (id: string): ReturnType<Tenants['tenant']> => tenants.tenant(id)
  const settings = { ...DEFAULT_ACCESS, ...options.access }
  const access = openAccess({ sql, ring, settings, tenant, now })
  const limits = new ClientLimits({
    policies: options.policies ?? DEFAULT_POLICIES,
    changes: (client) => access.clients.client(client)?.limits ?? {},
    counters: new Counters(sql),
    now,
  })
  const claims = new ClaimStore(sql)
  claims.recover(now())
  const webhooks = new Webhooks({
    sql,
    vault,
    allowedHosts,
    newId: () => Math.random().toString(16).slice(2, 10),
    newest: () => Promise.resolve(0),
    before: () => Promise.resolve(0),
  })
  const app = createServer({
    handlers: {
      ...absent(),
      ...serviceHandlers({
        version: '0',
        apiVersion: '2026-11-23',
        openApi: () => Promise.resolve({}),
        openApi30: () => Promise.resolve({}),
      }),
      ...accessHandlers({ tokenEndpoint: access.tokenEndpoint, limits }),
      ...workflowHandlers(limits),
      ...recordHandlers(limits),
      ...runHandlers,
      ...exceptionHandlers,
      ...reconciliationHandlers,
      ...eventHandlers({ webhooks }),
      ...options.handlers,
    },
    authenticate: access.authenticate,
    hops: new Hops(settings),
    limits,
    idempotency: new KeptAnswers(claims, now),
    baseUrl: undefined,
    tls,
    maxBytes: 64 * 1024 * 1024,
    now,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const issue = new Issue(access.clients, ring, now)
  return {
    url,
    folder,
    sql,
    access,
    vault,
    ring,
    issue,
    key: ({ client = 'acme', tenant: of = DEFAULT_TENANT, ...rights } = {}) => {
      if (!access.clients.client(client)) issue.client(client, of)
      return issue.apiKey({ client, scopes: SCOPES, workflows: 'all', addresses: [], ...rights }).key
    },
    call: (key, method, path, { headers = {}, body } = {}) => {
      const plain = typeof body === 'string' || body instanceof Uint8Array || body === undefined
      return fetch(url + path, {
        method,
        headers: {
          'x-api-key': key,
          ...(plain ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
      })
    },
    close: async () => {
      app.server.closeAllConnections()
      await app.close()
      await tenants.close()
      sql.close()
      made?.remove()
    },
  }
}

/** Of groups that are not there yet. */
function absent(): Handlers {
  const nothing: Handler = () => Promise.reject(new Error('not there yet'))
  const ids = Object.keys(operations).filter((id): id is OperationId => Object.hasOwn(operations, id))
  return Object.fromEntries(ids.map((id) => [id, nothing])) as Handlers
}
