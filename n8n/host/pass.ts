import type { IExecuteFunctions } from 'n8n-workflow'

/** One time that a node runs: the same when n8n tries it again after an error, another in each round of a loop. */
export function passOf(node: IExecuteFunctions): string {
  return `${node.getExecutionId()}-${node.getWorkflowDataProxy(0).$thisRunIndex}`
}
