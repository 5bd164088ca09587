import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Retried } from '../../shared/core/exceptions/retry'
import { Fault } from '../../shared/core/fault'
import type { Reconciliation } from '../../shared/core/reconciliation/reconciliation'
import type { Workspace } from '../../shared/core/workspace'
import type { Act, Cli } from '../cli'
import { EXIT, exitOfReceipt, exitOfReconciliation } from '../exit'
import { stoppable } from '../interrupt'
import { progressLine, reconcileLine } from '../print/progress'
import { reconciliationText } from '../print/reconciliation'
import { retriedText } from '../print/retried'
import { style } from '../print/style'
import { writeReport } from '../report-files'
import { keepRun } from '../run-files'
import { whoIs } from '../who'

interface Options {
  html?: string
  xlsx?: string
  csv?: string
  exceptions?: boolean
  sync?: boolean
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
    .option('--sync', 'then send the records that the target lacks or holds otherwise')
    .action((workflow: string, options: Options) =>
      act((cli) =>
        cli.withWorkspace(async (workspace) => {
          const reconciliation = await reconcile(cli, workspace, workflow, options)
          const files = await writeReports(cli, workspace, reconciliation, options)
          const marks = style(cli.world.out, cli.world.env)
          const text = reconciliationText(reconciliation, [], marks)
          const paths = files.map((file) => `Report: ${file}`)
          const synced = options.sync === true ? await syncBreaks(cli, workspace, reconciliation) : undefined
          const sent = synced
            ? ['', retriedText(synced, await keepRun(cli, workspace, synced.receipt), marks)]
            : []
          cli.answer(
            { ...reconciliation, files, ...(synced ? { synced } : {}) },
            [text, '', ...paths, ...sent].join('\n'),
          )
          if (synced && exitOfReceipt(synced.receipt) === EXIT.failed) return EXIT.failed
          return exitOfReconciliation(reconciliation)
        }),
      ),
    )
}

function reconcile(
  cli: Cli,
  workspace: Workspace,
  workflow: string,
  { exceptions }: Options,
): Promise<Reconciliation> {
  const line = reconcileLine(cli.world.err, Date.now)
  return stoppable(cli, `tieout reconcile ${workflow}`, (signal) =>
    workspace.reconcile(workflow, {
      signal,
      onProgress: line.show,
      ...(exceptions === undefined ? {} : { exceptions }),
    }),
  ).finally(line.clear)
}

/** The page always, with the files of the run; the rest where it was asked for. */
async function writeReports(
  cli: Cli,
  workspace: Workspace,
  reconciliation: Reconciliation,
  options: Options,
): Promise<string[]> {
  const report = await workspace.reports.report(reconciliation)
  const files = await writeReport(report, 'html', cli.runFile(reconciliation.id, 'report.html'))
  for (const format of ['html', 'xlsx', 'csv'] as const) {
    const path = options[format]
    if (path !== undefined) files.push(...(await writeReport(report, format, resolve(cli.world.cwd, path))))
  }
  return files
}

/** @returns undefined when there is nothing that a sync could put right */
async function syncBreaks(
  cli: Cli,
  workspace: Workspace,
  { id, workflow, status, breaks }: Reconciliation,
): Promise<Retried | undefined> {
  if (status === 'failed' || breaks.byKind.differs + breaks.byKind['missing-in-target'] === 0)
    return undefined
  const line = progressLine(cli.world.err, Date.now)
  try {
    return await stoppable(cli, `tieout reconcile ${workflow} --sync`, (signal) =>
      workspace.remedies.syncBreaks(workflow, id, {
        who: whoIs(undefined, cli.world.env),
        signal,
        onProgress: line.show,
      }),
    )
  } catch (error) {
    // the report says what is to be done instead
    if (!(error instanceof Fault) || error.code !== 'RETRY_EMPTY') throw error
    cli.say(error.detail)
    return undefined
  } finally {
    line.clear()
  }
}
