import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeFiles } from '../../../shared/adapters/files'
import { http } from '../../../shared/adapters/http'
import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import {
  MalformedRow,
  type Answer,
  type Batch,
  type Connection,
  type Connector,
  type ListingEnd,
  type Operation,
  type Page,
  type Source,
  type Target,
  type TargetRequest,
} from '../../../shared/core/connector'
import { printJson } from '../../../shared/core/format/json'
import type { Ports } from '../../../shared/core/ports'
import { canonicalText } from '../../../shared/core/record/canonical'
import { keyRecord } from '../../../shared/core/record/key'
import { CountingLedger } from '../../../shared/core/record/ledger'
import type { DataRecord } from '../../../shared/core/record/value'
import { FakeClock } from '../../support/fake-clock'

export const live = new AbortController().signal

/** A folder of its own with real files, and a file connector open on it. */
export class FileBench {
  readonly ledger = new CountingLedger()
  private connections: Connection[] = []

  private constructor(
    readonly folder: string,
    readonly ports: Ports,
  ) {}

  static async open(around: (ports: Ports) => Ports = (ports) => ports): Promise<FileBench> {
    const folder = await mkdtemp(join(tmpdir(), 'tieout-files-'))
    return new FileBench(folder, around(portsIn(folder)))
  }

  async close(): Promise<void> {
    await this.release()
    await rm(this.folder, { recursive: true, force: true })
  }

  async connection(connector: Connector, settings: DataRecord = {}): Promise<Connection> {
    const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
    const connection = await connector.open({ name: 'files', settings, ports: this.ports, traffic })
    this.connections.push(connection)
    return connection
  }

  /** Closes what is open, as at the end of a run that did not finish. */
  async release(): Promise<void> {
    for (const connection of this.connections) await connection.close()
    this.connections = []
  }

  async source(connector: Connector, stream: string, settings: DataRecord = {}): Promise<Source> {
    return (await this.connection(connector)).source({ stream, settings, key: [], ledger: this.ledger })
  }

  async target(connector: Connector, stream: string, request: Partial<TargetRequest> = {}): Promise<Target> {
    const connection = await this.connection(connector)
    const defaults = {
      settings: {},
      key: ['id'],
      mode: 'upsert',
      workflow: 'stock',
      ledger: this.ledger,
    } as const
    return connection.target({ ...defaults, stream, ...request })
  }

  put(name: string, content: string | Uint8Array): Promise<void> {
    return writeFile(join(this.folder, name), content)
  }

  text(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  /** Every row of a file. */
  async rows(
    connector: Connector,
    name: string,
    settings: DataRecord = {},
  ): Promise<(DataRecord | MalformedRow)[]> {
    return (await readAll(await this.source(connector, name, settings))).rows
  }

  /** Writes the records in one batch and finishes. */
  async write(
    connector: Connector,
    name: string,
    records: DataRecord[],
    request: Partial<TargetRequest> = {},
  ): Promise<Answer[]> {
    const target = await this.target(connector, name, request)
    const answers = await target.write(
      batchOf(records, request.mode === 'append' ? 'insert' : 'upsert', request.key),
      live,
    )
    await target.finish?.(live)
    return answers
  }
}

/** Records as they are; of malformed rows where they are and what is wrong with them. */
export function shown(rows: readonly unknown[]): unknown[] {
  return rows.map((row) => (row instanceof MalformedRow ? [row.place, row.rejection.code] : row))
}

function portsIn(folder: string): Ports {
  return {
    clock: new FakeClock(),
    http,
    files: new NodeFiles(folder, http),
    validator: { compile: () => () => undefined },
    spill: new NodeSpill(folder),
    signer,
    log: { info: () => undefined, warn: () => undefined },
  }
}

export function batchOf(
  records: DataRecord[],
  operation: Operation = 'upsert',
  key: readonly string[] = ['id'],
): Batch {
  const writes = records.map((record) => ({
    operation,
    key: keyRecord(record, key),
    record,
    exists: undefined,
    idempotencyKey: operation + canonicalText(record),
    json: printJson(record),
  }))
  return {
    idempotencyKey: signer.digest('sha256', writes.map((write) => write.idempotencyKey).join(), 'hex'),
    writes,
  }
}

export async function pagesOf(source: Source, pageSize = 1000, after?: string): Promise<Page[]> {
  const pages: Page[] = []
  const request = { pageSize, signal: live, ...(after === undefined ? {} : { after }) }
  for await (const page of source.read(request)) pages.push(page)
  return pages
}

export async function readAll(
  source: Source,
  pageSize?: number,
): Promise<{ rows: (DataRecord | MalformedRow)[]; end: ListingEnd | undefined }> {
  const pages = await pagesOf(source, pageSize)
  return { rows: pages.flatMap((page) => page.rows), end: pages.at(-1)?.end }
}
