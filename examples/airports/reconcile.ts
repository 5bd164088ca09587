import type { Cli } from '../../cli/cli'
import { reconcileLine } from '../../cli/print/progress'
import { writeReport } from '../../cli/report-files'
import type { Reconciliation } from '../../shared/core/reconciliation/reconciliation'

export interface Reconciled {
  reconciliation: Reconciliation
  /** The page to read, print and sign. */
  page: string
}

/** What `tieout reconcile openflights` does. */
export async function reconcile(cli: Cli): Promise<Reconciled> {
  const line = reconcileLine(cli.world.err, Date.now)
  return cli.withWorkspace(async (workspace) => {
    const { signal } = new AbortController()
    const reconciliation = await workspace
      .reconcile('openflights', { signal, onProgress: line.show })
      .finally(line.clear)
    const report = await workspace.reports.report(reconciliation)
    const [page = ''] = await writeReport(report, 'html', cli.runFile(reconciliation.id, 'report.html'))
    return { reconciliation, page }
  })
}
