import { member } from '../../../bench/lib/n8n/server'
import { workflow, type Node, type Workflow } from '../../../bench/lib/n8n/run-data'
import type { N8n } from './server'

export type NodeLike = Pick<Node, 'name' | 'type'> & Partial<Node>

export const START: NodeLike = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' }

/** A node that gives these items. */
export function items(name: string, list: readonly object[]): NodeLike {
  return code(name, `return ${JSON.stringify(list)}.map((json) => ({ json }))`)
}

export function code(name: string, jsCode: string): NodeLike {
  return { name, type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } }
}

export function tieout(
  type: 'BulkSync' | 'Exceptions' | 'ExceptionTrigger' | 'Reconcile' | 'RunTrigger',
  name: string,
  parameters: Record<string, unknown>,
): NodeLike {
  return { name, type: `n8n-nodes-tieout.tieout${type}`, parameters }
}

/** What a node's `credentials` holds. */
export type Credentials = Record<string, { id: string; name: string }>

/** @param data fields of the credential, as its form has them */
export async function credentialsOf(n8n: N8n, type: string, data: object): Promise<Credentials> {
  const name = `${type} ${JSON.stringify(data).length}`
  const made = await n8n().api('POST', '/rest/credentials', { name, type, data })
  return { [type]: { id: String(member(made, 'id')), name } }
}

/** Each node is wired to the next; ours get the credentials. */
export function inARow(id: string, credentials: Credentials, ...nodes: NodeLike[]): Workflow {
  return workflow(
    id,
    nodes.map((node) => ({ ...(node.type.startsWith('n8n-nodes-tieout') ? { credentials } : {}), ...node })),
    nodes.slice(1).map((node, at) => `${nodes[at]?.name ?? ''} > ${node.name}`),
  )
}

/** A resource locator that names it. */
export function named(value: string): object {
  return { __rl: true, mode: 'id', value }
}

/** Every three seconds: n8n takes once a minute at most, but as often as one likes. */
export const OFTEN = {
  item: Array.from({ length: 20 }, (_, i) => ({ mode: 'custom', cronExpression: `${i * 3} * * * * *` })),
}
