import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { reconcileRecords } from '../../../shared/core/reconciliation/records'
import { stopped, unusable } from '../../host/errors'
import { noHttp } from '../../host/http'
import { input } from '../../host/input'
import { portsOf } from '../../host/ports'
import { breakItems } from './breaks'
import type { Found } from './found'
import { matchedItems } from './matched'
import { attachReports } from './report'
import { settingsOf } from './settings'
import { summaryItem } from './summary'
import { totalItems } from './totals'

/** Outputs: breaks, matched, totals, summary. Nothing is written anywhere, so whatever goes wrong may be thrown. */
export async function reconcileItems(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const settings = settingsOf(node)
  if (settings.key.length === 0)
    throw unusable(
      node.getNode(),
      'Key Fields is empty',
      'Name the fields that identify a record on both sides, such as id or sku, location.',
    )
  const [source, target] = [input(node, 0), input(node, 1)]
  const ports = portsOf(node, noHttp)
  const found = await reconcileRecords({
    source: source.records,
    target: target.records,
    key: settings.key,
    reconcile: settings.reconcile,
    title: settings.title,
    ports,
    signal: node.getExecutionCancelSignal() ?? new AbortController().signal,
  })
  const { result, breaks } = found
  if (result.fault && !node.continueOnFail()) throw stopped(node.getNode(), result.fault)
  const all: Found = { result, breaks, source, target }
  const summary = summaryItem(all)
  await attachReports(node, summary, all, { forms: settings.reports, signer: ports.signer })
  return [
    breakItems(all),
    settings.matched ? matchedItems(all, settings.reconcile) : [],
    totalItems(all),
    [summary],
  ]
}
