import type { Command } from 'commander'
import type { Act } from '../cli'
import { EXIT } from '../exit'
import { stoppable } from '../interrupt'
import { planText } from '../print/plan'
import { style } from '../print/style'
import { wholeNumber } from '../whole-number'

interface Options {
  limit?: number
  full?: boolean
}

export function addPlan(program: Command, act: Act): void {
  program
    .command('plan')
    .description('say what sync would do; writes nothing')
    .argument('<workflow>', 'name in the definition')
    .option('--limit <records>', 'read only so many', wholeNumber)
    .option('--full', 'read everything although the workflow has a cursor')
    .action((workflow: string, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const plan = await stoppable(cli, `tieout plan ${workflow}`, (signal) =>
            workspace.plan(workflow, { ...options, signal }),
          )
          cli.answer(plan, planText(plan, style(cli.world.out, cli.world.env)))
          return plan.held ? EXIT.exceptions : EXIT.ok
        }),
      ),
    )
}
