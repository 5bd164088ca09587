import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import { runUpload } from '../records/run-upload'
import type { WorkContext } from './context'
import type { Job } from './jobs'
import { flags, selectionIn, texts } from './options'

export type Done = Pick<Job, 'state' | 'receipt' | 'plan'>

/** Does what a job is for. */
export async function workOf(job: Job, context: WorkContext): Promise<Done> {
  const { workspace, signal, onProgress } = context
  const { workflow, options, run, client } = job
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
      return ofReceipt(await workspace.undo(texts(options, 'undone').undone ?? '', { id: run, signal }))
    case 'reconcile': {
      const { status } = await workspace.reconcile(workflow, {
        id: run,
        signal,
        ...flags(options, 'exceptions'),
      })
      return { state: status === 'ties-out' ? 'succeeded' : status === 'breaks' ? 'exceptions' : 'failed' }
    }
    case 'retry': {
      const { rate } = options
      const [retried] = await workspace.remedies.retry(selectionIn(options), {
        id: run,
        who: client,
        signal,
        onProgress,
        ...(typeof rate === 'number' ? { rate } : {}),
        ...flags(options, 'again'),
      })
      return retried ? ofReceipt(retried.receipt) : { state: 'succeeded' }
    }
    case 'upload':
      return ofReceipt(await runUpload(job, context))
  }
}

function ofReceipt(receipt: Receipt): Done {
  return { state: receipt.status, receipt }
}
