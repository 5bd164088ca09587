import type { Operation, Write } from '../connector'
import { hex, type Hasher } from '../record/hash'
import { keyRecord } from '../record/key'
import type { Shapes } from '../record/shapes'
import type { HashLanes } from '../record/checksum'
import type { DataRecord } from '../record/value'

/** A record on its way to the target. What only some targets ask for is made when they ask. */
export class PendingWrite implements Write {
  /** It has its outcome. */
  settled = false

  constructor(
    readonly operation: Operation,
    readonly record: DataRecord,
    readonly keyText: string,
    private readonly scope: WriteScope,
    /** Ordinal in the source; 0 for a record that only the target has. */
    readonly row: number,
    readonly keyHash: HashLanes,
    readonly payloadHash: HashLanes,
    /** The record as it was read. */
    readonly source: DataRecord,
    /** Whether the target is known to hold the record; undefined where nobody knows. */
    public exists?: boolean | undefined,
  ) {}

  get key(): DataRecord {
    return keyRecord(this.record, this.scope.key)
  }

  /** Names of the fields; the same list for records of one shape, so that a million of them share it. */
  get fields(): readonly string[] {
    return this.scope.shapes.fieldsOf(this.record)
  }

  get json(): string {
    return JSON.stringify(this.record)
  }

  /** 16 hexadecimal digits, as the store keeps it. */
  get hash(): string {
    return hex(this.payloadHash.a) + hex(this.payloadHash.b)
  }

  get idempotencyKey(): string {
    const { hasher } = this.scope
    hasher.text(this.scope.workflow + this.scope.run + this.operation)
    hasher.chain(this.keyHash.a, this.keyHash.b).chain(this.payloadHash.a, this.payloadHash.b)
    return hasher.hex128()
  }
}

export interface WriteScope {
  shapes: Shapes
  workflow: string
  key: readonly string[]
  hasher: Hasher
  /**
   * A run keeps its id when it is resumed or restarted, so its repeats carry the same keys. The next run has others:
   * a value that goes from A to B and back to A must not be taken for a repeat of the first A.
   */
  run: string
}

export interface PendingBatch {
  idempotencyKey: string
  writes: readonly PendingWrite[]
}

/** The key of a batch: of its writes, in their order. The same records always make the same one. */
export function makeBatch(writes: readonly PendingWrite[], scope: WriteScope): PendingBatch {
  const { hasher } = scope
  const first = writes[0]
  hasher.text(scope.workflow + scope.run + (first?.operation ?? ''))
  for (const write of writes) {
    hasher.chain(write.keyHash.a, write.keyHash.b).chain(write.payloadHash.a, write.payloadHash.b)
  }
  return { idempotencyKey: hasher.hex128(), writes }
}
