import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { reconcileRecords } from '../../../shared/core/reconciliation/records'
import { goesOn } from '../../host/agent'
import { needsAllItems, sameForAllItems } from '../../host/at-once'
import { stopped } from '../../host/errors'
import { failedItems, forErrorOutput } from '../../host/failure'
import { noHttp } from '../../host/http'
import { reportInN8n } from '../../host/in-n8n'
import { input } from '../../host/input'
import { textParameter } from '../../host/parameters'
import { portsOf } from '../../host/ports'
import { signalOf } from '../../host/signal'
import { compareApis } from './apis'
import { reconcileWorkflow } from './gateway'
import { breakItems } from './breaks'
import type { Found } from './found'
import { matchedItems } from './matched'
import { attachReports } from './report'
import { settingsOf } from './settings'
import { summaryItem } from './summary'
import { totalItems } from './totals'

/**
 * Outputs: breaks, matched, totals, summary. Nothing is written anywhere, so whatever goes wrong may be thrown; where the
 * node goes on, the summary says that nothing was found out.
 */
export async function reconcileSides(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  try {
    sameForAllItems(node)
    const operation = textParameter(node, 'operation')
    if (operation === 'run') return await reconcileWorkflow(node)
    return await outputs(node, operation === 'apis' ? await compareApis(node) : await compareItems(node))
  } catch (error) {
    return [[], [], [], failedItems(node, error)]
  }
}

async function compareItems(node: IExecuteFunctions): Promise<Found> {
  needsAllItems(node)
  const { key, reconcile, title } = settingsOf(node)
  const [source, target] = [input(node, 0), input(node, 1)]
  const { result, breaks } = await reconcileRecords({
    source: source.records,
    target: target.records,
    key,
    reconcile,
    title,
    ports: portsOf(node, noHttp),
    signal: signalOf(node),
  })
  return { key, result, breaks, source, target }
}

/** @throws NodeOperationError where a side could not be read whole */
async function outputs(node: IExecuteFunctions, found: Found): Promise<INodeExecutionData[][]> {
  const fault = found.result.fault && reportInN8n(found.result.fault)
  if (fault && !goesOn(node)) throw stopped(node.getNode(), fault)
  tellDoubts(node, found)
  const { reports, matched, reconcile } = settingsOf(node)
  const summary = summaryItem(found)
  await attachReports(node, summary, found, reports)
  const summaries = [summary, ...(fault ? forErrorOutput(node, fault) : [])]
  return [breakItems(found), matched ? matchedItems(found, reconcile) : [], totalItems(found), summaries]
}

/** What makes a result say less than it seems to: a field by another name, an input that nothing came in by. */
function tellDoubts(node: IExecuteFunctions, { result }: Found): void {
  const { source, target, notes, fault } = result
  const empty = source.records === 0 ? 'Source' : 'Target'
  const none =
    fault === undefined && (source.records === 0) !== (target.records === 0)
      ? [`${empty} has no records, so everything on the other side counts as missing there.`]
      : []
  for (const message of [...none, ...notes])
    node.addExecutionHints({ message, type: 'warning', location: 'outputPane' })
}
