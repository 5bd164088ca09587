import type { SyncMode, Target } from '../connector'
import type { IntentJournal } from '../bulk-sync/intents'
import type { PendingWrite } from '../bulk-sync/pending'
import type { Segment } from '../bulk-sync/segment'
import { holds } from '../record/canonical'
import type { DataRecord } from '../record/value'
import type { Redrive } from '../bulk-sync/request'

export interface RecheckOptions {
  target: Target
  intents: IntentJournal
  redrive?: Redrive | undefined
  mode: SyncMode
  onUnchanged(): void
}

/**
 * Reads the target again before a retry, or a run that reads everything, writes: what it holds already is not sent, and
 * what it would hold twice is not either.
 */
export class Recheck {
  constructor(private readonly options: RecheckOptions) {}

  /** The writes that have to be sent; the others get their outcome. */
  async changed(writes: readonly PendingWrite[], segment: Segment): Promise<readonly PendingWrite[]> {
    const { target } = this.options
    if (writes.length === 0) return writes
    if (!target.lookup) return writes.filter((write) => this.isSafe(write, segment))
    const held = await target.lookup(
      writes.map(({ key }) => key),
      new AbortController().signal,
    )
    return writes.filter((write, i) => this.differs(write, held[i], segment))
  }

  private differs(write: PendingWrite, held: DataRecord | undefined, segment: Segment): boolean {
    // the journal knows better what became of a batch that this run sent before it was interrupted
    if (this.options.intents.doubtful(write)) return true
    const { mode } = this.options
    // what is appended is another record beside it
    if (mode !== 'append') write.exists = held !== undefined
    if (held === undefined) return true
    if (holds(held, write.record)) {
      segment.unchanged(write, () => write.keyText, write.source)
      this.options.onUnchanged()
      return false
    }
    if (mode !== 'insert-only') return true
    segment.skipped(write, 'exists')
    return false
  }

  /** Without a way to look, a target that would double a record must not get it twice. */
  private isSafe(write: PendingWrite, segment: Segment): boolean {
    const { target, redrive } = this.options
    const doubtful = redrive?.of(write.source)?.repeats?.unknown === true
    if (target.abilities.repeat !== 'doubles' || !doubtful) return true
    segment.expect(write)
    segment.settle(write, { outcome: 'unknown', message: NOBODY_KNOWS })
    return false
  }
}

const NOBODY_KNOWS =
  'Whether the first attempt was written is not known, and the target cannot be asked; look there, then resolve it or retry it with `again`.'
