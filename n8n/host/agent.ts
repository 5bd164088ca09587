import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'

const SHOWN = 20

/** Whether an agent uses the node: n8n makes a type of its own of it. */
function isTool(node: IExecuteFunctions): boolean {
  return node.getNode().type.endsWith('Tool')
}

/** Whether a failure is an answer: a person chose so, or a model is to hear what can be done about it. */
export function goesOn(node: IExecuteFunctions): boolean {
  return node.continueOnFail() || isTool(node)
}

/**
 * An agent that uses the node as its tool hears its first output alone, and pays for every word. So the account of the last
 * output comes first, with how much each other output holds and the beginning of it.
 *
 * @param names of the outputs before the last
 */
export function outputsFor(
  node: IExecuteFunctions,
  names: readonly string[],
  outputs: INodeExecutionData[][],
): INodeExecutionData[][] {
  const [account] = outputs.at(-1) ?? []
  if (!isTool(node) || !account) return outputs
  const lists = names.map((name, at) => {
    const items = (outputs[at] ?? []).map(({ json }) => json)
    return [name, { count: items.length, first: items.slice(0, SHOWN) }] as const
  })
  const json = { ...account.json, ...Object.fromEntries(lists) }
  return [[{ json, pairedItem: account.pairedItem ?? 0 }], ...outputs.slice(1).map(() => [])]
}
