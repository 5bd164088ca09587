import type { Cli } from '../../cli/cli'
import { progressLine } from '../../cli/print/progress'
import { keepRun, type RunFiles } from '../../cli/run-files'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import type { Failure } from '../../shared/core/exceptions/exception'
import type { Workflow } from '../../shared/core/workflow'
import type { Log, RegistryApi } from './registry-api'

export interface Run {
  workflow: Workflow
  receipt: Receipt
  files: RunFiles
  exceptions: Failure[]
  /** What the registry noted of it. */
  log: Log
}

/** What `tieout sync airports` does. */
export async function sync(cli: Cli, registry: RegistryApi): Promise<Run> {
  const line = progressLine(cli.world.err, Date.now)
  return cli.withWorkspace(async (workspace, { workflows }) => {
    const workflow = workflows.get('airports')
    if (!workflow) throw new Error('tieout.yaml has no workflow airports')
    const { signal } = new AbortController()
    const receipt = await workspace.sync(workflow.name, { signal, onProgress: line.show }).finally(line.clear)
    const files = await keepRun(cli, workspace, receipt)
    const exceptions = await workspace.failures({ run: receipt.run, limit: 10_000 })
    return { workflow, receipt, files, exceptions, log: registry.takeLog() }
  })
}
