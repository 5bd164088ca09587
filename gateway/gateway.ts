import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { clock } from '../shared/adapters/clock'
import { signer } from '../shared/adapters/signer'
import { prepareState } from '../shared/adapters/state-folder'
import { Answers } from '../shared/adapters/store/answers'
import type { Sql } from '../shared/adapters/store/sql'
import { VERSIONS } from '../shared/contract/versions'
import { Fault } from '../shared/core/fault'
import { openAccess, type Access } from './access'
import { ClientStore } from './access/client-store'
import { Hops } from './access/hops'
import { DEFAULT_ACCESS, type AccessSettings } from './access/settings'
import { AccessAudit } from './audit/access-audit'
import { AuditLog } from './audit/log'
import type { AuditEntry } from './audit/entry'
import type { BodyPatience } from './body'
import type { Handlers } from './call'
import { accessHandlers } from './handlers/access'
import { decisionHandlers } from './handlers/decisions'
import { eventHandlers } from './handlers/events'
import { exceptionHandlers } from './handlers/exceptions'
import { reconciliationHandlers } from './handlers/reconciliations'
import { recordHandlers } from './handlers/records'
import { requestHandlers } from './handlers/requests'
import { runHandlers } from './handlers/runs'
import { serviceHandlers } from './handlers/service'
import { workflowHandlers } from './handlers/workflows'
import { breakOffAll } from './http/connections'
import { ClaimStore } from './idempotency/claim-store'
import { KeptAnswers } from './idempotency/kept'
import { Keyring } from './keyring'
import { ClientLimits } from './limits/client-limits'
import { Counters } from './limits/counters'
import { DEFAULT_POLICIES, type Policy } from './limits/policy'
import { openApiDocument } from './openapi'
import { RequestLog } from './requests/log'
import { createServer } from './server'
import { openGatewayStore } from './store/open'
import { DEFAULT_TENANT } from './tenant'
import { Tenants } from './tenants'
import { Vault } from './vault'
import { VERSION } from './version'
import { Delivery } from './webhooks/delivery'
import { Webhooks } from './webhooks/webhooks'

export interface GatewayOptions {
  /** Path of the definition; the state is in `.tieout` beside it. */
  config: string
  secretsFile?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  access?: Partial<AccessSettings>
  policies?: readonly Policy[]
  baseUrl?: string | undefined
  tls?: { cert: string; key: string } | undefined
  /** Hosts that webhooks may go to although they are private, as `name:port`. */
  allowedHosts?: readonly string[]
  /** How often it is looked for events to send. */
  webhooksEveryMs?: number
  /** Largest body, unpacked. */
  maxBytes?: number
  /** Of the server; see there. */
  patience?: Partial<BodyPatience>
  requestsAtOnce?: number
  /** Runs of one tenant at once. */
  runsAtOnce?: number
  say: (line: string) => void
  now?: () => number
  /** In place of those of the gateway, for faults that cannot be made otherwise. */
  handlers?: Partial<Handlers>
}

const MAX_BYTES = 4 * 1024 ** 3
const RUNS_AT_ONCE = 4
const FAREWELL_MS = 10_000
/** After so long another may be there. */
const STOPPING_MS = 2000
const IDLE_LOOK_MS = 50

/** Everything that a gateway is made of. */
export interface Gateway {
  app: FastifyInstance
  sql: Sql
  ring: Keyring
  vault: Vault
  access: Access
  audit: AuditLog
  /** Runs go on at the next start; requests under way are answered first, unless they take too long. */
  close(): Promise<void>
}

