import { MalformedRow, type Page } from '../connector'
import type { Mapper } from '../mapping/mapper'
import type { Violation } from '../ports'
import type { RecordHash } from '../record/checksum'
import { Hasher } from '../record/hash'
import { keyText, missingKeyFields } from '../record/key'
import type { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { Operation } from '../connector'
import { PendingWrite, type WriteScope } from './pending'
import type { SeenKeys } from './seen-keys'
import type { RejectedRow, Segment } from './segment'

export interface IntakeOptions {
  mapper: Mapper
  validate: ((record: DataRecord) => readonly Violation[] | undefined) | undefined
  /** Fields that every record gets that has no value for them. */
  restore: DataRecord | undefined
  key: readonly string[]
  operation: Operation
  seen: SeenKeys
  scope: WriteScope
  ledger: CountingLedger
  /** Whether somebody decided that just this record is not to be written. */
  accepted(key: string | undefined, hash: RecordHash): boolean
  onRejected(row: RejectedRow): void
  onUnchanged(source: DataRecord): void
  /** Goes further than this: it is unchanged, skipped or a write. */
  onValid(): void
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
    segment.addPage(page)
    let row = page.firstRow
    for (const item of page.rows) {
      if (item instanceof MalformedRow) this.malformed(item, row, segment)
      else this.record(item, row, segment, writes)
      row++
    }
    segment.addLedger(this.options.ledger.take())
    return writes
  }

  private record(source: DataRecord, row: number, segment: Segment, writes: PendingWrite[]): void {
    const { mapper, restore, key, scope, seen, operation } = this.options
    const mapped = mapper.map(source, this.options.ledger)
    if (mapped instanceof Rejection) {
      const rejected = { row, stage: 'map' as const, rejection: mapped, record: source }
      this.reject(segment, { ...rejected, ...this.keyOfUnmapped(source, segment) })
      return
    }
    const record = restore ? withFields(mapped, restore) : mapped
    if (key.length > 0 && !this.hasher.key(record, key)) {
      this.reject(segment, { row, stage: 'map', rejection: noKey(record, key), record: source })
      return
    }
    if (key.length === 0) this.hasher.text(String(row))
    const hash = this.withPayload(record)
    const seenBefore = seen.add(hash)
    // it was valid when it was sent, under the same schema
    if (seenBefore === 'recalled') {
      segment.tally.readFromSource(hash)
      segment.unchanged(hash, () => keyText(record, key) ?? '', source)
      this.options.onValid()
      this.options.onUnchanged(source)
      return
    }
    const violations = this.violationsOf(mapped, record, hash)
    if (violations || seenBefore === 'other') {
      if (seenBefore === 'new') segment.sawKey(hash, false)
      const rejection = violations ? asRejection(violations) : DUPLICATE
      this.reject(segment, {
        row,
        stage: violations ? 'validate' : 'map',
        rejection,
        record: source,
        mapped: record,
        ...keyed(record, key),
      })
      return
    }
    const write = new PendingWrite(operation, record, scope, row, hash, source)
    segment.tally.readFromSource(write)
    this.options.onValid()
    if (seenBefore === 'same') segment.tally.settle(write, 'skipped', 'duplicate')
    else writes.push(write)
  }

  /** What will not be written may be invalid. */
  private violationsOf(
    mapped: DataRecord,
    record: DataRecord,
    hash: RecordHash,
  ): readonly Violation[] | undefined {
    const { validate, key } = this.options
    const violations = validate?.(mapped)
    return violations && this.options.accepted(keyText(record, key), hash) ? undefined : violations
  }

  /** Unless an earlier row had the same: then nobody knows which of them is the record. */
  private keyOfUnmapped(source: DataRecord, segment: Segment): { key?: string } {
    const { mapper, key, seen } = this.options
    const part = key.length > 0 ? mapper.part?.(source, key) : undefined
    if (!part || !this.hasher.key(part, key)) return {}
    const hash = this.withPayload(source)
    if (seen.add(hash) !== 'new') return {}
    segment.sawKey(hash, false)
    return keyed(part, key)
  }

  /** After the key was hashed. */
  private withPayload(record: DataRecord): RecordHash {
    const { a: keyA, b: keyB } = this.hasher
    this.hasher.record(record)
    return { keyA, keyB, payloadA: this.hasher.a, payloadB: this.hasher.b }
  }

  private malformed(row: MalformedRow, ordinal: number, segment: Segment): void {
    const { rejection, place, raw } = row
    this.reject(segment, { row: ordinal, place, stage: 'read', rejection, record: { raw } })
  }

  /** Rejected rows are accounted by the hash of what was read. */
  private reject(segment: Segment, row: UnaccountedRow): void {
    const rejected = { place: segment.placeOf(row.row), ...row }
    this.hasher.text(rejected.key ?? rejected.place)
    const accounted = this.withPayload(rejected.record)
    segment.tally.readFromSource(accounted)
    if (rejected.key === undefined) segment.keyless++
    segment.reject({ ...rejected, accounted })
    this.options.onRejected({ ...rejected, accounted })
  }
}

function withFields(record: DataRecord, fields: DataRecord): DataRecord {
  const result = { ...record }
  for (const [field, value] of Object.entries(fields)) if (result[field] === undefined) result[field] = value
  return result
}

function keyed(record: DataRecord, key: readonly string[]): { key?: string } {
  const text = keyText(record, key)
  return text === undefined ? {} : { key: text }
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
  'An earlier row of this run has the same key and other values; only the first one of a key counts.',
)
