import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow'
import { Fault } from '../../shared/core/fault'
import { reportInN8n } from './in-n8n'

/** What went wrong, as a report of a fault and the problem of a gateway have it. */
export interface Told {
  code: string
  title: string
  detail: string
  steps: readonly { do: string }[]
}

/** What stops a node before it has written anything: what happened, and below it what to do. */
export function stopped(node: INode, told: Told, itemIndex?: number): NodeOperationError {
  return new NodeOperationError(node, told.detail === '' ? told.title : told.detail, {
    description: whatToDo(told),
    level: 'warning',
    ...(itemIndex === undefined ? {} : { itemIndex }),
  })
}

/** What kind of thing it is, and what to do about it. */
export function whatToDo({ code, title, steps }: Told): string {
  return [`${title} (${code}).`, ...steps.map((step) => step.do)].join(' ')
}

/** What goes wrong in a node, as n8n shows it: a fault with what to do, one of n8n's own errors as it is. */
export function nodeError(
  node: INode,
  error: unknown,
  itemIndex?: number,
): NodeApiError | NodeOperationError {
  if (error instanceof Fault) return stopped(node, reportInN8n(error), itemIndex)
  if (error instanceof NodeApiError) return error
  // gives a NodeOperationError back
  return new NodeOperationError(node, error instanceof Error ? error : String(error))
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
