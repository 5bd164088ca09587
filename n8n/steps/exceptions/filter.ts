import type { IExecuteFunctions } from 'n8n-workflow'
import type { Calls } from '../../../shared/generated/client-types'
import { flag, text } from '../../../shared/core/settings'
import { record } from '../../host/parameters'

type Filter = Calls['listGroups']['input']

const STATES = ['open', 'resolved', 'ignored', 'expired'] as const

/** Only what was filled in. */
export function filterOf(node: IExecuteFunctions, item: number): Filter {
  const filters = record(node.getNodeParameter('filters', item, {}))
  const state = STATES.find((one) => one === filters['state'])
  const given: Record<string, string> = {}
  for (const name of ['workflow', 'group', 'code', 'run', 'assignee', 'tag', 'text']) {
    const value = text(filters, name)?.trim() ?? ''
    if (value !== '') given[name] = value
  }
  return {
    ...given,
    ...(state ? { state } : {}),
    ...(flag(filters, 'overdue') === true ? { overdue: true } : {}),
  }
}
