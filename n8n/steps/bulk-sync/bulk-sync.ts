import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { planSync } from '../../../shared/core/bulk-sync/plan'
import type { Tripped } from '../../../shared/core/bulk-sync/guards'
import type { Receipt } from '../../../shared/core/bulk-sync/receipt'
import { runSync } from '../../../shared/core/bulk-sync/sync'
import { needsAllItems, sameForAllItems } from '../../host/at-once'
import { failedItems, forErrorOutput, recordsLeft, runFailed, runHeld } from '../../host/failure'
import { noHttp } from '../../host/http'
import { reportInN8n } from '../../host/in-n8n'
import { textParameter } from '../../host/parameters'
import { portsOf } from '../../host/ports'
import { approving } from '../gateway/approval'
import { changeItems } from './changes'
import { exceptionItems } from './exceptions'
import { runWorkflow, uploadTo } from './gateway'
import { open, type Work } from './open'
import { planItem, receiptItem, told } from './receipt'
import { settingsOf, type Settings } from './settings'

/**
 * Outputs: changes, exceptions, receipt. Once something may have been written nothing is thrown any more: n8n would run
 * the node again, or pass its input on as if it had been done.
 */
export async function bulkSync(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  let work: Work | undefined
  try {
    sameForAllItems(node)
    const operation = textParameter(node, 'operation')
    if (operation === 'run') return await runWorkflow(node)
    if (operation === 'upload') return await uploadTo(node)
    const settings = settingsOf(node)
    if (settings.source === 'items') needsAllItems(node)
    work = await open(node, settings, portsOf(node, noHttp))
    if (settings.preview) return [[], [], [planItem(await planSync(work.request))]]
    return ended(node, settings, work, await runSync(work.request))
  } catch (error) {
    // before the run began, or in a preview; a run of a gateway goes on there, and starting it again finds it
    return [[], [], failedItems(node, error)]
  } finally {
    await work?.close()
  }
}

/** Where nothing is kept, a run that stopped begins anew: what it refused once is refused again. */
function wayOut({ guard, hash }: Tripped): string {
  return guard === 'deletes' ? approving(hash) : 'raise Reject Guard (%) under Options'
}

function ended(
  node: IExecuteFunctions,
  settings: Settings,
  work: Work,
  receipt: Receipt,
): INodeExecutionData[][] {
  const { held } = receipt
  const fault = receipt.fault && reportInN8n(receipt.fault)
  if (fault) runFailed(node, fault, told(receipt))
  if (held) runHeld(node, held.reason, wayOut(held))
  const { rejected, unprocessed, unknown } = receipt.outcomes
  if (!fault && !held) recordsLeft(node, rejected.count + unprocessed.count + unknown.count)
  const repeated = work.plan?.repeated ?? 0
  if (repeated > 0)
    node.addExecutionHints({
      message: `${repeated} of the items of Target have a key that an earlier one has: those were not compared. Tieout Reconcile shows them.`,
      type: 'warning',
      location: 'outputPane',
    })
  return [
    changeItems(work, settings.changes),
    exceptionItems(work, settings.source === 'items'),
    [receiptItem(receipt, work), ...(fault ? forErrorOutput(node, fault) : [])],
  ]
}
