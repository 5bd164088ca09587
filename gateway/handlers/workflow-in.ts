import { Fault } from '../../shared/core/fault'
import type { Workflow } from '../../shared/core/workflow'
import type { Call } from '../call'
import { needed } from './parameter'
import { callerOf } from './rights'

/** The workflow that the address names. @throws Fault WORKFLOW_UNKNOWN */
export function workflowIn(call: Call): Workflow {
  const name = needed(call, 'workflow')
  const workflow = callerOf(call).tenant.definition.workflows.get(name)
  if (!workflow) throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${name}.`, { workflow: name })
  return workflow
}
