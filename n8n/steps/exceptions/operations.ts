import type { IDataObject, IExecuteFunctions } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import type { ExceptionChange, RetryRequest } from '../../../shared/generated/client-types'
import { parseJson } from '../../../shared/core/format/json'
import type { DataRecord } from '../../../shared/core/record/value'
import { text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { runFailed } from '../../host/failure'
import { jsonObject } from '../../host/items'
import { list, record } from '../../host/parameters'
import { cancelOf, hasDone, keyOf } from '../gateway/run'
import { filterOf } from './filter'

type Operation = (node: IExecuteFunctions, gateway: GatewayClient, item: number) => Promise<IDataObject[]>

/** By resource and operation. */
export const operations: Readonly<Record<string, Operation>> = {
  'exception.get': async (node, gateway, item) => {
    const now = node.getNodeParameter('readNow', item, false) === true
    const exception = numberOf(node, item)
    return [jsonObject(await gateway.call('getException', { exception, ...(now ? { now } : {}) }))]
  },
  'exception.getAll': async (node, gateway, item) => {
    const most = node.getNodeParameter('returnAll', item, false) ? Infinity : limitOf(node, item)
    const found: IDataObject[] = []
    for await (const exception of gateway.items('listExceptions', filterOf(node, item))) {
      if (found.length >= most) break
      found.push(jsonObject(exception))
    }
    return found
  },
  'exception.assign': (node, gateway, item) =>
    change(node, gateway, item, { assignee: textOf(node, 'assignee', item) || null }),
  'exception.comment': (node, gateway, item) =>
    change(node, gateway, item, { comment: textOf(node, 'comment', item) }),
  'exception.fix': (node, gateway, item) => {
    const fix = fieldsOf(node, item)
    return node.getNodeParameter('preview', item, false) === true
      ? preview(node, gateway, item, fix)
      : change(node, gateway, item, { fix })
  },
  'exception.ignore': (node, gateway, item) =>
    change(node, gateway, item, { state: 'ignored', reason: textOf(node, 'reason', item) }),
  'exception.resolve': (node, gateway, item) =>
    change(node, gateway, item, { state: 'resolved', reason: textOf(node, 'reason', item) }),
  'exception.retry': async (node, gateway, item) => {
    const workflow = textOf(node, 'workflow', item)
    const started = await gateway.call(
      'retryExceptions',
      { workflow, body: chosen(node, item) },
      idempotent(node, item),
    )
    const run = await gateway.followRun(started.id, cancelOf(node))
    if (run.problem) runFailed(node, run.problem, hasDone(run), item)
    return [jsonObject(run)]
  },
  'group.getAll': async (node, gateway, item) => {
    const { items } = await gateway.call('listGroups', filterOf(node, item))
    return items.map(jsonObject)
  },
  'group.explain': async (node, gateway, item) => [
    jsonObject(await gateway.call('explainGroup', { group: textOf(node, 'group', item) })),
  ],
}

async function change(
  node: IExecuteFunctions,
  gateway: GatewayClient,
  item: number,
  body: ExceptionChange,
): Promise<IDataObject[]> {
  const exception = numberOf(node, item)
  return [jsonObject(await gateway.call('changeException', { exception, body }, idempotent(node, item)))]
}

/** What a fix would do to the open exceptions of the group of one. */
async function preview(
  node: IExecuteFunctions,
  gateway: GatewayClient,
  item: number,
  fix: DataRecord,
): Promise<IDataObject[]> {
  const body = { ids: [numberOf(node, item)], change: { fix }, preview: true }
  const { preview = [] } = await gateway.call('changeExceptions', { body })
  return preview.map(jsonObject)
}

/** Which exceptions to send again: all open ones only where nothing was filled in. */
function chosen(node: IExecuteFunctions, item: number): RetryRequest {
  const ids = list(node.getNodeParameter('exceptions', item, '')).map(Number)
  const filledIn = node.getNodeParameter('exceptions', item, '', { rawExpressions: true }) !== ''
  if (filledIn && !(ids.length > 0 && ids.every(isNumber)))
    throw unusable(
      node.getNode(),
      `Exceptions holds no numbers [item ${item}]`,
      'Give the numbers of exceptions, such as {{ $json.id }} of an item of Tieout Exceptions, or leave it empty to send all open ones again.',
      item,
    )
  const options = record(node.getNodeParameter('retryOptions', item, {}))
  const group = text(options, 'group') ?? ''
  return {
    ...(ids.length > 0 ? { ids } : {}),
    ...(group === '' ? {} : { group }),
    ...(options['again'] === true ? { again: true } : {}),
  }
}

/** The same request when n8n runs the node again in one execution. */
function idempotent(node: IExecuteFunctions, item: number): { idempotencyKey: string } {
  return { idempotencyKey: `${keyOf(node)}-${item}` }
}

function numberOf(node: IExecuteFunctions, item: number): number {
  const id = Number(node.getNodeParameter('exception', item))
  if (isNumber(id)) return id
  throw unusable(
    node.getNode(),
    `Exception is no number [item ${item}]`,
    'Give the number of one exception, such as {{ $json.id }} of an item of Tieout Exceptions.',
    item,
  )
}

function isNumber(id: number): boolean {
  return Number.isInteger(id) && id > 0
}

function limitOf(node: IExecuteFunctions, item: number): number {
  return node.getNodeParameter('limit', item, 50)
}

function textOf(node: IExecuteFunctions, name: string, item: number): string {
  const value = node.getNodeParameter(name, item, '')
  return typeof value === 'string' ? value.trim() : ''
}

/** Source fields with their new values, as JSON. */
function fieldsOf(node: IExecuteFunctions, item: number): DataRecord {
  const given = node.getNodeParameter('fix', item, '{}')
  const fields = record(typeof given === 'string' ? parsed(given) : given)
  if (Object.keys(fields).length > 0) return fields
  throw unusable(
    node.getNode(),
    `Fix names no field [item ${item}]`,
    'Give the fields of the source record with their new values as JSON, such as { "quantity": 5 }.',
    item,
  )
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
