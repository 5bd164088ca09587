import { Option, type Command } from 'commander'
import type { ExceptionFilter, ExceptionState } from '../../../shared/core/exceptions/exception'
import type { Inbox, Selection } from '../../../shared/core/exceptions/inbox'
import { Fault } from '../../../shared/core/fault'
import { wholeNumber } from '../../whole-number'

export interface Filters {
  workflow?: string
  group?: string
  code?: string
  run?: string
  assignee?: string
  tag?: string
  text?: string
  overdue?: boolean
  state?: ExceptionState | 'any'
}

export interface Selected extends Filters {
  all?: boolean
}

/** Options that say which exceptions; `filterOf` reads them. */
export function addFilters(command: Command, state: Filters['state'] = 'open'): Command {
  const states = ['open', 'ignored', 'resolved', 'expired', 'any']
  return command
    .option('--workflow <name>', 'only of this workflow')
    .option('--group <group>', 'only of this group, as the list names it')
    .option('--code <code>', 'only with this code')
    .option('--run <run>', 'only those that last failed in this run')
    .option('--assignee <name>', 'only those assigned to somebody')
    .option('--tag <tag>', 'only with this tag')
    .option('--text <text>', 'only with this in the key or in the message')
    .option('--overdue', 'only those past their due date')
    .addOption(new Option('--state <state>', 'only in this state').choices(states).default(state))
}

/** The numbers of exceptions as an argument, or filters instead; `selectionOf` reads them. */
export function addSelection(command: Command, state?: Filters['state']): Command {
  command.argument('[ids...]', 'numbers of exceptions', (text: string, ids: number[] | undefined) => [
    ...(ids ?? []),
    wholeNumber(text),
  ])
  return addFilters(command, state).option('--all', 'every one in that state')
}

export function filterOf(options: Filters, inbox: Inbox): ExceptionFilter {
  const { group, overdue, state } = options
  const filter: ExceptionFilter = {}
  for (const field of ['workflow', 'code', 'run', 'assignee', 'tag', 'text'] as const) {
    const value = options[field]
    if (value !== undefined) filter[field] = value
  }
  if (group !== undefined) filter.fingerprint = group
  if (state !== undefined && state !== 'any') filter.state = state
  return overdue === true ? inbox.overdue(filter) : filter
}

/** @throws Fault COMMAND_INVALID where it would be everything and nobody said so */
export function selectionOf(ids: readonly number[], options: Selected, inbox: Inbox): Selection {
  if (ids.length > 0) return { ids }
  const filter = filterOf(options, inbox)
  const narrow = Object.keys(filter).some((field) => field !== 'state')
  if (narrow || options.all === true) return { filter }
  throw new Fault(
    'COMMAND_INVALID',
    'Name exceptions by their numbers, by --group or by another filter; --all takes every one.',
  )
}
