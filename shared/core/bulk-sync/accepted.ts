import type { RecordHash } from '../record/checksum'
import { hex } from '../record/hash'
import type { Decision } from '../reconciliation/store'
import type { SyncRequest } from './request'
import type { PendingWrite } from './pending'
import type { Segment } from './segment'

/** The records that somebody decided to leave in the target as they are, while the source's stay what they were. */
export class Accepted {
  private readonly bySource = new Map<string, string>()
  private readonly targetOnly = new Set<string>()

  /** Undefined where nothing was decided. A retry sends what it was asked to. */
  static async open({ store, workflow, ports, redrive }: SyncRequest): Promise<Accepted | undefined> {
    if (redrive) return undefined
    const decisions = await store.reconciliations.decisions(workflow.name)
    const accepted = new Accepted(decisions, ports.clock.now())
    return accepted.bySource.size + accepted.targetOnly.size > 0 ? accepted : undefined
  }

  private constructor(decisions: readonly Decision[], now: number) {
    for (const { decision, kind, key, source, until } of decisions) {
      if (decision !== 'accept-target' || (until !== undefined && until <= now)) continue
      if (source !== undefined) this.bySource.set(key, source)
      if (kind === 'missing-in-source') this.targetOnly.add(key)
    }
  }

  /** The writes that are not left alone. */
  leave(writes: readonly PendingWrite[], segment: Segment): readonly PendingWrite[] {
    return writes.filter((write) => {
      if (!this.includes(write)) return true
      segment.accepted(write)
      return false
    })
  }

  /** The writes that would not be left alone. */
  without(writes: readonly PendingWrite[]): readonly PendingWrite[] {
    return writes.filter((write) => !this.includes(write))
  }

  /** A record that only the target has, and that may stay there. */
  stays(key: string): boolean {
    return this.targetOnly.has(key)
  }

  /** Just this record is not to be written, so it need not be valid. */
  holds(key: string | undefined, { payloadA, payloadB }: RecordHash): boolean {
    return key !== undefined && this.bySource.get(key) === hex(payloadA) + hex(payloadB)
  }

  private includes(write: PendingWrite): boolean {
    return this.holds(write.keyText, write)
  }
}
