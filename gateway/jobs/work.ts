import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import type { Decided } from '../../shared/core/exceptions/decide/request'
import { keepFailed } from '../records/kept-upload'
import { runUpload } from '../records/run-upload'
import type { WorkContext } from './context'
import { stateOf } from './elsewhere'
import type { Job } from './jobs'
import { decisionIn, flags, selectionIn, texts } from './options'

export type Done = Pick<Job, 'state' | 'receipt' | 'plan' | 'decided' | 'fault'> &
  Partial<Pick<Job, 'options'>>

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
      const { status, fault } = await workspace.reconcile(workflow, {
        id: run,
        signal,
        ...flags(options, 'exceptions'),
      })
      return { state: stateOf(status), ...(fault ? { fault } : {}) }
    }
    case 'retry': {
      const { rate } = options
      const retries = await workspace.remedies.retry(selectionIn(options), {
        id: run,
        who: client,
        signal,
        onProgress,
        ...(typeof rate === 'number' ? { rate } : {}),
        ...flags(options, 'again'),
      })
      // one that was interrupted may have been finished before
      const retried = retries.find(({ receipt }) => receipt.run === run) ?? retries.at(-1)
      return retried ? ofReceipt(retried.receipt) : { state: 'succeeded' }
    }
    case 'decide': {
      const asked = decisionIn(options, client)
      const [decided] = await workspace.remedies.decide(selectionIn(options), asked, {
        id: run,
        signal,
        onProgress,
      })
      return decided ? ofDecision(decided) : { state: 'succeeded' }
    }
    case 'upload': {
      const { record, folder } = context
      const receipt = await runUpload(job, context)
      const options = record && (await keepFailed(record, job, receipt, folder))
      return { ...ofReceipt(receipt), ...(options ? { options } : {}) }
    }
  }
}

/** What it was not possible for is still open. */
function ofDecision({ exceptions, standing, problems, retried }: Decided): Done {
  const done = retried ? ofReceipt(retried.receipt) : { state: 'succeeded' as const }
  const { count: notPossible, first } = problems
  const decided = { exceptions, standing, notPossible, problems: first }
  return {
    ...done,
    ...(done.state === 'succeeded' && notPossible > 0 ? { state: 'exceptions' } : {}),
    decided,
  }
}

function ofReceipt(receipt: Receipt): Done {
  return { state: receipt.status, receipt }
}
