import type { Answer } from './connector'
import type { FaultNote } from './fault'
import type { LedgerCounts } from './record/ledger'
import type { DataRecord } from './record/value'
import type { CursorProgress, SavedCursor } from './bulk-sync/cursor'
import type { Receipt, RunStatus } from './bulk-sync/receipt'
import type { Tripped } from './bulk-sync/guards'
import type { TallySnapshot } from './bulk-sync/outcome'
import type { Failure } from './exceptions/exception'
import type { Retry } from './exceptions/choice'
import type { ExceptionStore, Settled } from './exceptions/store'
import type { ReconciliationStore } from './reconciliation/store'

/**
 * The saved state of workflows. Every method that writes is one durable transaction: after a kill at any instant it
 * has happened whole or not at all.
 */
export interface Store {
  readonly inbox: ExceptionStore
  readonly reconciliations: ReconciliationStore

  /**
   * Takes the lock of a workflow, or answers who holds it. A lease that has ended is taken over, and so is that of
   * `dead`, as long as the lock is still its.
   */
  acquire(lock: Lock, now: number, dead?: Lock): Promise<Lock | undefined>
  /**
   * Holds the lock until `lock.until`.
   * @returns false when another owner has taken it, even to go on with the same run
   */
  renew(lock: Lock): Promise<boolean>
  /** Gives it up, unless another owner has taken it. */
  release(lock: Lock): Promise<void>

  /**
   * A run that is saved with its end leaves the event `run.ended`, here and in `closeRun`. One that is saved as running
   * becomes the newest.
   */
  putRun(run: RunRow): Promise<void>
  run(id: string): Promise<RunRow | undefined>
  /** Newest first. */
  runs(filter: { workflow?: string; limit: number }): Promise<RunRow[]>
  /** The newest run of a workflow and kind (default 'sync') that was interrupted and can go on. */
  unfinished(workflow: string, kind?: 'sync' | 'retry'): Promise<RunRow | undefined>

  /** What the newest run of the workflow that noted it has. */
  address(workflow: string, part: keyof Addresses): Promise<string | undefined>
  /** The target that the runs of a workflow noted at one address is at another now: what they wrote can be undone there. */
  renameTarget(workflow: string, from: string, to: string): Promise<void>
  /**
   * Forgets where the next incremental run would begin; with `given` also what the target was given and which batches
   * went out.
   */
  forget(workflow: string, given: boolean): Promise<void>

  checkpoint(run: string): Promise<Checkpoint | undefined>
  /** Four lanes per row up to the checkpoint: key hash, payload hash; with a last lane of 0 the target does not hold it. */
  seen(run: string): AsyncIterable<Int32Array>
  /** Moves the checkpoint and saves, in the same transaction, all that happened before it. */
  commit(commit: SegmentCommit): Promise<void>
  /** Failures of rows after the checkpoint, so that a person can look at them before the run goes on. */
  keepFailures(failures: readonly Failure[], dueMs: number): Promise<void>
  /** Removes those again when the run goes on: it reads the rows anew. Their exceptions stay. */
  dropKeptFailures(run: string): Promise<void>
  /** The keys that a mirror run is about to delete, in place of those noted before; gone when the run is closed. */
  noteDeletes(run: string, keys: Iterable<readonly string[]>): Promise<void>
  deletes(run: string): AsyncIterable<readonly string[]>
  /** Forgets how far a run came; what it wrote stays known. */
  dropCheckpoint(run: string): Promise<void>
  /** Saves the run as over and removes what was only needed while it could go on. */
  closeRun(run: RunRow, left?: Left): Promise<void>
  /** What a comparing target was last given: entries of `seen`, of earlier runs first; nothing when `identity` differs. */
  memory(workflow: string, identity: string): AsyncIterable<Int32Array>

  /** What the target was last given, as it is now: what is committed later is not in it. */
  known(workflow: string): Promise<Known>
  /** Beside a checkpoint: that records may be in the target. */
  noteKnown(workflow: string, known: PackedKnown): Promise<void>
  knowsAny(workflow: string): Promise<boolean>
  knownKeys(workflow: string): AsyncIterable<readonly string[]>

  /** Written before a batch goes to a target that would double it. */
  intend(run: string, intent: Intent): Promise<void>
  /** What became of such a batch, until the next checkpoint takes it over. */
  answered(run: string, batch: string, answers: readonly Answer[]): Promise<void>
  /** Batches since the checkpoint: `answers` is missing where none came. */
  intents(run: string): Promise<Intent[]>

