import { resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { BreakKind } from '../../shared/core/reconciliation/break'
import type { DrillDown } from '../../shared/core/reconciliation/reports'
import type { Act } from '../cli'
import { exitOfReconciliation } from '../exit'
import { breaksText, reconciliationText } from '../print/reconciliation'
import { style } from '../print/style'
import { FORMATS, writeReport, type ReportFormat } from '../report-files'
import { wholeNumber } from '../whole-number'

interface Options {
  format?: ReportFormat
  out?: string
  where?: Record<string, string>
  cause?: string
  kind?: BreakKind
  state?: 'open' | 'pending' | 'accepted'
  field?: string
  limit: number
}

export function addReport(program: Command, act: Act): void {
  program
    .command('report')
    .description('look into a reconciliation, or hand it out as a file')
    .argument('<workflow or id>', 'the last one of a workflow, or one by its id')
    .addOption(new Option('--format <format>', 'write a file').choices(FORMATS))
    .option('--out <path>', 'the file, or the folder for csv (default: with the files of its run)')
    .option('--where <dimension=value>', 'only breaks of this group; may be repeated', pair)
    .option('--cause <id>', 'only breaks of this cause')
    .addOption(
      new Option('--kind <kind>', 'only breaks of this kind').choices([
        'missing-in-source',
        'missing-in-target',
        'duplicate',
        'differs',
      ]),
    )
    .addOption(
      new Option('--state <state>', 'only breaks in this state').choices(['open', 'pending', 'accepted']),
    )
    .option('--field <field>', 'only breaks where this field differs')
    .option('--limit <number>', 'breaks that are shown', wholeNumber, 20)
    .action((name: string, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async ({ reports }) => {
          const { format, out, limit } = options
          const drillDown = drillDownOf(options)
          const reconciliation = await reports.find(name)
          const report = await reports.report(reconciliation, drillDown)
          const exit = exitOfReconciliation(reconciliation)
          if (format !== undefined) {
            const { id } = reconciliation
            const inState = cli.runFile(id, format === 'csv' ? '.' : `report.${format}`)
            const path = out === undefined ? inState : resolve(cli.world.cwd, out)
            const files = await writeReport(report, format, path)
            cli.answer({ files }, files.join('\n'))
            return exit
          }
          const { signatures } = report
          const marks = style(cli.world.out, cli.world.env)
          if (Object.keys(drillDown).length > 0) {
            const found = await reports.breaks(reconciliation, drillDown, { limit })
            cli.answer(found, breaksText(found.breaks, found.count, reconciliation))
          } else {
            const kept = (await reports.keepsBreaks(reconciliation))
              ? []
              : ['', 'Its breaks are no longer kept: it is old and nobody signed it.']
            const text = reconciliationText(reconciliation, signatures, marks)
            cli.answer({ ...reconciliation, signatures }, [text, ...kept].join('\n'))
          }
          return exit
        }),
      ),
    )
}

function drillDownOf({ where, cause, kind, state, field }: Options): DrillDown {
  return {
    ...(where === undefined ? {} : { where }),
    ...(cause === undefined ? {} : { cause }),
    ...(kind === undefined ? {} : { kind }),
    ...(state === undefined ? {} : { state }),
    ...(field === undefined ? {} : { field }),
  }
}

function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as dimension=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
