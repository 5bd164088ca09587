import { join } from 'node:path'
import { SCOPES } from '../../shared/contract/operations/operation'
import { Issue, type NewCredential } from '../../gateway/access/issue'
import { openGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway'
import { DEFAULT_TENANT } from '../../gateway/tenant'
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

type Options = Partial<GatewayOptions> & {
  /** In place of stock. */
  files?: Readonly<Record<string, string>>
  /** Of a gateway that ended, to start another on its state. */
  folder?: string
}

export interface TestGateway extends Gateway {
  url: string
  folder: string
  issue: Issue
  /** A key that may do everything, unless told otherwise; its client and tenant are made with it. */
  key(options?: Partial<NewCredential> & { tenant?: string }): string
  /** With that key in X-API-Key; a body that is an object goes as JSON. */
  call(key: string, method: string, path: string, options?: CallOptions): Promise<Response>
  /** As at the end of `tieout serve`: who waits is answered. `close` breaks connections off. */
  stop(): Promise<void>
}

export interface CallOptions {
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array<ArrayBuffer> | object
}

/** A gateway on a free port in this process. */
export async function startGateway({ files = FILES, ...options }: Options = {}): Promise<TestGateway> {
  const made = options.folder === undefined ? folderWith(files) : undefined
  const folder = options.folder ?? made?.path ?? ''
  const gateway = await openGateway({
    config: join(folder, 'tieout.yaml'),
    env: {},
    say: () => undefined,
    ...options,
  })
  const { app, access, ring } = gateway
  const listening = await app.listen({ host: '127.0.0.1', port: 0 })
  const url = options.tls ? listening.replace('http:', 'https:') : listening
  const issue = new Issue(access.clients, ring, options.now ?? Date.now)
  return {
    ...gateway,
    url,
    folder,
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
    stop: async () => {
      await gateway.close()
      made?.remove()
    },
    close: async () => {
      app.server.closeAllConnections()
      await gateway.close()
      made?.remove()
    },
  }
}
