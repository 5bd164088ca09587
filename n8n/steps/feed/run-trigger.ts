import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow'
import { textOf } from '../../../shared/core/record/value'
import { list } from '../../host/parameters'
import { detailsOf, eventItem, pollFeed, type Event } from './poll'

/** Runs and reconciliations that ended. */
export function runTrigger(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
  const statuses = list(node.getNodeParameter('statuses'))
  const workflow = node.getNodeParameter('workflow')
  return pollFeed(node, {
    wants: (event) =>
      isEnd(event) &&
      (workflow === '' || event.workflow === workflow) &&
      (statuses.length === 0 || statuses.includes(textOf(event.facts['status']))),
    item: async (gateway, event) => ({
      ...eventItem(event),
      ...(event.run === undefined ? {} : await detailsOf(node, gateway.call('getRun', { run: event.run }))),
    }),
  })
}

/** A reconciliation is a run, too: it is told once, with its result where it came to one. */
function isEnd({ type, facts }: Event): boolean {
  const failed = facts['status'] === 'failed'
  if (type === 'reconciliation.ended') return !failed
  return type === 'run.ended' && (facts['kind'] !== 'reconcile' || failed)
}
