import type { SyncMode } from '../../shared/core/connector'
import type { Ports } from '../../shared/core/ports'
import type { DataRecord } from '../../shared/core/record/value'

/** What the common suite needs to try a connector on a real system. One file per connector in `drivers/`. */
export interface Driver {
  /** `describePostgres` and its like, for a system that a machine may lack. */
  describe?: (name: string, tests: () => void) => void
  /** What the system cannot keep, each with its reason. This list may only shrink. */
  waivers?: { absent?: string }
  start(): Promise<LiveSystem>
}

/** A real system. Its records have the fields `id` (text, the key), `name` (text or null) and `qty` (integer). */
export interface LiveSystem {
  ports: Ports
  /** Of the connection. */
  settings: DataRecord
  /** Makes a new stream that holds these records, of no other name than a stream made before. */
  stream(records: readonly DataRecord[]): Promise<string>
  /** Of a workflow's target, where the connector needs some. */
  targetSettings?(mode: SyncMode): DataRecord
  stop(): Promise<void>
}
