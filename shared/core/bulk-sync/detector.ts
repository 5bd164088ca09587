import { Recheck } from '../exceptions/recheck'
import type { SyncMode } from '../connector'
import type { Known } from '../store'
import type { IntentJournal } from './intents'
import type { PendingWrite } from './pending'
import type { SyncRequest } from './request'
import type { Segment } from './segment'
import { comparesItself, leftOutOfFull } from './settings'

/** Finds out what has to be sent. */
export interface Detector {
  /** The writes that have to be sent; the others get their outcome. */
  changed(
    writes: readonly PendingWrite[],
    segment: Segment,
  ): readonly PendingWrite[] | Promise<readonly PendingWrite[]>
}

/**
 * A retry asks the target. A sync leaves that to a target that compares by itself, and remembers for others, unless it
 * is a full one.
 * @param onUnchanged for every record that need not be sent
 */
export async function openDetector(
  request: SyncRequest,
  intents: IntentJournal,
  onUnchanged: () => void,
): Promise<Detector | undefined> {
  const { redrive, target, store, workflow, ports, full } = request
  if (redrive) return new Recheck({ target, intents, redrive, mode: workflow.sync.mode, onUnchanged })
  if (comparesItself(target, workflow) || workflow.key.length === 0) return undefined
  const known = await store.known(workflow.name)
  const left = full === true ? leftOutOfFull(target, workflow.sync) : 'given'
  if (left === 'nothing') return new FullDetector(known)
  if (left === 'held')
    return new FullDetector(known, new Recheck({ target, intents, mode: workflow.sync.mode, onUnchanged }))
  if (full === true && (await store.knowsAny(workflow.name)))
    ports.log.warn(
      `${workflow.name}: the target would take what it was given before for new and cannot be asked, so only what changed is sent.`,
    )
  return new KnownDetector(known, workflow.sync.mode, intents, onUnchanged)
}

/** The target may have lost what it was given. */
class FullDetector implements Detector {
  constructor(
    private readonly known: Known,
    private readonly recheck?: Recheck,
  ) {}

  changed(
    writes: readonly PendingWrite[],
    segment: Segment,
  ): readonly PendingWrite[] | Promise<readonly PendingWrite[]> {
    for (const write of writes) write.given = this.known.hash(write) !== undefined
    return this.recheck?.changed(writes, segment) ?? writes
  }
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
      // what is appended is another record beside it
      if (this.mode !== 'append') write.exists = true
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
