import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import { Fault } from '../../shared/core/fault'
import { goesOn } from './agent'
import { nodeError, stopped, whatToDo, type Told } from './errors'
import { reportInN8n } from './in-n8n'
import { WHOLE } from './items'

/**
 * A run that failed. One that has done something never throws, so its failure is told beside the node.
 * @throws NodeOperationError where nothing was done yet and the node is to stop
 */
export function runFailed(node: IExecuteFunctions, fault: Told, done: boolean, item?: number): void {
  if (!done && !goesOn(node)) throw stopped(node.getNode(), fault, item)
  node.addExecutionHints({
    message: `The run did not end well: ${sentence(fault.detail)} See the outputs Exceptions and Receipt.`,
    type: 'danger',
    location: 'outputPane',
  })
}

/** A run that is over, and green, although not every record went over. */
export function recordsLeft(node: IExecuteFunctions, count: number): void {
  if (count === 0) return
  node.addExecutionHints({
    message: `${count === 1 ? '1 record was' : `${count} records were`} not moved. The output Exceptions says why, and what to do.`,
    type: 'warning',
    location: 'outputPane',
  })
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/**
 * A run that a guard holds: it is green, and has not done all that it found.
 * @param wayOut how to go on where that is right
 */
export function runHeld(node: IExecuteFunctions, reason: string, wayOut: string): void {
  node.addExecutionHints({
    message: `A guard holds the run: ${reason} See the output Receipt. If that is right, ${wayOut}.`,
    type: 'warning',
    location: 'outputPane',
  })
}

/**
 * What the last output says of a node that has done nothing and goes on: n8n would give out its input in place of a
 * result, also where a parameter or an expression is wrong.
 * @throws NodeOperationError where the node is to stop
 */
export function failedItems(node: IExecuteFunctions, error: unknown): INodeExecutionData[] {
  const known = nodeError(node.getNode(), error)
  if (!goesOn(node)) throw known
  const { message, description } = known
  const json = error instanceof Fault ? reportInN8n(error) : { detail: message, steps: stepsOf(description) }
  const failed = { json: { status: 'failed', fault: { ...json } }, pairedItem: WHOLE }
  return [failed, ...errorOutput(node, message, description ?? message)]
}

function stepsOf(description: string | null | undefined): { do: string }[] {
  return typeof description === 'string' && description !== '' ? [{ do: description }] : []
}

/** What went wrong, for the error output where the node has one: n8n moves items of this shape to it, and of no larger one. */
export function forErrorOutput(node: IExecuteFunctions, fault: Told): INodeExecutionData[] {
  return errorOutput(node, fault.detail, whatToDo(fault))
}

function errorOutput(node: IExecuteFunctions, error: string, message: string): INodeExecutionData[] {
  if (node.getNode().onError !== 'continueErrorOutput') return []
  return [{ json: { error, message }, pairedItem: WHOLE }]
}
