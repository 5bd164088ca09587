import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import { Fault } from '../../../shared/core/fault'
import { goesOn } from '../../host/agent'
import { nodeError } from '../../host/errors'
import { gatewayOf } from '../../host/gateway'
import { reportInN8n } from '../../host/in-n8n'
import { operations } from './operations'

/** One operation on the exceptions of a gateway for each input item. A failing item never ends those after it unheard. */
export async function exceptions(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const gateway = gatewayOf(node)
  const output: INodeExecutionData[] = []
  for (const [item] of node.getInputData().entries()) {
    for (const json of await answersOf(node, gateway, item)) output.push({ json, pairedItem: { item } })
  }
  return [output]
}

/** @throws NodeOperationError where the node is set to stop; whatever was done before it is safe to do again */
async function answersOf(
  node: IExecuteFunctions,
  gateway: Promise<GatewayClient>,
  item: number,
): Promise<IDataObject[]> {
  const resource = node.getNodeParameter('resource', item)
  const operation = node.getNodeParameter('operation', item)
  try {
    const client = await gateway
    return (await operations[`${resource}.${operation}`]?.(node, client, item)) ?? []
  } catch (error) {
    const known = nodeError(node.getNode(), error, item)
    if (!goesOn(node)) throw known
    // only this shape goes to n8n's error output, which adds the fields of the input item
    if (node.getNode().onError === 'continueErrorOutput')
      return [{ error: known.message, message: known.description ?? known.message }]
    if (!(error instanceof Fault))
      return [{ outcome: 'failed', reason: known.message, advice: known.description }]
    const fault = reportInN8n(error)
    return [{ outcome: 'failed', reason: fault.detail, fault }]
  }
}
