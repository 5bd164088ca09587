import { setTimeout as sleep } from 'node:timers/promises'
import { http as connector } from '../../../connectors/http'
import { http } from '../../../shared/adapters/http'
import { signer } from '../../../shared/adapters/signer'
import type {
  Connection,
  Page,
  ReadRequest,
  Source,
  SyncMode,
  Target,
  Traffic,
  Write,
} from '../../../shared/core/connector'
import { Fault } from '../../../shared/core/fault'
import type { Clock, Files, Ports } from '../../../shared/core/ports'
import { keyRecord } from '../../../shared/core/record/key'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'

/** Real time, but waits of more than a moment are over at once: they count as if they had been waited. */
export class HurriedClock implements Clock {
  readonly slept: number[] = []
  /** Off by this much from the services' clocks. */
  constructor(private readonly offMs = 0) {}
  private skipped = 0

  now(): number {
    return Date.now() + this.skipped + this.offMs
  }
  elapsed(): number {
    return performance.now() + this.skipped
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.slept.push(ms)
    this.skipped += ms
    await sleep(0)
  }
  random(): number {
    return 0.5
  }
}

export interface Opened {
  connection: Connection
  traffic: Traffic
  ledger: CountingLedger
  clock: HurriedClock
  source: (settings?: DataRecord, key?: string[]) => Promise<Source>
  target: (settings?: DataRecord, mode?: SyncMode, key?: string[]) => Promise<Target>
}

/** The connector on the ports that Node gives, with one stream, `items`, at /items. */
export async function open(
  settings: DataRecord,
  files: Record<string, string> = {},
  clock = new HurriedClock(),
): Promise<Opened> {
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const ports: Ports = {
    ...unused,
    clock,
    http,
    signer,
    files: { ...noFiles, text: (path) => Promise.resolve(files[path] ?? '') },
  }
  const streams = { items: { path: '/items' } }
  const all = { proxy: 'none', streams, ...settings }
  const connection = await connector.open({ name: 'service', settings: all, ports, traffic })
  const ledger = new CountingLedger()
  return {
    connection,
    traffic,
    clock,
    ledger,
    source: (own = {}, key = ['sku']) => connection.source({ stream: 'items', settings: own, key, ledger }),
    target: (own = {}, mode = 'upsert', key = ['sku']) =>
      connection.target({ stream: 'items', settings: own, key, mode, workflow: 'test', ledger }),
  }
}

export async function pagesOf(source: Source, request: Partial<ReadRequest> = {}): Promise<Page[]> {
  const pages: Page[] = []
  const { signal } = new AbortController()
  for await (const page of source.read({ pageSize: 100, signal, ...request })) pages.push(page)
  return pages
}

export async function rowsOf(source: Source, request: Partial<ReadRequest> = {}): Promise<unknown[]> {
  return (await pagesOf(source, request)).flatMap(({ rows }) => rows)
}

export async function writeAll(
  target: Target,
  records: readonly DataRecord[],
  operation: Write['operation'] = 'upsert',
  exists?: boolean,
) {
  const writes = records.map((record): Write => {
    const key = keyRecord(record, ['sku'])
    const idempotencyKey = `${operation}-${JSON.stringify(record)}`
    return { operation, key, record, exists, idempotencyKey, json: JSON.stringify(record) }
  })
  const { signal } = new AbortController()
  return await target.write(
    { idempotencyKey: writes.map((write) => write.idempotencyKey).join(), writes },
    signal,
  )
}

export async function faultOf(acting: Promise<unknown>): Promise<Fault> {
  const end: unknown = await acting.catch((error: unknown) => error)
  if (end instanceof Fault) return end
  throw new Error('there was no fault', { cause: end })
}

/** Products with numbers that must keep their digits. */
export function products(count: number): DataRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    sku: `P${String(index + 1).padStart(4, '0')}`,
    quantity: index,
    updated_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
  }))
}

const never = () => {
  throw new Error('this test gives no such port')
}

const noFiles: Files = {
  locate: never,
  list: never,
  read: never,
  write: never,
  text: never,
  bytes: never,
  remove: never,
}

const unused: Omit<Ports, 'clock' | 'http' | 'signer' | 'files'> = {
  validator: { compile: never },
  spill: { log: never, table: never },
  log: { info: () => undefined, warn: () => undefined },
}
