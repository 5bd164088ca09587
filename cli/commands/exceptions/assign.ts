import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addChange } from './change'

export function addAssign(exceptions: Command, act: Act): void {
  addChange<{ to?: string }>(exceptions, act, {
    name: 'assign',
    description: 'give exceptions to somebody',
    options: (command) => command.option('--to <name>', 'to whom (default: to nobody)'),
    change: ({ to }) => (to === undefined ? { do: 'assign' } : { do: 'assign', to }),
    done: ({ to }) => (to === undefined ? 'assigned to nobody' : `assigned to ${to}`),
  })
}
