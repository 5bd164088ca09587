import { MalformedRow, type Page } from '../connector'
import type { Mapper } from '../mapping/mapper'
import type { Violation } from '../ports'
import { lanesOf } from '../record/checksum'
import { Hasher } from '../record/hash'
import { keyText, missingKeyFields } from '../record/key'
import type { KeySet } from '../record/key-set'
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
      const write =
        item instanceof MalformedRow ? this.malformed(item, row, segment) : this.record(item, row, segment)
      if (write) writes.push(write)
      row++
    }
    segment.rows += page.rows.length
    segment.addLedger(this.options.ledger.take())
    return writes
  }

  private record(source: DataRecord, row: number, segment: Segment): PendingWrite | undefined {
    const { mapper, validate, key, scope, seen, operation } = this.options
    const record = mapper.map(source, this.options.ledger)
    if (record instanceof Rejection) return this.reject(segment, row, source, 'map', record)
    const violations = validate?.(record)
    if (violations)
      return this.reject(segment, row, source, 'validate', asRejection(violations), keyText(record, key))
    const text = key.length === 0 ? `[${String(row)}]` : keyText(record, key)
    if (text === undefined) return this.reject(segment, row, source, 'map', noKey(record, key))
    const keyHash = lanesOf(this.hasher.text(text))
    const payloadHash = lanesOf(this.hasher.record(record))
    const seenBefore = seen.add(keyHash.a, keyHash.b, payloadHash.c)
    if (seenBefore === 'other') return this.reject(segment, row, source, 'map', DUPLICATE, text)
    const write = new PendingWrite(operation, record, text, scope, row, keyHash, payloadHash, source)
    segment.tally.readFromSource(write)
    if (seenBefore === 'same') {
      segment.tally.settle(write, 'skipped', 'duplicate')
      return undefined
    }
    segment.sawKey(keyHash.a, keyHash.b, payloadHash.c)
    return write
  }

  private malformed(row: MalformedRow, ordinal: number, segment: Segment): undefined {
    return this.reject(segment, ordinal, { raw: row.raw }, 'read', row.rejection, undefined, row.place)
  }

  /** Rejected rows are accounted by the hash of what was read. */
  private reject(
    segment: Segment,
    row: number,
    source: DataRecord,
    stage: RejectedRow['stage'],
    rejection: Rejection,
    key?: string,
    place = `row ${String(row)}`,
  ): undefined {
    const accounted = {
      keyHash: lanesOf(this.hasher.text(key ?? String(row))),
      payloadHash: lanesOf(this.hasher.record(source)),
    }
    segment.tally.readFromSource(accounted)
    const rejected: RejectedRow = {
      accounted,
      row,
      place,
      stage,
      code: rejection.code,
      message: rejection.message,
      pointer: rejection.pointer,
      key,
      record: source,
    }
    segment.reject(rejected)
    this.options.onRejected(rejected)
    return undefined
  }
}

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
