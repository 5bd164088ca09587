import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow'
import { textOf } from '../../../shared/core/record/value'
import { list } from '../../host/parameters'
import { jsonObject } from '../../host/items'
import { eventItem, pollFeed } from './poll'

/** Runs and reconciliations that ended. */
export function runTrigger(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
  const statuses = list(node.getNodeParameter('statuses'))
  const workflow = node.getNodeParameter('workflow')
  return pollFeed(node, {
    wants: ({ type, workflow: of, facts }) =>
      (type === 'run.ended' || type === 'reconciliation.ended') &&
      (workflow === '' || of === workflow) &&
      (statuses.length === 0 || statuses.includes(textOf(facts['status']))),
    item: async (gateway, event) => ({
      ...eventItem(event),
      ...(event.run === undefined
        ? {}
        : { details: jsonObject(await gateway.call('getRun', { run: event.run })) }),
    }),
  })
}
