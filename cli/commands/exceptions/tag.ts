import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addChange } from './change'

export function addTag(exceptions: Command, act: Act): void {
  addChange<{ add?: string[]; remove?: string[] }>(exceptions, act, {
    name: 'tag',
    description: 'add tags to exceptions and take them away',
    options: (command) =>
      command
        .option('--add <tags...>', 'tags to add; end the list with -- before numbers')
        .option('--remove <tags...>', 'tags to take away'),
    change: ({ add = [], remove = [] }) => ({ do: 'tag', add, remove }),
    done: () => 'tagged',
  })
}
