import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { exceptionText } from '../../print/exception'
import { style } from '../../print/style'
import { wholeNumber } from '../../whole-number'

export function addShow(exceptions: Command, act: Act): void {
  exceptions
    .command('show')
    .description('one exception: what happened, what it means, who does what next, and its history')
    .argument('<id>', 'number from the list', wholeNumber)
    .action((id: number) =>
      act((cli) =>
        cli.withWorkspace(async ({ inbox }) => {
          const view = await inbox.show(id)
          cli.answer(view, exceptionText(view, style(cli.world.out, cli.world.env)))
          return EXIT.ok
        }),
      ),
    )
}
