import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow'
import { list } from '../../host/parameters'
import { detailsOf, eventItem, pollFeed } from './poll'

/** New and returning exceptions, each with its record and what to do. */
export function exceptionTrigger(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
  const types = list(node.getNodeParameter('events'))
  const workflow = node.getNodeParameter('workflow')
  return pollFeed(node, {
    wants: (event) => types.includes(event.type) && (workflow === '' || event.workflow === workflow),
    item: async (gateway, event) => ({
      ...eventItem(event),
      ...(event.exception === undefined
        ? {}
        : await detailsOf(node, gateway.call('getException', { exception: event.exception }))),
    }),
  })
}
