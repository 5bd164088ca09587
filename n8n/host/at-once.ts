import type { IExecuteFunctions } from 'n8n-workflow'
import { unusable } from './errors'
import { variesByItem } from './expression'
import { input } from './input'

/**
 * For a node that gives an account of all its items: set to Execute Once, n8n hands it the first of each input alone.
 * @throws NodeOperationError
 */
export function needsAllItems(node: IExecuteFunctions): void {
  if (node.getNode().executeOnce === true)
    throw unusable(
      node.getNode(),
      'Execute Once is on, so n8n gives this node only the first item of each input',
      'Turn Execute Once off in the Settings of this node: it takes all items in one go anyway.',
    )
}

/**
 * The node works once for all its items, by its parameters as they are for the first: one that is another for another
 * item would be silently passed over.
 * @throws NodeOperationError
 */
export function sameForAllItems(node: IExecuteFunctions): void {
  const { items } = input(node, 0)
  for (const [name, raw] of Object.entries(node.getNode().parameters)) {
    // of a mapping every item has its own values
    if (name === 'mapping' || !variesByItem(JSON.stringify(raw))) continue
    const valueFor = (item: number): string => JSON.stringify(node.getNodeParameter(name, item, null))
    const first = valueFor(0)
    const other = items.findIndex((_, item) => item > 0 && valueFor(item) !== first)
    if (other > 0)
      throw unusable(
        node.getNode(),
        `The parameter ${name} is another for item ${other} than for item 0, and this node works once for all items`,
        'Put Loop Over Items before it, with a Batch Size of 1, or let the expression read one item, such as {{ $input.first().json.url }}.',
        other,
      )
  }
}
