import type { Command } from 'commander'
import type { Change } from '../../../shared/core/exceptions/change'
import type { Selection } from '../../../shared/core/exceptions/inbox'
import { Fault } from '../../../shared/core/fault'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { amount, changePreviewText } from '../../print/exceptions'
import { whoIs } from '../../who'
import { wholeNumber } from '../../whole-number'
import { addSelection, selectionOf, type Filters, type Selected } from './selection'

interface ChangeOptions extends Selected {
  as?: string
  ifVersion?: number
  preview?: boolean
}

export interface ChangeCommand<O> {
  name: string
  description: string
  options: (command: Command) => Command
  /** State of those that a filter finds where nobody says so; default open. */
  state?: Filters['state']
  /** @param now milliseconds since 1970 */
  change: (options: O, now: number) => Change
  /** What is done, after 'exceptions' or 'exceptions would be': 'assigned to kim'. */
  done: (options: O) => string
}

/** A command that changes one, several, a group or all exceptions of a filter. */
export function addChange<O>(parent: Command, act: Act, what: ChangeCommand<O>): void {
  const { name, description, options, change, done } = what
  const command = options(parent.command(name).description(description))
  addSelection(command, what.state)
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .option('--if-version <version>', 'only if it is still this version, as show names it', wholeNumber)
    .option('--preview', 'only say which it would change')
    .action((ids: number[] | undefined, options: ChangeOptions & O) =>
      act((cli) =>
        cli.withWorkspace(async ({ inbox }) => {
          const selection = selectionOf(ids ?? [], options, inbox)
          const who = whoIs(options.as, cli.world.env)
          const versioned = withVersion(selection, options.ifVersion)
          const changes = [change(options, Date.now())]
          if (options.preview === true) {
            const preview = await inbox.preview(versioned, changes, { who })
            cli.answer({ changed: 0, wouldChange: preview.ids }, changePreviewText(preview, done(options)))
            return EXIT.ok
          }
          const changed = await inbox.change(versioned, changes, { who })
          cli.answer({ changed }, `${amount(changed, 'exception')} ${done(options)}.`)
          return EXIT.ok
        }),
      ),
    )
}

function withVersion(selection: Selection, version: number | undefined): Selection {
  if (version === undefined) return selection
  if ('ids' in selection && selection.ids.length === 1) return { ...selection, version }
  throw new Fault('COMMAND_INVALID', '--if-version is for one exception only.')
}
