import { NodeOperationError, type INode } from 'n8n-workflow'
import type { FaultReport } from '../../shared/core/fault'

/** What stops a node before it has written anything: what happened, and below it what to do. */
export function stopped(
  node: INode,
  { code, title, detail, steps }: FaultReport,
  itemIndex?: number,
): NodeOperationError {
  return new NodeOperationError(node, detail === '' ? title : detail, {
    description: [`${title} (${code}).`, ...steps.map((step) => step.do)].join(' '),
    level: 'warning',
    ...(itemIndex === undefined ? {} : { itemIndex }),
  })
}

/** A parameter that cannot be used as it is. */
export function unusable(
  node: INode,
  message: string,
  description: string,
  itemIndex?: number,
): NodeOperationError {
  const where = itemIndex === undefined ? {} : { itemIndex }
  return new NodeOperationError(node, message, { description, level: 'warning', ...where })
}
