import type { Operation } from '../../shared/contract/operations'
import { Fault } from '../../shared/core/fault'
import type { Caller } from '../call'
import { workflowUnknown } from '../workflow-unknown'

/** Deny by default: without the scope, nothing; a workflow that is not theirs does not exist for them. */
export function assertAllowed(
  caller: Caller | undefined,
  access: Operation['access'],
  { workflow }: Record<string, string>,
): void {
  if (access === 'public') return
  if (!caller) throw new Fault('CREDENTIALS_MISSING', 'This needs credentials.')
  const { key, scopes, workflows } = caller
  if (!scopes.has(access.scope))
    throw new Fault('SCOPE_NEEDED', `The key ${key} has not the scope ${access.scope}.`, {
      key,
      scope: access.scope,
    })
  if (workflow !== undefined && workflows !== 'all' && !workflows.has(workflow))
    throw workflowUnknown(caller, workflow)
}
