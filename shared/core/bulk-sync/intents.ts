import type { Answer, TargetAbilities } from '../connector'
import type { Intent, Store } from '../store'
import type { PendingBatch } from './pending'

/**
 * The write-ahead journal of batches. Only a target that would double a repeated batch needs one: before a batch goes
 * out it is noted, and when its answer has come the answers are. After a crash the run reads the same rows, makes the
 * same batches, and finds here which of them have an answer and which are in doubt.
 */
export interface IntentJournal {
  /** What an earlier attempt of this run left: its answers, 'doubtful', or nothing. */
  earlier(batch: PendingBatch): Promise<readonly Answer[] | 'doubtful' | undefined>
  before(batch: PendingBatch): Promise<void>
  after(batch: PendingBatch, answers: readonly Answer[]): Promise<void>
}

const noJournal: IntentJournal = {
  earlier: () => Promise.resolve(undefined),
  before: () => Promise.resolve(),
  after: () => Promise.resolve(),
}

export async function openIntents(
  store: Store,
  run: string,
  abilities: TargetAbilities,
): Promise<IntentJournal> {
  if (abilities.repeat !== 'doubles') return noJournal
  const left = new Map<string, Intent>()
  const doubtfulKeys = new Set<string>()
  for (const intent of await store.intents(run)) {
    left.set(intent.batch, intent)
    for (const key of intent.keys) doubtfulKeys.add(key)
  }
  return {
    earlier: (batch) => {
      const intent = left.get(batch.idempotencyKey)
      if (intent) {
        left.delete(batch.idempotencyKey)
        return Promise.resolve(intent.answers ?? 'doubtful')
      }
      // The source moved on since: other batches, but maybe records that were already written.
      const doubtful = doubtfulKeys.size > 0 && batch.writes.some((write) => doubtfulKeys.has(write.keyText))
      return Promise.resolve(doubtful ? 'doubtful' : undefined)
    },
    before: (batch) =>
      store.intend(run, {
        batch: batch.idempotencyKey,
        keys: batch.writes.map((write) => write.keyText),
        row: batch.writes.at(-1)?.row ?? 0,
      }),
    after: (batch, answers) => store.answered(run, batch.idempotencyKey, answers),
  }
}
