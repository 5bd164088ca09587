import type { Command } from 'commander'
import type { Change } from '../../../shared/core/exceptions/change'
import type { Act } from '../../cli'
import { momentOf } from '../../moment'
import { addChange } from './change'

interface Options {
  reason: string
  until?: string
  whileUnchanged?: boolean
}

export function addIgnore(exceptions: Command, act: Act): void {
  addChange<Options>(exceptions, act, {
    name: 'ignore',
    description: 'leave exceptions aside for a time or while their records are unchanged',
    options: (command) =>
      command
        .requiredOption('--reason <text>', 'why, for those who find it later')
        .option('--until <time>', '2026-12-31, or 3d from now')
        .option('--while-unchanged', 'as long as the source has the record as it is now'),
    change: ({ reason, until, whileUnchanged }, now): Change => ({
      do: 'ignore',
      reason,
      ...(until === undefined ? {} : { until: momentOf(until, now) }),
      ...(whileUnchanged === undefined ? {} : { whileUnchanged }),
    }),
    done: ({ until }) => (until === undefined ? 'ignored while unchanged' : `ignored until ${until}`),
  })
}
