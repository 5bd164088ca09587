import type { Command } from 'commander'
import type { Act } from '../cli'
import { EXIT } from '../exit'
import { failuresText, runsText, runText } from '../print/runs'
import { style } from '../print/style'

/** Failures that `runs show` prints; rejected.csv has all of them. */
const SHOWN = 20

export function addRuns(program: Command, act: Act): void {
  const runs = program
    .command('runs')
    .description('list the latest runs, newest first')
    .argument('[workflow]', 'only of this one')
    .action((workflow?: string) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const found = await workspace.runs(workflow === undefined ? {} : { workflow })
          cli.answer(found, runsText(found))
          return EXIT.ok
        }),
      ),
    )
  runs
    .command('show')
    .description('the receipt of a run and its first failures')
    .argument('<run>', 'id from the list')
    .action((id: string) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const run = await workspace.run(id)
          const failures = await workspace.failures({ run: id, limit: SHOWN })
          const marks = style(cli.world.out, cli.world.env)
          cli.answer({ ...run, failures }, [runText(run, marks), ...failuresText(failures)].join('\n'))
          return EXIT.ok
        }),
      ),
    )
}
