import type { IDataObject, INodeExecutionData } from 'n8n-workflow'
import type { Plan } from '../../../shared/core/bulk-sync/plan'
import type { Receipt } from '../../../shared/core/bulk-sync/receipt'
import { reportInN8n } from '../../host/in-n8n'
import { WHOLE } from '../../host/items'
import type { Work } from './open'

/** Whether the run may have changed the target, or has records to tell of. */
export function told({ outcomes }: Receipt): boolean {
  const { created, updated, deleted, rejected, unknown } = outcomes
  return [created, updated, deleted, rejected, unknown].some(({ count }) => count > 0)
}

/** The receipt, short at the top; `receipt` is the whole one, which anybody can verify. */
export function receiptItem(receipt: Receipt, { store }: Work): INodeExecutionData {
  const { status, run, balanced, outcomes, read, fault, held } = receipt
  const counts = Object.fromEntries(
    Object.entries(outcomes).flatMap(([outcome, { count }]) => (count > 0 ? [[outcome, count]] : [])),
  )
  const json: IDataObject = {
    status,
    run,
    balanced,
    read: read.source.count,
    ...counts,
    ...(store.omitted > 0 ? { exceptionsNotShown: store.omitted } : {}),
    ...(held ? { held } : {}),
    ...(fault ? { fault: reportInN8n(fault) } : {}),
    state: store.left?.cursor ? { cursor: store.left.cursor } : {},
    receipt,
  }
  return { json, pairedItem: WHOLE }
}

/** What a run would do; nothing was written. */
export function planItem(plan: Plan): INodeExecutionData {
  return { json: { status: 'preview', ...plan }, pairedItem: WHOLE }
}
