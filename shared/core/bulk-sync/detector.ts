import type { RunRow } from '../store'
import type { IntentJournal } from './intents'
import type { PendingWrite } from './pending'
import type { SyncRequest } from './request'
import type { Segment } from './segment'

/** Finds out what changed for a target that cannot compare: by the hashes of what it was last given. */
export class Detector {
  /** @param onUnchanged for every record that need not be sent */
  static async open(
    request: SyncRequest,
    run: RunRow,
    intents: IntentJournal,
    onUnchanged: () => void,
  ): Promise<Detector> {
    // spares a first run the look-ups
    const knowsNothing = run.attempts === 1 && !(await request.store.knowsAny(request.workflow.name))
    return new Detector(request, intents, onUnchanged, knowsNothing)
  }

  private constructor(
    private readonly request: SyncRequest,
    private readonly intents: IntentJournal,
    private readonly onUnchanged: () => void,
    private readonly knowsNothing: boolean,
  ) {}

  /** The writes that have to be sent; the others get their outcome. */
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
