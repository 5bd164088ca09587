import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { parseJson } from '../../../shared/core/format/json'
import { isObject, type DataRecord } from '../../../shared/core/record/value'
import type { TestGateway } from '../../support/gateway'

/** A workflow with a file of its own that mirrors it into a table of SQLite. */
export const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  db: { connector: sqlite, file: stock.sqlite }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: own.csv }
    target: { connection: db, stream: stock }
    schema:
      type: object
      required: [sku, quantity]
      properties:
        sku: { type: string }
        name: { type: [string, 'null'] }
        quantity: { type: integer, minimum: 0 }
    sync: { mode: mirror }
`

export function makeStock(folder: string): void {
  const db = new DatabaseSync(join(folder, 'stock.sqlite'))
  db.exec(
    'DROP TABLE IF EXISTS stock; CREATE TABLE stock (sku TEXT PRIMARY KEY, name TEXT, quantity INTEGER, note TEXT)',
  )
  db.close()
}

/** The rows of the table by key; integers beyond 2^53 as texts. */
export function stockIn(folder: string): unknown[][] {
  const db = new DatabaseSync(join(folder, 'stock.sqlite'))
  const select = db.prepare('SELECT sku, name, quantity FROM stock ORDER BY sku')
  select.setReadBigInts(true)
  const rows = select.all()
  db.close()
  return rows.map((row) =>
    Object.values(row).map((value) => (typeof value === 'bigint' ? plain(value) : value)),
  )
}

function plain(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

/** For `fetch`, which takes no bytes of a shared buffer. */
export function bytesOf(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}

export interface Answered {
  status: number
  json: DataRecord
  text: string
  headers: Headers
}

export interface Client {
  upload(
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<Answered>
  get(path: string, headers?: Record<string, string>): Promise<Answered>
  put(key: string, record: object, headers?: Record<string, string>): Promise<Answered>
  /** From the workflow's own source. */
  sync(): Promise<Answered>
}

/** A client of the workflow `stock` who may do everything. */
export function client(gateway: TestGateway): Client {
  const key = gateway.key()
  const records = '/v1/workflows/stock/records'
  const call = async (...[method, path, options]: [string, string, object?]): Promise<Answered> =>
    answered(await gateway.call(key, method, path, options))
  return {
    upload: (body, headers = {}, query = '') =>
      call('POST', records + query, { headers: { 'content-type': 'text/csv', ...headers }, body }),
    get: (path, headers = {}) => call('GET', path, { headers }),
    put: (id, record, headers = {}) => call('PUT', `${records}/${id}`, { headers, body: record }),
    sync: () => call('POST', '/v1/workflows/stock/runs', { headers: { prefer: 'wait=20' } }),
  }
}

async function answered(response: Response): Promise<Answered> {
  const { status, headers } = response
  const text = await response.text()
  const json = /[/+]json/.test(headers.get('content-type') ?? '') ? parseJson(text) : undefined
  return { status, headers, text, json: isObject(json) ? { ...json } : {} }
}
