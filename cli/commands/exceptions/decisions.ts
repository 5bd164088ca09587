import type { Command } from 'commander'
import type { Act } from '../../cli'
import { EXIT } from '../../exit'
import { standingText } from '../../print/decided'

export function addDecisions(exceptions: Command, act: Act): void {
  exceptions
    .command('decisions')
    .description('show what was decided and stands; accepting the source ends it')
    .argument('<workflow>', 'name of the workflow')
    .action((workflow: string) =>
      act((cli) =>
        cli.withWorkspace(async ({ remedies }) => {
          const { decisions } = await remedies.standing(workflow)
          cli.answer(decisions, standingText(decisions))
          return EXIT.ok
        }),
      ),
    )
}
