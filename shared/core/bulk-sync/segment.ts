import type { Answer, Page, SkipReason } from '../connector'
import type { Failure } from '../exceptions/exception'
import type { Redrive } from './request'
import type { Settled } from '../exceptions/store'
import type { Watch } from '../exceptions/watch'
import { Hasher } from '../record/hash'
import { maskRecord, maskText } from '../record/mask'
import type { RecordHash } from '../record/checksum'
import { Lanes } from '../record/lanes'
import type { LedgerCounts } from '../record/ledger'
import type { Rejection } from '../record/rejection'
import { CountingLedger } from '../record/ledger'
import type { DataRecord } from '../record/value'
import { ChangeLog } from './change-log'
import type { CursorProgress } from './cursor'
import { KnownLog } from './known-log'
import { Tally, type Outcome } from './outcome'
import type { PendingWrite } from './pending'

/** What the core made of one write: a target's answer, or why there is none. */
export type Settlement = Exclude<Answer, { outcome: 'retry' }> | { outcome: 'unprocessed'; code: Unprocessed }

type Unprocessed = 'BISECTION_BUDGET' | 'RECORD_PUT_OFF' | 'RUN_STOPPED'

/** Lanes per row in `seen`. */
export const SEEN_LANES = 4

export interface SegmentScope {
  run: string
  workflow: string
  personal: readonly string[]
  /** Records have a key. */
  keyed: boolean
  /** Undefined where no exception waits for a record to pass. */
  watch?: Watch | undefined
  /** What a retry knows of a record: it may have changed it. */
  redrive?: Pick<Redrive, 'of' | 'sentTo'> | undefined
  /** What is read came from elsewhere than the workflow's own source. */
  uploaded?: boolean
  /** From a failure until its exception is due, in milliseconds. */
  dueMs: number
  /** The core remembers what the target holds. */
  remembers: boolean
  now: () => number
}

/**
 * The rows between two checkpoints. It is committed when every row in it has its outcome, in one transaction with
 * everything that follows from them.
 */
export class Segment {
  readonly tally = new Tally()
  readonly ledger = new CountingLedger()
  readonly known = new KnownLog()
  readonly changes = new ChangeLog()
  readonly failures: Failure[] = []
  /** Exceptions that its records close. */
  readonly settled: Settled[] = []
  rows = 0
  /** Rows whose key is not known: mirror mode cannot tell which records they are. */
  keyless = 0
  /** Rows that changed and go to the target. */
  writes = 0
  /** Set when the last row has been read. */
  end: { position: string; row: number; deletes: number; cursor: CursorProgress | undefined } | undefined
  private readonly pages: Pick<Page, 'firstRow' | 'place'>[] = []
  private readonly expected: PendingWrite[] = []
  private open = 0
  private readonly hashes = new Lanes()

  constructor(private readonly scope: SegmentScope) {}

  get isSettled(): boolean {
    return this.end !== undefined && this.open === 0
  }

  get seen(): Int32Array {
    return this.hashes.packed
  }

  addPage({ firstRow, place, rows }: Page): void {
    this.rows += rows.length
    if (place) this.pages.push({ firstRow, place })
  }

  /** Where a row of its pages stands, for people. */
  placeOf(row: number): string {
    const page = this.pages.findLast(({ firstRow }) => firstRow <= row)
    return page?.place?.(row - page.firstRow) ?? `row ${String(row)}`
  }

  /** Notes a row with a key; `held` when the target will hold it, unless `lost` says otherwise. */
  sawKey(hash: RecordHash, held: boolean): void {
    this.hashes.pair(hash.keyA, hash.keyB)
    this.hashes.pair(hash.payloadA, held ? hash.payloadB : 0)
  }

  addLedger(counts: LedgerCounts): void {
    this.ledger.add(counts)
  }

  expect(write: PendingWrite): void {
    this.expected.push(write)
    this.open++
    if (write.row > 0) {
      write.seenAt = this.hashes.length
      this.sawKey(write, true)
    }
  }

