import { Fault } from '../shared/core/fault'
import type { Caller } from './call'

const NAMED = 20

/** Names those that there are for who asks: of others it is not told that they exist. */
export function workflowUnknown({ tenant, workflows }: Caller, name: string): Fault {
  const names = [...tenant.definition.workflows.keys()].filter(
    (one) => workflows === 'all' || workflows.has(one),
  )
  const known = names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', ...' : '')
  const list = names.length === 0 ? 'There is none that these credentials may use.' : `Known: ${known}.`
  return new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${name}. ${list}`, { workflow: name })
}
