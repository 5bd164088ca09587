import type { Command } from 'commander'
import type { Change } from '../../../shared/core/exceptions/change'
import type { Selection } from '../../../shared/core/exceptions/inbox'
import { Fault } from '../../../shared/core/fault'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { count } from '../../print/number'
import { whoIs } from '../../who'
import { wholeNumber } from '../../whole-number'
import { addSelection, selectionOf, type Filters, type Selected } from './selection'

interface ChangeOptions extends Selected {
  as?: string
  ifVersion?: number
}

export interface ChangeCommand<O> {
  name: string
  description: string
  options: (command: Command) => Command
  /** State of those that a filter finds where nobody says so; default open. */
  state?: Filters['state']
  /** @param now milliseconds since 1970 */
  change: (options: O, now: number) => Change
  /** What was done, after 'Exceptions': 'assigned to kim'. */
  done: (options: O) => string
}

/** A command that changes one, several, a group or all exceptions of a filter. */
export function addChange<O>(parent: Command, act: Act, what: ChangeCommand<O>): void {
  const { name, description, options, change, done } = what
  const command = options(parent.command(name).description(description))
  addSelection(command, what.state)
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .option('--if-version <version>', 'only if it is still this version, as show names it', wholeNumber)
    .action((ids: number[] | undefined, options: ChangeOptions & O) =>
      act((cli) =>
        cli.withWorkspace(async ({ inbox }) => {
          const selection = selectionOf(ids ?? [], options, inbox)
          const who = whoIs(options.as, cli.world.env)
          const versioned = withVersion(selection, options.ifVersion)
          const changed = await inbox.change(versioned, [change(options, Date.now())], { who })
          const noun = changed === 1 ? 'exception' : 'exceptions'
          cli.answer({ changed }, `${count(changed)} ${noun} ${done(options)}.`)
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
