import type { IDataObject, INodeExecutionData, IPollFunctions, NodeOperationError } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import { Fault } from '../../../shared/core/fault'
import type { Calls } from '../../../shared/generated/client-types'
import { nodeError, unusable } from '../../host/errors'
import { gatewayOf } from '../../host/gateway'
import { jsonObject } from '../../host/items'

export type Event = Calls['listEvents']['answer']['items'][number]

const PAGE = 1000
/** Most events of one execution; what is more comes with the next poll. */
const MOST = 1000
/** Part of the time that n8n gives a poll; one that does not say lets it take five minutes. */
const BUDGET = 0.7
const BUDGET_MS = 300_000

export interface FeedTrigger {
  wants: (event: Event) => boolean
  /** What an event becomes. */
  item: (gateway: GatewayClient, event: Event) => Promise<IDataObject>
}

/**
 * What happened on the gateway since the last poll. The cursor is n8n's to keep; it moves only over what was handed on. A
 * new trigger begins with what happens from then on.
 */
export async function pollFeed(
  node: IPollFunctions,
  trigger: FeedTrigger,
): Promise<INodeExecutionData[][] | null> {
  const gateway = await gatewayOf(node)
  try {
    return node.getMode() === 'manual' ? await sample(gateway, trigger) : await poll(node, gateway, trigger)
  } catch (error) {
    if (error instanceof Fault && error.code === 'CURSOR_UNKNOWN') throw lost(node)
    throw nodeError(node.getNode(), error)
  }
}

/** n8n lets nobody take the cursor away. */
function lost(node: IPollFunctions): NodeOperationError {
  return unusable(
    node.getNode(),
    'The gateway does not know the place where this trigger stopped: its state was replaced or restored. Put a copy of the node in its place and publish again: the copy begins where Start From says.',
    'With Start From: Beginning it gives again what it gave before, and nothing is left out.',
  )
}

async function poll(
  node: IPollFunctions,
  gateway: GatewayClient,
  { wants, item }: FeedTrigger,
): Promise<INodeExecutionData[][] | null> {
  // what n8n keeps for a node it keeps under its name, and a node that was renamed would have missed what happened meanwhile
  const state = node.getWorkflowStaticData('global')
  const place = `tieout ${node.getNode().id}`
  const known = typeof state[place] === 'string' ? state[place] : undefined
  const until = performance.now() + budgetOf(node) * BUDGET
  const begins = known !== undefined || node.getNodeParameter('startFrom') === 'beginning'
  const items: INodeExecutionData[] = []
  let reached = known
  for await (const { events, next } of pagesOf(gateway, known)) {
    if (begins) for (const event of events.filter(wants)) items.push({ json: await item(gateway, event) })
    reached = next
    if (items.length >= MOST || performance.now() > until) break
  }
  state[place] = reached
  return items.length > 0 ? [items] : null
}

/** n8n 2.20 does not say, and our types are those of a later one. */
function budgetOf(node: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
  return node.getPollBudgetMs?.() ?? BUDGET_MS
}

/** For the button that tries the trigger out: the newest events that it would give, and the cursor stays. */
async function sample(
  gateway: GatewayClient,
  { wants, item }: FeedTrigger,
): Promise<INodeExecutionData[][] | null> {
  let newest: Event[] = []
  for await (const { events } of pagesOf(gateway)) newest = [...newest, ...events.filter(wants)].slice(-3)
  const items: INodeExecutionData[] = []
  for (const event of newest) items.push({ json: await item(gateway, event) })
  return items.length > 0 ? [items] : null
}

/** Until nothing is left. A page may be empty and not the last: it held what the credential may not see. */
async function* pagesOf(
  gateway: GatewayClient,
  after?: string,
): AsyncGenerator<{ events: readonly Event[]; next: string | undefined }> {
  for (let from = after; ;) {
    const { items, next } = await gateway.call('listEvents', {
      limit: PAGE,
      ...(from === undefined ? {} : { after: from }),
    })
    yield { events: items, next }
    if (next === from) return
    from = next
  }
}

/** An event as an item. */
export function eventItem(event: Event): IDataObject {
  return jsonObject(event)
}

/**
 * What the gateway has of it. A run of the command line, which may share the state, is none of the gateway's, and what is
 * old was forgotten: the event still counts.
 */
export async function detailsOf(node: IPollFunctions, asked: Promise<object>): Promise<IDataObject> {
  try {
    return { details: jsonObject(await asked) }
  } catch (error) {
    if (error instanceof Fault && (error.code === 'RUN_UNKNOWN' || error.code === 'EXCEPTION_UNKNOWN'))
      return {}
    throw nodeError(node.getNode(), error)
  }
}