  /** What a run changed, newest first, a segment at a time. */
  changes(run: string): AsyncIterable<PackedChanges>
  cursor(workflow: string): Promise<SavedCursor | undefined>
  /** The text of a `Keep`, if its effect has happened in this state. */
  kept(id: string): Promise<string | undefined>
  close(): Promise<void>
}

/** What a finished run leaves to the next. */
export interface Left {
  cursor?: SavedCursor
  /** The run's `seen` becomes the memory of the workflow; `whole` when it read everything. */
  memory?: { identity: string; whole: boolean }
  /** Exceptions whose record the source no longer has. */
  settled?: readonly Settled[]
}

export interface Lock {
  workflow: string
  run: string
  /** Who holds it, for the message: host and process. */
  owner: string
  until: number
}

/** Where a run reads and writes, as source and target say, and the fields by which it knows records. */
export interface Addresses {
  key?: string
  source?: string
  target?: string
}

export interface RunRow {
  id: string
  workflow: string
  kind: 'sync' | 'upload' | 'retry' | 'undo' | 'reconcile'
  status: RunStatus
  started: number
  ended?: number
  /** 0 for a run that could not begin. */
  attempts: number
  /** Hash of the workflow's definition: a run goes on only under the one it began with. */
  definition: string
  addresses?: Addresses
  /** Where an incremental run began to read. */
  since?: SavedCursor
  /** It reads everything, and goes on so. */
  full?: true
  /** The guard that stopped it. */
  held?: Tripped
  /** What a retry sends again. */
  retry?: Retry
  /** Hash of the set of deletes that this run may do and has noted. */
  released?: string
  /** Why it could not begin, or be gone on with; what ends a run that works is in its receipt. */
  fault?: FaultNote
  receipt?: Receipt
}

export interface Checkpoint {
  position: string
  /** Ordinal of the last row before the checkpoint. */
  row: number
  /** How many of the noted deletes come before the checkpoint. */
  deletes: number
  /** Rejected rows whose key is not known. */
  keyless: number
  tally: TallySnapshot
  ledger: LedgerCounts
  /** Bisection calls spent. */
  bisections: number
  cursor: CursorProgress | undefined
  traffic: { calls: number; bytesIn: number; bytesOut: number; retries: number }
  workedMs: number
}

export interface SegmentCommit {
  run: string
  workflow: string
  checkpoint: Checkpoint
  seen: Int32Array
  known: PackedKnown
  changes: readonly PackedChanges[]
  /** They open, count up or reopen exceptions. */
  failures: readonly Failure[]
  /** Exceptions that these rows close. */
  settled: readonly Settled[]
  /** From a failure until its exception is due. */
  dueMs: number
  at: number
}

/** What a target that cannot compare was last given. */
export interface Known {
  /** `hashNumber` of the payload; 0 where the record has to be sent again; undefined where nothing is known of it. */
  hash(of: { readonly keyA: number; readonly keyB: number; readonly keyText: string }): number | undefined
}

/** What becomes known of records, in the order in which it did. */
export interface PackedKnown {
  /** Keys as `keyText` gives them, one per line. */
  keys: string
  /**
   * Four lanes per key: key hash, payload hash. The last lane is odd where the target holds the record (both 0 and 1 where
   * nobody knows with which values), 0 where it holds it no more, and 2 after a 0 where it may hold it.
   */
  entries: Int32Array
}

/** Changes of one operation and one shape, as the store keeps them. */
export interface PackedChanges {
  operation: Change['operation']
  fields: readonly string[]
  /** Keys as `keyText` gives them, one per line. */
  keys: string
  /** Two lanes per change. */
  hashes: Int32Array
  /** What was there before, as JSON texts, one per line; empty for creations. */
  before: string
}

/** One write of a run, for undo. */
export interface Change {
  /** As `keyText` gives it. */
  key: string
  operation: 'created' | 'updated' | 'deleted'
  /** Hash of what was written, over these fields, in the form that all systems have in common (`commonForm`). */
  hash: readonly [number, number]
  fields: readonly string[]
  /** What the target held before; absent when the target could not say. */
  before?: DataRecord
}

/** Gone with the checkpoint that passes its row. */
export interface Intent {
  batch: string
  /** Two lanes per record: the hash of its key. */
  keys: Int32Array
  /** Ordinal of its last record in the source. */
  row: number
  answers?: readonly Answer[]
}
