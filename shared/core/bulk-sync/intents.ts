import type { Answer, TargetAbilities } from '../connector'
import type { RecordHash } from '../record/checksum'
import { hashNumber } from '../record/hash'
import { Lanes } from '../record/lanes'
import type { Intent, Store } from '../store'
import type { PendingBatch } from './pending'

/**
 * The write-ahead journal of batches, for targets that cannot compare: before a batch goes out it is noted, and when its
 * answer has come the answers are. After a crash the run reads the same rows and finds here which records may have been
 * written; a target that would double them is asked before they are sent again.
 */
export interface IntentJournal {
  /** The record was in a batch that no checkpoint covers: what the core remembers of it may be wrong. */
  doubtful(key: KeyHash): boolean
  /** What an earlier attempt of this run left of a batch that must not be repeated: its answers, or that none came. */
  earlier(batch: PendingBatch): readonly Answer[] | 'doubtful' | undefined
  before(batch: PendingBatch): Promise<void>
  after(batch: PendingBatch, answers: readonly Answer[]): Promise<void>
}

type KeyHash = Pick<RecordHash, 'keyA' | 'keyB'>

const noJournal: IntentJournal = {
  doubtful: () => false,
  earlier: () => undefined,
  before: () => Promise.resolve(),
  after: () => Promise.resolve(),
}

export interface IntentOptions {
  /** So that nothing of it can be wrong: a first run. */
  nothingKnown?: boolean
  /** A target that knows the keys of batches adds what comes in another batch, though it came before. */
  adds?: boolean
}

export async function openIntents(
  store: Store,
  run: string,
  abilities: TargetAbilities,
  { nothingKnown = false, adds = false }: IntentOptions = {},
): Promise<IntentJournal> {
  const doubles = abilities.repeat === 'doubles'
  if ((abilities.compares || nothingKnown) && !doubles && !adds) return noJournal
  const left = new Map<string, Intent>()
  const doubtfulKeys = new Set<number>()
  for (const intent of await store.intents(run)) {
    left.set(intent.batch, intent)
    for (let i = 0; i < intent.keys.length; i += 2)
      doubtfulKeys.add(hashNumber(intent.keys[i] ?? 0, intent.keys[i + 1] ?? 0))
  }
  const doubtful = ({ keyA, keyB }: KeyHash): boolean =>
    doubtfulKeys.size > 0 && doubtfulKeys.has(hashNumber(keyA, keyB))
  return {
    doubtful,
    earlier: (batch) => {
      if (!(doubles || adds) || doubtfulKeys.size === 0) return undefined
      const intent = left.get(batch.idempotencyKey)
      left.delete(batch.idempotencyKey)
      if (intent) return doubles ? (intent.answers ?? 'doubtful') : undefined
      // The source moved on since: other batches, but maybe records that were already written.
      return batch.writes.some(doubtful) ? 'doubtful' : undefined
    },
    before: (batch) =>
      store.intend(run, {
        batch: batch.idempotencyKey,
        keys: keysOf(batch),
        row: batch.writes.at(-1)?.row ?? 0,
      }),
    after: (batch, answers) =>
      doubles ? store.answered(run, batch.idempotencyKey, answers) : Promise.resolve(),
  }
}

function keysOf({ writes }: PendingBatch): Int32Array {
  const keys = new Lanes()
  for (const { keyA, keyB } of writes) keys.pair(keyA, keyB)
  return keys.packed
}
