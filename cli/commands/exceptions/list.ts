import type { Command } from 'commander'
import type { ExceptionFilter } from '../../../shared/core/exceptions/exception'
import type { Inbox } from '../../../shared/core/exceptions/inbox'
import type { Act } from '../../cli'
import { EXIT, type ExitCode } from '../../exit'
import { groupsText, recordsText } from '../../print/exceptions'
import { style } from '../../print/style'
import { wholeNumber } from '../../whole-number'
import { addFilters, filterOf, type Filters } from './selection'

interface Options extends Filters {
  records?: boolean
  limit: number
  before?: number
}

export function addList(exceptions: Command, act: Act): void {
  const list = exceptions
    .command('list', { isDefault: true })
    .description('list open exceptions by what they have in common')
  addFilters(list)
    .option('--records', 'one line for each exception, newest first')
    .option('--limit <number>', 'lines of --records', wholeNumber, 50)
    .option('--before <id>', 'go on after this exception', wholeNumber)
    .action((options: Options) =>
      act((cli) =>
        cli.withWorkspace(async ({ inbox }) => {
          const filter = filterOf(options, inbox)
          const count = await inbox.count(filter)
          const marks = style(cli.world.out, cli.world.env)
          if (options.records === true) {
            const { before, limit } = options
            const page = { limit, ...(before === undefined ? {} : { before }) }
            const found = await inbox.list(filter, page)
            cli.answer({ count, exceptions: found }, recordsText(found, count, Date.now()))
          } else {
            const groups = await inbox.groups(filter)
            cli.answer({ count, groups }, groupsText(groups, count, filter, marks))
          }
          return exitOf(filter, inbox)
        }),
      ),
    )
}

/** 3 when something of what was asked for is open. */
async function exitOf(filter: ExceptionFilter, inbox: Inbox): Promise<ExitCode> {
  if (filter.state !== undefined && filter.state !== 'open') return EXIT.ok
  return (await inbox.count({ ...filter, state: 'open' })) > 0 ? EXIT.exceptions : EXIT.ok
}
