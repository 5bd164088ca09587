import type { Command } from 'commander'
import type { Act } from '../cli'
import { exitOfReceipt } from '../exit'
import { stoppable } from '../interrupt'
import { receiptText } from '../print/receipt'
import { style } from '../print/style'
import { keepRun } from '../run-files'

export function addUndo(program: Command, act: Act): void {
  program
    .command('undo')
    .description('take back what a run wrote, where the target still holds it')
    .argument('<run>', 'id from the list of runs')
    .action((run: string) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const receipt = await stoppable(cli, `tieout undo ${run}`, (signal) =>
            workspace.undo(run, { signal }),
          )
          const files = await keepRun(cli, workspace, receipt)
          cli.answer(receipt, receiptText(receipt, files, style(cli.world.out, cli.world.env)))
          return exitOfReceipt(receipt)
        }),
      ),
    )
}
