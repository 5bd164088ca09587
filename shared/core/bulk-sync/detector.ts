import { Recheck } from '../exceptions/recheck'
import type { SyncMode } from '../connector'
import type { Known } from '../store'
import type { IntentJournal } from './intents'
import type { PendingWrite } from './pending'
import type { SyncRequest } from './request'
import type { Segment } from './segment'

/** Finds out what has to be sent. */
export interface Detector {
  /** The writes that have to be sent; the others get their outcome. */
  changed(
    writes: readonly PendingWrite[],
    segment: Segment,
  ): readonly PendingWrite[] | Promise<readonly PendingWrite[]>
}

/**
 * A retry asks the target. A sync leaves that to a target that compares by itself, and remembers for others.
 * @param onUnchanged for every record that need not be sent
 */
export async function openDetector(
  request: SyncRequest,
  intents: IntentJournal,
  onUnchanged: () => void,
): Promise<Detector | undefined> {
  const { redrive, target, store, workflow } = request
  if (redrive) return new Recheck({ target, intents, redrive, onUnchanged })
  if (target.abilities.compares || workflow.key.length === 0) return undefined
  return new KnownDetector(await store.known(workflow.name), workflow.sync.mode, intents, onUnchanged)
}

/** For a target that cannot compare: by the hashes of what it was last given. */
class KnownDetector implements Detector {
  constructor(
    private readonly known: Known,
    private readonly mode: SyncMode,
    private readonly intents: IntentJournal,
    private readonly onUnchanged: () => void,
  ) {}

  changed(writes: readonly PendingWrite[], segment: Segment): readonly PendingWrite[] {
    return writes.filter((write) => {
      const hash = this.known.hash(write)
      if (hash === undefined) return true
      write.exists = true
      if (hash === write.hash && !this.intents.doubtful(write)) {
        segment.unchanged(write, () => write.keyText, write.source)
        this.onUnchanged()
        return false
      }
      if (this.mode === 'insert-only') segment.skipped(write, 'exists')
      return this.mode !== 'insert-only'
    })
  }
}
