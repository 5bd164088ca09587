import { Option, type Command } from 'commander'
import type { DecisionRequest } from '../../../shared/core/exceptions/decide'
import { Fault } from '../../../shared/core/fault'
import type { Act } from '../../cli'
import { EXIT, exitOfReceipt } from '../../exit'
import { stoppable } from '../../interrupt'
import { momentOf } from '../../moment'
import { retriedText } from '../../print/retried'
import { style } from '../../print/style'
import { keepRun } from '../../run-files'
import { whoIs } from '../../who'
import { wholeNumber } from '../../whole-number'

interface Options {
  accept?: 'source' | 'target'
  write?: string[]
  ignore?: boolean
  reason?: string
  until?: string
  as?: string
}

export function addDecide(exceptions: Command, act: Act): void {
  exceptions
    .command('decide')
    .description('say which side is right where both systems disagree')
    .argument('<id>', 'number of the exception', wholeNumber)
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
    .option('--as <name>', 'who does it (default: the user of the operating system)')
    .action((id: number, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const asked = requestOf(options, whoIs(options.as, cli.world.env))
          const decided = await stoppable(cli, `tieout exceptions decide ${id}`, (signal) =>
            workspace.remedies.decide(id, { ...asked, signal }),
          )
          const { retried, standing } = decided
          const lines: string[] = []
          if (retried) {
            const files = await keepRun(cli, workspace, retried.receipt)
            lines.push(retriedText(retried, files, style(cli.world.out, cli.world.env)))
          }
          if (standing) lines.push(`Decided: ${standing.decision}, while both sides stay as they are.`)
          cli.answer(decided, lines.join('\n\n'))
          return retried ? exitOfReceipt(retried.receipt) : EXIT.ok
        }),
      ),
    )
}

function requestOf(options: Options, who: string): DecisionRequest {
  const { accept, write, ignore, reason, until } = options
  const why = {
    who,
    reason: reason ?? '',
    ...(until === undefined ? {} : { until: momentOf(until, Date.now()) }),
  }
  if (accept === 'source') return { ...why, decision: 'accept-source' }
  if (write) return { ...why, decision: 'write', edits: { set: write } }
  if (accept === undefined && ignore !== true)
    throw new Fault(
      'COMMAND_INVALID',
      'Say --accept source, --accept target, --write field=value or --ignore.',
    )
  if (reason === undefined || reason.trim() === '')
    throw new Fault('COMMAND_INVALID', 'Say why with --reason: the decision stands until a side changes.')
  return { ...why, decision: accept === 'target' ? 'accept-target' : 'ignore' }
}
