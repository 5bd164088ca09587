import type { Store } from '../../shared/core/store'
import type { Job } from './jobs'

/** Who the feed of events tells of, too, without a gateway having been asked. */
const COMMAND_LINE = 'command line'

/** A run of the same state that no gateway was asked for: it is there to be read, gone on with and undone. */
export async function jobElsewhere(store: Store, run: string): Promise<Job | undefined> {
  const about = { number: 0, run, options: {}, client: COMMAND_LINE }
  const row = await store.run(run)
  if (row) {
    const { workflow, kind, status, started, ended, receipt, fault } = row
    return {
      ...about,
      ...{ workflow, kind, state: status, started },
      ...(ended === undefined ? {} : { ended }),
      ...(receipt ? { receipt } : {}),
      ...(fault ? { fault } : {}),
    }
  }
  const reconciliation = await store.reconciliations.reconciliation(run)
  if (!reconciliation) return undefined
  const { workflow, status, started, ended, fault } = reconciliation
  return {
    ...about,
    ...{ workflow, kind: 'reconcile', state: stateOf(status) },
    ...{ started: Date.parse(started), ended: Date.parse(ended) },
    ...(fault ? { fault } : {}),
  }
}

export function isElsewhere({ number }: Job): boolean {
  return number === 0
}

/** Of the run of a reconciliation. */
export function stateOf(status: 'ties-out' | 'breaks' | 'failed'): 'succeeded' | 'exceptions' | 'failed' {
  return status === 'ties-out' ? 'succeeded' : status === 'breaks' ? 'exceptions' : 'failed'
}
