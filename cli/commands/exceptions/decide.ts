import { Option, type Command } from 'commander'
import type { Decided, DecisionRequest } from '../../../shared/core/exceptions/decide/request'
import type { Retried } from '../../../shared/core/exceptions/retry'
import { Fault } from '../../../shared/core/fault'
import type { Workspace } from '../../../shared/core/workspace'
import type { Act, Cli } from '../../cli'
import { EXIT, exitOfReceipt, type ExitCode } from '../../exit'
import { stoppable } from '../../interrupt'
import { momentOf } from '../../moment'
import { decidedText, decisionPreviewText } from '../../print/decided'
import { retriedText } from '../../print/retried'
import { style } from '../../print/style'
import { keepRun } from '../../run-files'
import { whoIs } from '../../who'
import { addSelection, selectionOf, type Selected } from './selection'

interface Options extends Selected {
  preview?: boolean
  accept?: 'source' | 'target'
  write?: string[]
  ignore?: boolean
  reason?: string
  until?: string
  as?: string
}

export function addDecide(exceptions: Command, act: Act): void {
  const command = exceptions
    .command('decide')
    .description('say which side is right where both systems disagree')
  addSelection(command)
    .addOption(
      new Option('--accept <side>', 'source: write its record; target: leave it as it is')
        .choices(['source', 'target'])
        .conflicts(['write', 'ignore']),
    )
    .addOption(
      new Option('--write <field=value...>', 'write another value than either has').conflicts('ignore'),
    )
    .option('--ignore', 'do not report it while both sides stay as they are')
    .option('--reason <text>', 'why; kept with the decision')
    .option('--until <date>', 'how long the decision stands')
    .option('--preview', 'only say what it would do')
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .action((ids: number[] | undefined, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const selection = selectionOf(ids ?? [], options, workspace.inbox)
          const asked = requestOf(options, whoIs(options.as, cli.world.env))
          const { remedies } = workspace
          if (options.preview === true) {
            const previews = await stoppable(cli, COMMAND, (signal) =>
              remedies.previewDecision(selection, asked, signal),
            )
            cli.answer(previews, previews.map(decisionPreviewText).join('\n\n'))
            return EXIT.ok
          }
          const decided = await stoppable(cli, COMMAND, (signal) =>
            remedies.decide(selection, asked, { signal }),
          )
          const texts: string[] = []
          for (const one of decided) {
            if (one.retried) texts.push(await receiptOf(cli, workspace, one.retried))
            texts.push(decidedText(one))
          }
          cli.answer(decided, texts.filter((text) => text !== '').join('\n\n'))
          return exitOf(decided)
        }),
      ),
    )
}

const COMMAND = 'tieout exceptions decide'

async function receiptOf(cli: Cli, workspace: Workspace, retried: Retried): Promise<string> {
  const files = await keepRun(cli, workspace, retried.receipt)
  return retriedText(retried, files, style(cli.world.out, cli.world.env))
}

/** The worst of them; 3 also where something was not possible. */
function exitOf(decided: readonly Decided[]): ExitCode {
  const exits = decided.map(({ retried, problems }) => {
    const exit = retried ? exitOfReceipt(retried.receipt) : EXIT.ok
    return exit === EXIT.ok && problems.count > 0 ? EXIT.exceptions : exit
  })
  return exits.find((exit) => exit === EXIT.failed) ?? exits.find((exit) => exit !== EXIT.ok) ?? EXIT.ok
}

function requestOf(options: Options, who: string): DecisionRequest {
  const { accept, write, ignore, reason, until } = options
  const why = {
    who,
    reason: reason ?? '',
    ...(until === undefined ? {} : { until: momentOf(until, Date.now()) }),
  }
  if (accept === 'source') return { ...why, decision: 'accept-source' }
  if (!write && accept === undefined && ignore !== true)
    throw new Fault(
      'COMMAND_INVALID',
      'Say --accept source, --accept target, --write field=value or --ignore.',
    )
  if (reason === undefined || reason.trim() === '')
    throw new Fault('COMMAND_INVALID', 'Say why with --reason: the decision stands until a side changes.')
  if (write) return { ...why, decision: 'write', edits: { set: write } }
  return { ...why, decision: accept === 'target' ? 'accept-target' : 'ignore' }
}
