import type { Operation, Write } from '../connector'
import type { RecordHash } from '../record/checksum'
import { Hasher, hashNumber } from '../record/hash'
import { keyRecord, keyText } from '../record/key'
import { Shapes } from '../record/shapes'
import type { DataRecord } from '../record/value'
import type { Workflow } from '../workflow'
import type { TextLog } from './text-log'

/** A record on its way to the target. What only some targets ask for is made when they ask. */
export class PendingWrite implements Write, RecordHash {
  readonly keyA: number
  readonly keyB: number
  readonly payloadA: number
  readonly payloadB: number
  /** It has its outcome. */
  settled = false
  /** It went out at least once. */
  sent = false
  /** The target was given it before; whether it still holds it nobody knows. */
  given = false
  /** Place of its hashes in its segment's `seen`; -1 for a record that only the target has. */
  seenAt = -1
  private text: string | undefined

  constructor(
    readonly operation: Operation,
    public record: DataRecord,
    private readonly scope: WriteScope,
    /** Ordinal in the source; 0 for a record that only the target has. */
    readonly row: number,
    hash: RecordHash,
    /** The record as it was read. */
    public source: DataRecord,
    /** Whether the target is known to hold the record; undefined where nobody knows. */
    public exists?: boolean | undefined,
  ) {
    this.keyA = hash.keyA
    this.keyB = hash.keyB
    this.payloadA = hash.payloadA
    this.payloadB = hash.payloadB
  }

  get key(): DataRecord {
    return keyRecord(this.record, this.scope.key)
  }

  /** Without a line break. A record without a key is known by its place in the source. */
  get keyText(): string {
    return (this.text ??= keyText(this.record, this.scope.key) ?? `[${String(this.row)}]`)
  }

  /** Adds `keyText` as a line. */
  keyInto(log: TextLog): void {
    if (this.text !== undefined || !log.plainKey(this.record, this.scope.key)) log.line(this.keyText)
  }

  /** Names of the fields; the same list for records of one shape, so that a million of them share it. */
  get fields(): readonly string[] {
    return this.scope.shapes.fieldsOf(this.record)
  }

  get json(): string {
    return JSON.stringify(this.record)
  }

  /** Of the payload: it only has to tell one change of a key. */
  get hash(): number {
    return hashNumber(this.payloadA, this.payloadB)
  }

  get idempotencyKey(): string {
    return idempotencyKey([this], this.scope)
  }

  /** It has its outcome and only its hashes matter from here on: a million rows need not wait for their checkpoint. */
  release(): void {
    this.settled = true
    this.record = NOTHING
    this.text = undefined
    this.source = NOTHING
  }
}

const NOTHING: DataRecord = {}

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
  /** The run whose attempt a write repeats, by the record as it was read: a write of it carries that run's key. */
  repeats: (source: DataRecord) => string | undefined
}

/** @param run the id of the run that writes */
export function writeScope(
  { name, key }: Workflow,
  run: string,
  repeats: WriteScope['repeats'] = () => undefined,
): WriteScope {
  return { workflow: name, key, hasher: new Hasher(), shapes: new Shapes(), run, repeats }
}

export interface PendingBatch {
  idempotencyKey: string
  writes: readonly PendingWrite[]
}

export function makeBatch(writes: readonly PendingWrite[], scope: WriteScope): PendingBatch {
  return { idempotencyKey: idempotencyKey(writes, scope), writes }
}

/** Of the run and of the writes in their order, 32 hexadecimal digits. The same records always make the same one. */
function idempotencyKey(writes: readonly PendingWrite[], scope: WriteScope): string {
  const { hasher, workflow } = scope
  hasher.text(workflow + (writes[0]?.operation ?? ''))
  for (const write of writes) hasher.chain(write.keyA, write.keyB).chain(write.payloadA, write.payloadB)
  return seedOf(writes, scope).slice(0, 16) + hasher.hex()
}

/** The run that all of them repeat an attempt of, else the run that writes. */
function seedOf(writes: readonly PendingWrite[], { run, repeats }: WriteScope): string {
  const [first, ...rest] = writes
  const seed = first && repeats(first.source)
  return seed !== undefined && rest.every(({ source }) => repeats(source) === seed) ? seed : run
}