  /** The target is known to hold just this; it was never expected. */
  unchanged(hash: RecordHash, key: () => string, source: DataRecord): void {
    this.tally.settle(hash, 'unchanged')
    this.sawKey(hash, true)
    if (this.scope.watch) this.settled.push(...this.scope.watch.passed(key(), source, 'unchanged', true))
  }

  /** It is left alone without asking the target; it was never expected. */
  skipped(write: PendingWrite, reason: SkipReason): void {
    this.tally.settle(write, 'skipped', reason)
    this.sawKey(write, true)
    this.passed(write, 'skipped', true)
  }

  /** Somebody decided that the target stays as it is, so it does not hold this; it was never expected. */
  accepted(write: PendingWrite): void {
    this.tally.settle(write, 'skipped', 'accepted')
    this.sawKey(write, false)
  }

  /** Takes the outcome of one write. */
  settle(write: PendingWrite, settlement: Settlement): void {
    const outcome = outcomeOf(write, settlement)
    if (settlement.outcome === 'skipped') this.tally.settle(write, 'skipped', settlement.reason)
    else if (settlement.outcome === 'rejected') this.tally.settle(write, 'rejected', settlement.code)
    else this.tally.settle(write, outcome)
    this.remember(write, settlement, outcome)
    this.journal(write, settlement, outcome)
    if (outcome === 'skipped') this.lost(write)
    if (outcome === 'rejected' || outcome === 'unprocessed' || outcome === 'unknown') {
      this.lost(write)
      this.fail(write, settlement, outcome)
    } else if (settlement.outcome !== 'skipped' || settlement.reason === 'exists') this.passed(write, outcome)
    this.close(write)
  }

  /** The target does not hold the record, or holds another. */
  private lost(write: PendingWrite): void {
    if (write.seenAt < 0) return
    this.hashes.set(write.seenAt + 3, 0)
  }

  /** Gives all rows still without an outcome this one; for a run that ends early. */
  abandon(): void {
    for (const write of this.expected) {
      if (!write.settled) this.settle(write, { outcome: 'unprocessed', code: 'RUN_STOPPED' })
    }
  }

  private close(write: PendingWrite): void {
    write.release()
    this.open--
  }

  private remember(write: PendingWrite, settlement: Settlement, outcome: Outcome): void {
    if (!this.scope.remembers) return
    if (isGone(write, settlement)) this.known.gone(write)
    else if (outcome === 'created' || outcome === 'updated' || outcome === 'unchanged')
      this.known.given(write)
    else if (outcome !== 'skipped' && (write.exists === true || write.given)) this.known.again(write)
    else if (write.sent && (outcome === 'unprocessed' || outcome === 'unknown')) this.known.maybe(write)
  }

  private journal(write: PendingWrite, settlement: Settlement, outcome: Outcome): void {
    if (outcome !== 'created' && outcome !== 'updated' && outcome !== 'deleted') return
    const known = settlement.outcome === 'updated' || settlement.outcome === 'deleted'
    // an undo must not delete what may have been there before
    const assumed = settlement.outcome === 'created' && settlement.assumed === true
    const altered = known || settlement.outcome === 'created' ? settlement.altered : undefined
    this.changes.add(write, assumed ? 'updated' : outcome, known ? settlement.before : undefined, altered)
  }

  /** Closes the exceptions that waited for this. */
  private passed(write: PendingWrite, outcome: Outcome, assumed = false): void {
    const { watch } = this.scope
    if (watch) this.settled.push(...watch.passed(write.keyText, write.source, outcome, assumed))
  }

