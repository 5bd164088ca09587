import type { Command } from 'commander'
import type { Act } from '../cli'
import { exitOfReceipt } from '../exit'
import { stoppable } from '../interrupt'
import { progressLine } from '../print/progress'
import { receiptText } from '../print/receipt'
import { style } from '../print/style'
import { keepRun } from '../run-files'

interface Options {
  restart?: boolean
  approve?: string
  full?: boolean
}

export function addSync(program: Command, act: Act): void {
  program
    .command('sync')
    .description('bring the target up to date and account for every record')
    .argument('<workflow>', 'name in the definition')
    .option('--restart', 'read the source from its beginning although an interrupted run could go on')
    .option('--full', 'read everything although the workflow has a cursor, and give the target what it lost')
    .option(
      '--approve <hash>',
      'release what a guard held, or tell which system a target is that moved; the receipt or the message names the hash',
    )
    .action((workflow: string, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const line = progressLine(cli.world.err, Date.now)
          const receipt = await stoppable(cli, `tieout sync ${workflow}`, (signal) =>
            workspace.sync(workflow, { ...options, signal, onProgress: line.show }),
          ).finally(line.clear)
          const files = await keepRun(cli, workspace, receipt)
          cli.answer(receipt, receiptText(receipt, files, style(cli.world.out, cli.world.env)))
          return exitOfReceipt(receipt)
        }),
      ),
    )
}
