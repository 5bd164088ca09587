import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addChange } from './change'

export function addResolve(exceptions: Command, act: Act): void {
  addChange<{ comment?: string }>(exceptions, act, {
    name: 'resolve',
    description:
      'close exceptions that somebody settled elsewhere; they open again if the record fails again',
    options: (command) => command.option('--comment <text>', 'what shows that they are settled'),
    change: ({ comment }) => (comment === undefined ? { do: 'resolve' } : { do: 'resolve', comment }),
    done: () => 'resolved',
  })
}
