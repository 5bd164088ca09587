import { Hasher } from '../record/hash'
import { KeyIndex } from '../record/key-index'
import type { Left, RunRow } from '../store'
import type { Workflow } from '../workflow'
import type { SyncRequest } from './request'
import { SEEN_LANES } from './segment'
import { deletesOnlyWritten } from './settings'

/** Entries that are held in memory (24 bytes each); a larger stream is compared by its target, every record. */
const MOST = 2_000_000
/** A target compares so few records sooner than all that it was given is recalled. */
const FEW = 1000

/**
 * What a comparing target was last given, so that only changed records travel. Not trusted after an interruption, when the
 * target may hold more than was saved; nor when somebody replaced the target's content or took records away; nor in a
 * full run, which compares everything anew; nor when deletes need keys that no run has saved yet. Not worth it for a few.
 */
export async function recall(request: SyncRequest, run: RunRow): Promise<KeyIndex | undefined> {
  const { store, workflow } = request
  if (run.attempts > 1 || request.full === true || (request.records ?? Infinity) <= FEW) return undefined
  if (deletesOnlyWritten(workflow.sync) && !(await store.knowsAny(workflow.name))) return undefined
  return lastGiven(request)
}

/** By key, the hash of what a comparing target was last given; undefined where that is not known or no longer holds. */
export async function lastGiven(
  request: Pick<SyncRequest, 'store' | 'target' | 'workflow' | 'signal'>,
): Promise<KeyIndex | undefined> {
  const { store, target, workflow } = request
  if (!target.fingerprint || !target.abilities.compares || workflow.key.length === 0) return undefined
  const { identity, records } = await target.fingerprint(request.signal)
  const index = new KeyIndex()
  for await (const entries of store.memory(workflow.name, identityOf(workflow, identity))) {
    for (let i = 0; i < entries.length; i += SEEN_LANES) {
      index.set(entries[i] ?? 0, entries[i + 1] ?? 0, entries[i + 2] ?? 0, entries[i + 3] ?? 0)
    }
    if (index.size > MOST) return undefined
  }
  return index.held > 0 && index.held <= (await records()) ? index : undefined
}

/** What the next run may recall. */
export async function memoryToLeave(request: SyncRequest, run: RunRow): Promise<Left['memory']> {
  const { target, workflow } = request
  if (!target.fingerprint || !target.abilities.compares || workflow.key.length === 0) return undefined
  const { identity } = await target.fingerprint(new AbortController().signal)
  return { identity: identityOf(workflow, identity), whole: run.since === undefined && run.kind === 'sync' }
}

/** Of the target's content and of the schema: what is recalled is not validated again. */
function identityOf({ schema }: Workflow, target: string): string {
  return `${target} ${new Hasher().text(JSON.stringify(schema ?? true)).hex()}`
}
