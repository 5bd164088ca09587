import type { Command } from 'commander'
import type { Act } from '../../cli'
import { momentOf } from '../../moment'
import { addChange } from './change'

export function addDue(exceptions: Command, act: Act): void {
  addChange<{ on?: string }>(exceptions, act, {
    name: 'due',
    description: 'say until when exceptions are to be settled',
    options: (command) => command.option('--on <time>', '2026-12-31, or 3d from now (default: never)'),
    change: ({ on }, now) => (on === undefined ? { do: 'due' } : { do: 'due', at: momentOf(on, now) }),
    done: ({ on }) => (on === undefined ? 'due no more' : `due ${on}`),
  })
}
