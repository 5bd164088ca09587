import type { Operation, Target, TargetAbilities } from '../connector'
import type { SyncSettings, Workflow } from '../workflow'

const DEFAULT_BATCH = 500

/** Records per write: what the workflow says, else what the target prefers, never more than the target takes. */
export function batchSizeOf(sync: SyncSettings, abilities: TargetAbilities): number {
  return Math.min(sync.batch ?? abilities.preferredBatch ?? DEFAULT_BATCH, abilities.maxBatch ?? Infinity)
}

export function operationOf(sync: SyncSettings): Operation {
  if (sync.mode === 'append' || sync.mode === 'insert-only') return 'insert'
  return sync.mode === 'update-only' ? 'update' : 'upsert'
}

/**
 * Whether the target finds out what it holds already. What is appended is compared with nothing, and a cursor reads ties,
 * what came late and what failed again.
 */
export function comparesItself(
  { abilities }: Pick<Target, 'abilities'>,
  { sync, source }: Pick<Workflow, 'sync' | 'source'>,
): boolean {
  return abilities.compares && (sync.mode !== 'append' || source.cursor === undefined)
}

/** Whether the target adds a record without a look at what it holds, unless it comes in a batch that it knows. */
export function addsUnseen(
  { abilities }: Pick<Target, 'abilities'>,
  { key, sync }: Pick<Workflow, 'key' | 'sync'>,
): boolean {
  if (key.length === 0 || abilities.repeat !== 'replayed') return false
  return sync.mode === 'append' || (sync.mode === 'insert-only' && !abilities.compares)
}

/**
 * What a run that reads everything leaves out where the target cannot compare: nothing where sending it again does no
 * harm, else what the target says that it holds. One that would take it for new and cannot be asked gets what changed.
 */
export function leftOutOfFull(
  { abilities, lookup }: Pick<Target, 'abilities' | 'lookup'>,
  sync: SyncSettings,
): 'nothing' | 'held' | 'given' {
  if (abilities.repeat === 'harmless' && operationOf(sync) !== 'insert') return 'nothing'
  return lookup !== undefined && sync.mode !== 'append' ? 'held' : 'given'
}

/** The core then has to know the keys, also of a target that compares by itself. */
export function deletesOnlyWritten({ mode, deletes, deleteScope }: SyncSettings): boolean {
  return mode === 'mirror' && deletes !== 'none' && deleteScope === 'written'
}
