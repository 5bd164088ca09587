import type { Node } from '../../../bench/lib/n8n/run-data'

export type NodeLike = Pick<Node, 'name' | 'type'> & Partial<Node>

export const START: NodeLike = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' }

/** A node that gives these items. */
export function items(name: string, list: readonly object[]): NodeLike {
  const jsCode = `return ${JSON.stringify(list)}.map((json) => ({ json }))`
  return { name, type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } }
}
