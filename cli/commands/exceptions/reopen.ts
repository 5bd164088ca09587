import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addChange } from './change'

export function addReopen(exceptions: Command, act: Act): void {
  addChange(exceptions, act, {
    name: 'reopen',
    description: 'open exceptions again that were resolved or ignored',
    options: (command) => command,
    state: 'any',
    change: () => ({ do: 'reopen' }),
    done: () => 'reopened',
  })
}
