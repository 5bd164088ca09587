import { Recheck } from '../exceptions/recheck'
import type { RunRow } from '../store'
import type { IntentJournal } from './intents'
import type { PendingWrite } from './pending'
import type { SyncRequest } from './request'
import type { Segment } from './segment'

/** Finds out what has to be sent. */
export interface Detector {
  /** The writes that have to be sent; the others get their outcome. */
  changed(writes: readonly PendingWrite[], segment: Segment): Promise<readonly PendingWrite[]>
}

/**
 * A retry asks the target. A sync leaves that to a target that compares by itself, and remembers for others.
 * @param onUnchanged for every record that need not be sent
 */
export async function openDetector(
  request: SyncRequest,
  run: RunRow,
  intents: IntentJournal,
  onUnchanged: () => void,
): Promise<Detector | undefined> {
  const { redrive, target, store, workflow } = request
  if (redrive) return new Recheck({ target, intents, redrive, onUnchanged })
  if (target.abilities.compares || workflow.key.length === 0) return undefined
  // spares a first run the look-ups
  const knowsNothing = run.attempts === 1 && !(await store.knowsAny(workflow.name))
  return new KnownDetector(request, intents, onUnchanged, knowsNothing)
}

/** For a target that cannot compare: by the hashes of what it was last given. */
class KnownDetector implements Detector {
  constructor(
    private readonly request: SyncRequest,
    private readonly intents: IntentJournal,
    private readonly onUnchanged: () => void,
    private readonly knowsNothing: boolean,
  ) {}

  async changed(writes: readonly PendingWrite[], segment: Segment): Promise<readonly PendingWrite[]> {
    if (this.knowsNothing) return writes
    const { store, workflow } = this.request
    const keys = writes.map((write) => write.keyText)
    const known = await store.known(workflow.name, keys)
    const once = workflow.sync.mode === 'insert-only'
    return writes.filter((write, i) => {
      const hash = known[i]
      if (hash === undefined) return true
      write.exists = true
      if (hash === write.hash && !this.intents.doubtful(keys[i] ?? '')) {
        segment.unchanged(write, () => write.keyText, write.source)
        this.onUnchanged()
        return false
      }
      if (once) segment.skipped(write, 'exists')
      return !once
    })
  }
}
