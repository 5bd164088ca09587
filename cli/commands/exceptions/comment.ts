import type { Command } from 'commander'
import type { Act } from '../../cli'
import { addChange } from './change'

export function addComment(exceptions: Command, act: Act): void {
  addChange<{ comment: string }>(exceptions, act, {
    name: 'comment',
    description: 'note something in the history of exceptions',
    options: (command) => command.requiredOption('--comment <text>', 'what to note'),
    change: ({ comment }) => ({ do: 'comment', text: comment }),
    done: () => 'commented on',
  })
}
