import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Act } from '../cli'
import { exitOfReconciliation } from '../exit'
import { stoppable } from '../interrupt'
import { reconcileLine } from '../print/progress'
import { reconciliationText } from '../print/reconciliation'
import { style } from '../print/style'
import { writeReport } from '../report-files'

interface Options {
  html?: string
  xlsx?: string
  csv?: string
  exceptions?: boolean
}

export function addReconcile(program: Command, act: Act): void {
  program
    .command('reconcile')
    .description('prove that source and target agree, or show what differs and why')
    .argument('<workflow>', 'name in the definition')
    .option('--html <file>', 'also write the report as a page here')
    .option('--xlsx <file>', 'also write it as a workbook')
    .option('--csv <folder>', 'also write breaks.csv and totals.csv into this folder')
    .option('--exceptions', 'make an exception of each open break')
    .action((workflow: string, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const line = reconcileLine(cli.world.err, Date.now)
          const reconciliation = await stoppable(cli, `tieout reconcile ${workflow}`, (signal) =>
            workspace.reconcile(workflow, {
              signal,
              onProgress: line.show,
              ...(options.exceptions === true ? { exceptions: true } : {}),
            }),
          ).finally(line.clear)
          const report = await workspace.reports.report(reconciliation)
          const page = cli.runFile(reconciliation.id, 'report.html')
          const files = await writeReport(report, 'html', page)
          for (const format of ['html', 'xlsx', 'csv'] as const) {
            const path = options[format]
            if (path !== undefined)
              files.push(...(await writeReport(report, format, resolve(cli.world.cwd, path))))
          }
          const text = reconciliationText(reconciliation, [], style(cli.world.out, cli.world.env))
          const paths = files.map((file) => `Report: ${file}`)
          cli.answer({ ...reconciliation, files }, [text, '', ...paths].join('\n'))
          return exitOfReconciliation(reconciliation)
        }),
      ),
    )
}
