import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Retried } from '../../../shared/core/exceptions/retry'
import type { Act } from '../../cli'
import { EXIT, exitOfReceipt, type ExitCode } from '../../exit'
import { stoppable } from '../../interrupt'
import { progressLine } from '../../print/progress'
import { retriedText } from '../../print/retried'
import { style } from '../../print/style'
import { keepRun } from '../../run-files'
import { whoIs } from '../../who'
import { addSelection, selectionOf, type Selected } from './selection'

interface Options extends Selected {
  rate?: number
  again?: boolean
  rebase?: boolean
  discard?: boolean
  as?: string
}

export function addRetry(exceptions: Command, act: Act): void {
  const command = exceptions
    .command('retry')
    .description('send the records of exceptions again, as the source has them now and with their fixes')
  addSelection(command)
    .option('--rate <records>', 'records per second at most', perSecond)
    .option('--again', 'also what an earlier attempt may have written, as if it had not')
    .addOption(
      new Option('--rebase', 'make the fix also where the source has changed what it corrects').conflicts(
        'discard',
      ),
    )
    .option('--discard', 'send what the source has now where it has changed what the fix corrects')
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .action((ids: number[] | undefined, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const { rate, again, rebase, discard } = options
          const selection = selectionOf(ids ?? [], options, workspace.inbox)
          const line = progressLine(cli.world.err, Date.now)
          const retried = await stoppable(cli, 'tieout exceptions retry', (signal) =>
            workspace.remedies.retry(selection, {
              who: whoIs(options.as, cli.world.env),
              ...(rate === undefined ? {} : { rate }),
              ...(again === undefined ? {} : { again }),
              ...(rebase === true ? { stale: 'rebase' } : discard === true ? { stale: 'discard' } : {}),
              signal,
              onProgress: line.show,
            }),
          ).finally(line.clear)
          const marks = style(cli.world.out, cli.world.env)
          const texts: string[] = []
          for (const one of retried) {
            const files = await keepRun(cli, workspace, one.receipt)
            texts.push(retriedText(one, files, marks))
          }
          cli.answer(retried, texts.join('\n\n'))
          return exitOf(retried)
        }),
      ),
    )
}

function perSecond(text: string): number {
  const rate = Number(text)
  if (rate > 0 && Number.isFinite(rate)) return rate
  throw new InvalidArgumentError('Give records per second, such as 10.')
}

/** The worst of the runs; 3 also where something was left alone. */
function exitOf(retried: readonly Retried[]): ExitCode {
  const exits = retried.map(({ receipt, stale, targetOnly, uploaded, otherKey }) => {
    const exit = exitOfReceipt(receipt)
    return exit === EXIT.ok && stale.length + targetOnly.length + uploaded.length + otherKey.length > 0
      ? EXIT.exceptions
      : exit
  })
  return exits.find((exit) => exit === EXIT.failed) ?? exits.find((exit) => exit !== EXIT.ok) ?? EXIT.ok
}
