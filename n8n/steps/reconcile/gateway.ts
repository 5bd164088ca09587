import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import { gatewayOf } from '../../host/gateway'
import { jsonObject, WHOLE } from '../../host/items'
import { record, words } from '../../host/parameters'
import { runItems, runOn, workflowParameter } from '../gateway/run'
import { MEDIA, type ReportForm } from './report'

/** Breaks that become items; the report has all. */
const MOST = 10_000

/** Has the gateway reconcile a workflow: it knows decisions, ages and signatures. */
export async function reconcileWorkflow(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = await gatewayOf(node)
  const options = record(node.getNodeParameter('gatewayOptions', 0, {}))
  const run = await runOn(node, gateway, workflowParameter(node), {
    kind: 'reconcile',
    ...(options['exceptions'] === true ? { exceptions: true } : {}),
  })
  if (run.state === 'failed') return [[], [], [], runItems(node, run)]
  const result = await gateway.call('getReconciliation', { reconciliation: run.id })
  const breaks: INodeExecutionData[] = []
  for await (const one of gateway.items('listBreaks', { reconciliation: run.id })) {
    if (breaks.length >= MOST) break
    breaks.push({ json: jsonObject(one), pairedItem: WHOLE })
  }
  const { totals, ...rest } = result
  const summary: INodeExecutionData = { json: jsonObject(rest), pairedItem: WHOLE }
  const forms = words(options, 'reports', ['html', 'xlsx', 'csv'])
  if (forms.length > 0) summary.binary = await reports(node, gateway, run.id, forms)
  return [breaks, [], totals.map((total) => ({ json: jsonObject(total), pairedItem: WHOLE })), [summary]]
}

async function reports(
  { helpers }: IExecuteFunctions,
  gateway: GatewayClient,
  reconciliation: string,
  forms: readonly ReportForm[],
): Promise<IBinaryKeyData> {
  const binary: IBinaryKeyData = {}
  for (const form of forms) {
    const { bytes } = await gateway.download('getReconciliation', { reconciliation }, MEDIA[form])
    const chunks: Uint8Array[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    binary[form] = await helpers.prepareBinaryData(
      Buffer.concat(chunks),
      `reconciliation.${form}`,
      MEDIA[form],
    )
  }
  return binary
}
