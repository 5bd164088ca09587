import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { stoppable } from '../../interrupt'
import { fourWayText } from '../../print/four-way'
import { style } from '../../print/style'
import { whoIs } from '../../who'
import { wholeNumber } from '../../whole-number'

interface Options {
  reveal?: boolean
  as?: string
}

export function addCompare(exceptions: Command, act: Act): void {
  exceptions
    .command('compare')
    .description('the record four times: as it was last synced, as it failed, and as both sides have it now')
    .argument('<id>', 'number of the exception', wholeNumber)
    .option('--reveal', 'show personal fields; the history says who did')
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .action((id: number, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async ({ remedies }) => {
          const reveal = options.reveal === true ? { reveal: { who: whoIs(options.as, cli.world.env) } } : {}
          const view = await stoppable(cli, `tieout exceptions compare ${id}`, (signal) =>
            remedies.compare(id, { signal, ...reveal }),
          )
          cli.answer(view, fourWayText(view, style(cli.world.out, cli.world.env)))
          return EXIT.ok
        }),
      ),
    )
}
