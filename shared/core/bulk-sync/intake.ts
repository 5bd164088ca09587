import { MalformedRow, type Page } from '../connector'
import type { Mapper } from '../mapping/mapper'
import type { Violation } from '../ports'
import { lanesOf, type HashLanes } from '../record/checksum'
import { Hasher } from '../record/hash'
import { keyText, missingKeyFields } from '../record/key'
import type { KeySet, Seen } from '../record/key-set'
import type { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { Operation } from '../connector'
import { PendingWrite, type WriteScope } from './pending'
import type { RejectedRow, Segment } from './segment'

export interface IntakeOptions {
  mapper: Mapper
  validate: ((record: DataRecord) => readonly Violation[] | undefined) | undefined
  key: readonly string[]
  operation: Operation
  seen: KeySet
  scope: WriteScope
  ledger: CountingLedger
  onRejected(row: RejectedRow): void
}

/**
 * Turns the rows of a page into writes: map, validate, find the key, hash. Every row is counted as read here, and every
 * row that goes no further gets its outcome here.
 */
export class Intake {
  private readonly hasher = new Hasher()

  constructor(private readonly options: IntakeOptions) {}

  page(page: Page, segment: Segment): PendingWrite[] {
    const writes: PendingWrite[] = []
    let row = page.firstRow
    for (const item of page.rows) {
      if (item instanceof MalformedRow) this.malformed(item, row, segment)
      else this.record(item, row, segment, writes)
      row++
    }
    segment.rows += page.rows.length
    segment.addLedger(this.options.ledger.take())
    return writes
  }

  private record(source: DataRecord, row: number, segment: Segment, writes: PendingWrite[]): void {
    const { mapper, validate, key, scope, operation } = this.options
    const record = mapper.map(source, this.options.ledger)
    if (record instanceof Rejection) {
      this.reject(segment, { row, stage: 'map', rejection: record, record: source })
      return
    }
    const text = key.length === 0 ? `[${String(row)}]` : keyText(record, key)
    if (text === undefined) {
      this.reject(segment, { row, stage: 'map', rejection: noKey(record, key), record: source })
      return
    }
    const keyHash = lanesOf(this.hasher.text(text))
    const payloadHash = lanesOf(this.hasher.record(record))
    const seenBefore = this.see(keyHash, payloadHash, segment)
    const violations = validate?.(record)
    if (violations || seenBefore === 'other') {
      const rejection = violations ? asRejection(violations) : DUPLICATE
      this.reject(segment, {
        row,
        stage: violations ? 'validate' : 'map',
        rejection,
        record: source,
        key: text,
      })
      return
    }
    const write = new PendingWrite(operation, record, text, scope, row, keyHash, payloadHash, source)
    segment.tally.readFromSource(write)
    if (seenBefore === 'same') segment.tally.settle(write, 'skipped', 'duplicate')
    else writes.push(write)
  }

  private see(keyHash: HashLanes, payloadHash: HashLanes, segment: Segment): Seen {
    const seenBefore = this.options.seen.add(keyHash.a, keyHash.b, payloadHash.c)
    if (seenBefore === 'new') segment.sawKey(keyHash.a, keyHash.b, payloadHash.c)
    return seenBefore
  }

  private malformed(row: MalformedRow, ordinal: number, segment: Segment): void {
    const { rejection, place, raw } = row
    this.reject(segment, { row: ordinal, place, stage: 'read', rejection, record: { raw } })
  }

  /** Rejected rows are accounted by the hash of what was read. */
  private reject(segment: Segment, row: UnaccountedRow): void {
    const rejected = { place: `row ${String(row.row)}`, ...row }
    const keyHash = lanesOf(this.hasher.text(rejected.key ?? rejected.place))
    const accounted = { keyHash, payloadHash: lanesOf(this.hasher.record(rejected.record)) }
    segment.tally.readFromSource(accounted)
    if (rejected.key === undefined) segment.keyless++
    segment.reject({ ...rejected, accounted })
    this.options.onRejected({ ...rejected, accounted })
  }
}

type UnaccountedRow = Omit<RejectedRow, 'accounted' | 'place'> & Partial<Pick<RejectedRow, 'place'>>

function asRejection(violations: readonly Violation[]): Rejection {
  const message = violations.map(
    ({ pointer, message }) => `${pointer === '' ? 'the record' : pointer.slice(1)}: ${message}`,
  )
  return new Rejection('VALIDATION_FAILED', message.join('; '), violations[0]?.pointer)
}

function noKey(record: DataRecord, key: readonly string[]): Rejection {
  const missing = missingKeyFields(record, key)
  const pointer = '/' + (missing[0] ?? '')
  return new Rejection(
    'KEY_MISSING',
    `The key needs ${missing.join(' and ')}: absent, null or empty here.`,
    pointer,
  )
}

const DUPLICATE = new Rejection(
  'KEY_DUPLICATE',
  'An earlier row of this run has the same key and other values; that one was taken.',
)