  private fail(
    write: PendingWrite,
    settlement: Settlement,
    outcome: 'rejected' | 'unprocessed' | 'unknown',
  ): void {
    const failure: Failure = {
      ...this.failureOf(write.source, write.record, messageOf(settlement)),
      row: write.row,
      place: write.row > 0 ? this.placeOf(write.row) : 'target',
      outcome,
      stage: 'write',
      operation: write.operation,
      code: codeOf(settlement),
      sent: maskRecord(write.record, this.scope.personal),
    }
    const redriven = this.scope.redrive?.of(write.source)
    if (this.scope.keyed && redriven?.keyed !== false) failure.key = write.keyText
    if (redriven?.repeats && outcome !== 'rejected') failure.seed = redriven.repeats.run
    if (settlement.outcome === 'rejected' && settlement.pointer !== undefined)
      failure.pointer = settlement.pointer
    this.failures.push(failure)
  }

  /** A row that never became a write. */
  reject({ accounted, row, place, stage, rejection, key, record, mapped }: RejectedRow): void {
    this.tally.settle(accounted, 'rejected', rejection.code)
    const failure: Failure = {
      ...this.failureOf(record, mapped, rejection.message, stage === 'read' ? RAW : undefined),
      row,
      place,
      outcome: 'rejected',
      stage,
      code: rejection.code,
    }
    const unkeyed = this.scope.redrive?.of(record)?.keyed === false
    if (key !== undefined && (!unkeyed || rejection.code === 'KEY_DUPLICATE')) failure.key = key
    if (rejection.pointer !== undefined) failure.pointer = rejection.pointer
    if (mapped !== undefined) failure.sent = maskRecord(mapped, this.scope.personal)
    this.failures.push(failure)
  }

  /** What every failure says, personal values masked. */
  private failureOf(
    source: DataRecord,
    mapped: DataRecord | undefined,
    message: string,
    fields?: readonly string[],
  ): Pick<Failure, 'run' | 'workflow' | 'message' | 'record' | 'hash' | 'at' | 'uploaded' | 'sentTo'> {
    const { run, workflow, personal, redrive, uploaded, now } = this.scope
    const sentTo = redrive?.sentTo(source)
    const record = redrive?.of(source)?.original ?? source
    return {
      run,
      workflow,
      message: maskText(message, mapped ? [source, mapped] : [source], personal),
      record: maskRecord(record, personal.length > 0 ? (fields ?? personal) : []),
      hash: new Hasher().record(record).hex(),
      at: now(),
      ...(uploaded === true ? { uploaded } : {}),
      ...(sentTo === undefined ? {} : { uploaded: true, sentTo }),
    }
  }
}

/** What could not be read may hold a personal value anywhere. */
const RAW = ['raw']

export interface RejectedRow {
  accounted: RecordHash
  row: number
  place: string
  stage: 'read' | 'map' | 'validate'
  rejection: Rejection
  key?: string
  record: DataRecord
  /** Where it came as far as that. */
  mapped?: DataRecord
}

/** A target that only says 'accepted' may call an update a creation; what the core knows of the target corrects it. */
function outcomeOf(write: PendingWrite, settlement: Settlement): Outcome {
  return settlement.outcome === 'created' && write.exists === true ? 'updated' : settlement.outcome
}

/** The target no longer has the record, or had none. */
function isGone({ operation }: PendingWrite, settlement: Settlement): boolean {
  if (settlement.outcome === 'deleted') return true
  if (settlement.outcome === 'skipped') return settlement.reason === 'absent'
  return operation === 'delete' && settlement.outcome === 'unchanged'
}

function codeOf(settlement: Settlement): string {
  if (settlement.outcome === 'rejected' || settlement.outcome === 'unprocessed') return settlement.code
  return 'OUTCOME_UNKNOWN'
}

function messageOf(settlement: Settlement): string {
  if (settlement.outcome === 'rejected' || settlement.outcome === 'unknown') return settlement.message
  return settlement.outcome === 'unprocessed' ? WHY_UNPROCESSED[settlement.code] : ''
}

const WHY_UNPROCESSED: Record<Unprocessed, string> = {
  BISECTION_BUDGET:
    'Finding the bad records of refused batches used up its calls; this record was not tried alone.',
  RECORD_PUT_OFF: 'The target asked to send this record later as often as the workflow tries.',
  RUN_STOPPED: 'The run ended before this record was sent.',
}
