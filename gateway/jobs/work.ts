import type { Progress } from '../../shared/core/bulk-sync/request'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workspace } from '../../shared/core/workspace'
import type { Job } from './jobs'

export interface WorkContext {
  workspace: Workspace
  /** Of the tenant. */
  folder: string
  signal: AbortSignal
  onProgress(progress: Progress): void
}

export type Done = Pick<Job, 'state' | 'receipt' | 'plan'>

/** Does what a job is for. */
export async function workOf(job: Job, context: WorkContext): Promise<Done> {
  const { workspace, signal, onProgress } = context
  const { workflow, options, run } = job
  switch (job.kind) {
    case 'sync':
      return ofReceipt(
        await workspace.sync(workflow, {
          id: run,
          signal,
          onProgress,
          ...flags(options, 'full', 'restart'),
          ...texts(options, 'approve'),
        }),
      )
    case 'plan':
      return {
        state: 'succeeded',
        plan: await workspace.plan(workflow, { signal, ...flags(options, 'full') }),
      }
    case 'undo':
      return ofReceipt(await workspace.undo(String(options['undone']), { id: run, signal }))
    case 'reconcile': {
      const { status } = await workspace.reconcile(workflow, {
        id: run,
        signal,
        ...flags(options, 'exceptions'),
      })
      return { state: status === 'ties-out' ? 'succeeded' : status === 'breaks' ? 'exceptions' : 'failed' }
    }
    case 'retry':
    case 'upload':
      throw new Error(`${job.kind} is not there yet`)
  }
}

function ofReceipt(receipt: Receipt): Done {
  return { state: receipt.status, receipt }
}

function flags<Name extends string>(options: DataRecord, ...names: Name[]): { [name in Name]?: boolean } {
  const found: { [name in Name]?: boolean } = {}
  for (const name of names) if (typeof options[name] === 'boolean') found[name] = options[name]
  return found
}

function texts<Name extends string>(options: DataRecord, ...names: Name[]): { [name in Name]?: string } {
  const found: { [name in Name]?: string } = {}
  for (const name of names) if (typeof options[name] === 'string') found[name] = options[name]
  return found
}
