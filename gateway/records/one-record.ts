import type { Connection } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { DataRecord } from '../../shared/core/record/value'
import type { Upload } from '../../shared/core/upload'

/** One record as what a workflow reads instead of its own source. */
export function oneRecord(record: DataRecord): Upload {
  return { stream: 'record', settings: {}, records: 1, connect: () => Promise.resolve(connectionOf(record)) }
}

function connectionOf(record: DataRecord): Connection {
  return {
    streams: () => Promise.resolve([]),
    source: () =>
      Promise.resolve({
        typed: true,
        async *read() {
          const end = { complete: false, evidence: 'it is one record.' }
          yield await Promise.resolve({ rows: [record], firstRow: 1, position: '1', end })
        },
      }),
    target: () =>
      Promise.reject(new Fault('CONNECTION_UNKNOWN', 'What was sent is read and never written to.')),
    check: async function* () {},
    close: () => Promise.resolve(),
  }
}