/** Opens the state, goes on with what was left unfinished, and makes a server that does not listen yet. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, env, secretsFile, say, now = () => clock.now(), allowedHosts = [] } = options
  const state = join(dirname(config), '.tieout')
  await prepareState(state)
  mkdirSync(state, { recursive: true })
  const sql = openGatewayStore(join(state, 'gateway.sqlite'))
  const ring = new Keyring(join(state, 'gateway.key'))
  const vault = new Vault(sql, ring)
  const runsAtOnce = options.runsAtOnce ?? RUNS_AT_ONCE
  const enter = (client: string): (() => void) => limits.enter({ client })
  const tenants = new Tenants({ config, secretsFile, env, sql, runsAtOnce, enter, say })
  const tenant = (id: string): ReturnType<Tenants['tenant']> => tenants.tenant(id)
  const settings = { ...DEFAULT_ACCESS, ...options.access }
  const audit = new AuditLog(sql, ring)
  const clients = new ClientStore(sql)
  const write = (entry: AuditEntry): void => {
    audit.write(entry)
  }
  const accessAudit = new AccessAudit({ clients, write, say, now })
  const access = openAccess({ sql, ring, settings, tenant, now, clients, audit: accessAudit })
  const limits = new ClientLimits({
    policies: options.policies ?? DEFAULT_POLICIES,
    changes: (client) => access.clients.client(client)?.limits ?? {},
    counters: new Counters(sql),
    now,
  })
  const requests = new RequestLog({ sql, now, say })
  const answers = new Answers(sql)
  const claims = new ClaimStore(sql, answers)
  claims.recover(now())
  const webhooks = new Webhooks({
    sql,
    answers,
    vault,
    allowedHosts,
    newId: () => signer.id(),
    newest: async (id) => (await tenant(id)).store.inbox.lastEvent(),
    before: async (id, at) => (await tenant(id)).store.inbox.lastEventBefore(at),
    waiting: async ({ tenant: id, delivered, types, workflows }) =>
      (await tenant(id)).store.inbox.countEvents({
        after: delivered,
        types: types.length === 0 ? undefined : types,
        workflows,
      }),
  })
  const delivery = new Delivery({ webhooks, tenant, allowedHosts, now, lookEveryMs: options.webhooksEveryMs })
  const handlers: Handlers = {
    ...serviceHandlers({
      version: VERSION,
      apiVersion: VERSIONS[0],
      openApi: () => openApiDocument('openapi.json'),
      openApi30: () => openApiDocument('openapi-3.0.json'),
    }),
    ...accessHandlers({ tokenEndpoint: access.tokenEndpoint, limits }),
    ...requestHandlers(requests),
    ...workflowHandlers(limits),
    ...recordHandlers(limits),
    ...runHandlers,
    ...exceptionHandlers,
    ...decisionHandlers,
    ...reconciliationHandlers,
    ...eventHandlers({ webhooks }),
    ...options.handlers,
  }
  const stopping = new AbortController()
  const app = createServer({
    handlers,
    authenticate: access.authenticate,
    hops: new Hops(settings),
    limits,
    idempotency: new KeptAnswers({ claims, answers, ring, now }),
    audit: write,
    logRequest: (entry) => {
      requests.add(entry)
    },
    baseUrl: options.baseUrl,
    tls: options.tls,
    maxBytes: options.maxBytes ?? MAX_BYTES,
    patience: options.patience,
    requestsAtOnce: options.requestsAtOnce,
    stopping: stopping.signal,
    say,
    now,
  })
  // unfinished jobs of all tenants go on without waiting for a request of theirs
  const known = new Set([DEFAULT_TENANT, ...access.clients.clients().map((client) => client.tenant)])
  for (const id of known) await tenant(id)
  delivery.start()
  return {
    app,
    sql,
    ring,
    vault,
    access,
    audit,
    close: async () => {
      delivery.stop()
      stopping.abort(new Fault('GATEWAY_BUSY', 'The gateway is stopping.', { stopping: true }, STOPPING_MS))
      await closeServer(app)
      await tenants.close()
      requests.close()
      accessAudit.close()
      sql.close()
    },
  }
}

/** Requests under way are answered first; connections end as they become idle, in the end all of them. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const { server } = app
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, IDLE_LOOK_MS)
  const late = setTimeout(() => {
    breakOffAll(server)
  }, FAREWELL_MS)
  await app.close()
  clearInterval(idle)
  clearTimeout(late)
}
