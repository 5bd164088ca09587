import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow'
import type { GatewayClient } from '../../../shared/core/client/client'
import { Fault, reportFault } from '../../../shared/core/fault'
import type { Calls } from '../../../shared/generated/client-types'
import { stopped } from '../../host/errors'
import { gatewayOf } from '../../host/gateway'
import { jsonObject } from '../../host/items'

type Event = Calls['listEvents']['answer']['items'][number]

/** Most events of one execution; what is more comes with the next poll. */
const MOST = 1000
/** Part of the time that n8n gives a poll. */
const BUDGET = 0.7

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
    if (error instanceof Fault) throw stopped(node.getNode(), reportFault(error))
    throw error
  }
}

async function poll(
  node: IPollFunctions,
  gateway: GatewayClient,
  { wants, item }: FeedTrigger,
): Promise<INodeExecutionData[][] | null> {
  const state = node.getWorkflowStaticData('node')
  const known = typeof state['cursor'] === 'string' ? state['cursor'] : undefined
  const until = performance.now() + node.getPollBudgetMs() * BUDGET
  const begins = known !== undefined || node.getNodeParameter('startFrom') === 'beginning'
  const items: INodeExecutionData[] = []
  let after = known
  for (;;) {
    const page = await gateway.call('listEvents', { limit: 200, ...(after === undefined ? {} : { after }) })
    if (begins) for (const event of page.items.filter(wants)) items.push({ json: await item(gateway, event) })
    after = page.next ?? after
    if (page.items.length === 0 || items.length >= MOST || performance.now() > until) break
  }
  if (after !== undefined) state['cursor'] = after
  return items.length > 0 ? [items] : null
}

/** For the button that tries the trigger out: the newest events that it would give, and the cursor stays. */
async function sample(
  gateway: GatewayClient,
  { wants, item }: FeedTrigger,
): Promise<INodeExecutionData[][] | null> {
  let newest: Event[] = []
  let after: string | undefined
  for (;;) {
    const page = await gateway.call('listEvents', { limit: 200, ...(after === undefined ? {} : { after }) })
    newest = [...newest, ...page.items.filter(wants)].slice(-3)
    after = page.next ?? after
    if (page.items.length === 0) break
  }
  const items: INodeExecutionData[] = []
  for (const event of newest) items.push({ json: await item(gateway, event) })
  return items.length > 0 ? [items] : null
}

/** An event as an item. */
export function eventItem(event: Event): IDataObject {
  return jsonObject(event)
}
