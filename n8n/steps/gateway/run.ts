import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import type { Run, RunRequest } from '../../../shared/generated/client-types'
import { isErrorCode } from '../../../shared/contract/errors'
import { entryOverHttp } from '../../../shared/contract/errors/over-http'
import { unusable } from '../../host/errors'
import { forErrorOutput, recordsLeft, runFailed, runHeld } from '../../host/failure'
import { jsonObject, WHOLE } from '../../host/items'
import { passOf } from '../../host/pass'
import { parameter, type Configured } from '../../host/parameters'
import { approvalOf, approving, asks, WHERE_TO_APPROVE } from './approval'

/** The workflow that a resource locator names. */
export function workflowParameter(node: Configured): string {
  const workflow = parameter(node, 'workflow', '', { extractValue: true })
  if (typeof workflow === 'string' && workflow !== '') return workflow
  throw unusable(
    node.getNode(),
    'Workflow is empty',
    'Choose one of the workflows of the gateway, or give its name.',
  )
}

/** Starts a run and waits for its end. When n8n runs the node again in one execution, it finds the run of the first time. */
export async function runOn(
  node: IExecuteFunctions,
  gateway: GatewayClient,
  workflow: string,
  body: RunRequest,
): Promise<Run> {
  const started = await gateway.call(
    'startRun',
    { workflow, Prefer: 'respond-async', body },
    { idempotencyKey: keyOf(node) },
  )
  return gateway.followRun(started.id, cancelOf(node))
}

/** An upload is a run of its own, so it is approved once it has asked: it goes on, or asks again for another hash. */
export async function approved(node: IExecuteFunctions, gateway: GatewayClient, run: Run): Promise<Run> {
  const approve = approvalOf(node)
  if (approve === undefined || !(run.held || asks(run))) return run
  const resumed = await gateway.call(
    'resumeRun',
    { run: run.id, Prefer: 'respond-async', body: { approve } },
    { idempotencyKey: `${keyOf(node)}-approved` },
  )
  return gateway.followRun(resumed.id, cancelOf(node))
}

/** Of the execution, the node and the round of a loop. */
export function keyOf(node: IExecuteFunctions): string {
  return `${passOf(node)}-${node.getNode().id}`
}

export function cancelOf(node: IExecuteFunctions): { signal?: AbortSignal } {
  const signal = node.getExecutionCancelSignal()
  return signal ? { signal } : {}
}

/**
 * How a run ended.
 * @throws NodeOperationError for one that failed and has done nothing, where the node is to stop
 */
export function runItems(node: IExecuteFunctions, run: Run): INodeExecutionData[] {
  const { problem, held } = run
  if (held) runHeld(node, held.reason, approving(held.hash))
  const { rejected = 0, unprocessed = 0, unknown = 0 } = run.outcomes ?? {}
  if (!problem && !held) recordsLeft(node, rejected + unprocessed + unknown)
  if (!problem) return [runItem(run)]
  const told = asks(run) ? { ...problem, steps: [...problem.steps, WHERE_TO_APPROVE] } : problem
  runFailed(node, told, hasDone(run))
  return [runItem(run), ...forErrorOutput(node, told)]
}

/** Whether a run has changed something, or has records to tell of. */
export function hasDone({ outcomes }: Run): boolean {
  const { created = 0, updated = 0, deleted = 0, rejected = 0, unknown = 0 } = outcomes ?? {}
  return created + updated + deleted + rejected + unknown > 0
}

function runItem(run: Run): INodeExecutionData {
  const { state, problem, ...rest } = run
  const json: IDataObject = {
    status: state,
    ...run.outcomes,
    ...jsonObject(rest),
    ...(problem ? { fault: jsonObject(problem) } : {}),
  }
  return { json, pairedItem: WHOLE }
}

/** What failed in a run, each with what to do about its code. */
export async function runExceptions(
  gateway: GatewayClient,
  run: string,
  most: number,
): Promise<INodeExecutionData[]> {
  const items: INodeExecutionData[] = []
  for await (const exception of gateway.items('listExceptions', { run })) {
    if (items.length >= most) break
    const steps = isErrorCode(exception.code) ? entryOverHttp(exception.code).steps : []
    items.push({
      json: {
        ...jsonObject(exception),
        reason: exception.message,
        steps: steps.map((step) => ({ ...step })),
      },
    })
  }
  return items
}
