import { Fault } from '../fault'
import { Checksum, type RecordHash } from '../record/checksum'
import type { Limit } from '../workflow'

/** A guard that tripped: what it holds back can be released once, by approving this hash. */
export interface Tripped {
  guard: 'deletes' | 'rejects'
  /** Of the exact set of records concerned. */
  hash: string
  records: number
  of: number
  reason: string
}

const WINDOW = 1000
const LEAST = 20

/** Of the last 1,000 records that got as far as this, those that got no further. */
class Window {
  seen = 0
  rejected = 0
  private readonly marks = new Uint8Array(WINDOW)
  private at = 0

  note(rejected: 0 | 1): void {
    this.rejected += rejected - (this.marks[this.at] ?? 0)
    this.marks[this.at] = rejected
    this.at = (this.at + 1) % WINDOW
    this.seen = Math.min(WINDOW, this.seen + 1)
  }

  get share(): number {
    return this.rejected < LEAST ? 0 : this.rejected / this.seen
  }

  get text(): string {
    return `${String(this.rejected)} of the last ${String(this.seen)} records`
  }
}

/**
 * Watches the share of rejected records among the last 1,000, so that a broken source is noticed within the
 * first pages. Fewer than 20 rejects never trip it by share. What a target answers comes a batch later than what was
 * read with it, so each is counted among its own.
 */
export class RejectGuard {
  private readonly read = new Window()
  private readonly sent = new Window()
  private rejected = 0
  private readonly set = new Checksum()

  /** @param forgiven rejects that somebody approved after an earlier trip of the same run */
  constructor(
    private readonly limit: Limit,
    private forgiven: number,
  ) {}

  /** Read, mapped and found valid. */
  valid(): void {
    this.read.note(0)
  }

  /** The target took it, or holds it already. */
  taken(): void {
    this.sent.note(0)
  }

  /** @returns what tripped, the first time that a limit is exceeded */
  invalid(record: RecordHash): Tripped | undefined {
    return this.rejectedRecord(record, this.read)
  }

  /** By the target. @returns what tripped, the first time that a limit is exceeded */
  refused(record: RecordHash): Tripped | undefined {
    return this.rejectedRecord(record, this.sent)
  }

  private rejectedRecord(record: RecordHash, window: Window): Tripped | undefined {
    this.set.add(record.payloadA, record.payloadB)
    if (this.forgiven > 0) {
      this.forgiven--
      return undefined
    }
    window.note(1)
    this.rejected++
    const reason = this.exceeded()
    if (reason === undefined) return undefined
    return { guard: 'rejects', hash: this.set.text(), records: this.rejected, of: window.seen, reason }
  }

  private exceeded(): string | undefined {
    const { share, count } = this.limit
    const { read, sent } = this
    if (count !== undefined && this.rejected > count)
      return `${String(this.rejected)} records were rejected; the limit is ${String(count)}.`
    if (share === undefined) return undefined
    if (read.share + sent.share - read.share * sent.share <= share) return undefined
    const text =
      read.share === 0 || sent.share === 0
        ? (read.share === 0 ? sent : read).text
        : `${read.text} that were read and ${sent.text} that were sent`
    return `${text} were rejected; the limit is ${percent(share)}.`
  }
}

/** @returns why these deletes need a person, or undefined when they may be done */
export function deleteGuard(
  deletes: number,
  held: number,
  listing: { complete: boolean; evidence: string },
  limit: Limit,
): string | undefined {
  if (deletes === 0) return undefined
  if (!listing.complete) return `The source did not prove that it listed everything: ${listing.evidence}`
  if (limit.count !== undefined && deletes > limit.count)
    return `${String(deletes)} records would be deleted; the limit is ${String(limit.count)}.`
  if (limit.share !== undefined && deletes / held > limit.share) {
    return `${String(deletes)} of ${String(held)} records would be deleted; the limit is ${percent(limit.share)}.`
  }
  return undefined
}

function percent(share: number): string {
  return `${String(Math.round(share * 1000) / 10)} %`
}

/** What stops the run. */
export function heldFault(held: Tripped): Fault {
  return new Fault('GUARD_REJECTS', held.reason, { hash: held.hash, rejected: held.records })
}
