// What tests of connectors say again and again: batches, pages, ports of which only the log is used.
import {
  MalformedRow,
  type Batch,
  type Operation,
  type Page,
  type ReadRequest,
  type Source,
} from '../../shared/core/connector'
import type { Ports } from '../../shared/core/ports'
import { keyRecord } from '../../shared/core/record/key'
import type { DataRecord, Value } from '../../shared/core/record/value'
import { FakeClock } from './fake-clock'

export const never = new AbortController().signal

let batches = 0

export function batchOf(operation: Operation, key: readonly string[], records: readonly DataRecord[]): Batch {
  return {
    idempotencyKey: `batch-${String(++batches)}`,
    writes: records.map((record, i) => ({
      operation,
      key: keyRecord(record, key),
      record,
      exists: undefined,
      idempotencyKey: String(i),
      json: JSON.stringify(record),
    })),
  }
}

export async function pagesOf(source: Source, request: Partial<ReadRequest> = {}): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of source.read({ pageSize: 2, signal: never, ...request })) pages.push(page)
  return pages
}

/** All rows of a read; a malformed one stops the test. */
export async function rowsOf(source: Source, request: Partial<ReadRequest> = {}): Promise<DataRecord[]> {
  return (await pagesOf(source, request)).flatMap(recordsOf)
}

export function recordsOf(page: Page): DataRecord[] {
  return page.rows.map((row) => {
    if (row instanceof MalformedRow) throw new Error(`${row.place}: ${row.rejection.message}`)
    return row
  })
}

/** The values of one field. */
export function column(rows: readonly DataRecord[], field: string): (Value | undefined)[] {
  return rows.map((row) => row[field])
}

export function portsWithLog(warnings: string[]): Ports {
  return {
    clock: new FakeClock(),
    http: { open: refuse },
    files: {
      list: refuse,
      read: refuse,
      write: refuse,
      text: refuse,
      bytes: refuse,
      remove: refuse,
      locate: refuse,
    },
    validator: { compile: refuse },
    spill: { log: refuse, table: refuse },
    signer: { hmac: refuse, digest: refuse, jwt: refuse, id: refuse },
    log: {
      info: () => undefined,
      warn: (message) => {
        warnings.push(message)
      },
    },
  }
}

const refuse = (): never => {
  throw new Error('this test has no such port')
}
