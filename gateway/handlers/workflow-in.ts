import type { Workflow } from '../../shared/core/workflow'
import type { Call } from '../call'
import { workflowUnknown } from '../workflow-unknown'
import { needed } from './parameter'
import { callerOf } from './rights'

/** The workflow that the address names. @throws Fault WORKFLOW_UNKNOWN */
export function workflowIn(call: Call): Workflow {
  const name = needed(call, 'workflow')
  const caller = callerOf(call)
  const workflow = caller.tenant.definition.workflows.get(name)
  if (!workflow) throw workflowUnknown(caller, name)
  return workflow
}
