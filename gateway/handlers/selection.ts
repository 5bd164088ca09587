import type { Selection } from '../../shared/core/exceptions/inbox'
import { exceptionUnknown } from '../../shared/core/exceptions/unknown'
import { Fault } from '../../shared/core/fault'
import { isList, type DataRecord, type Value } from '../../shared/core/record/value'
import type { Caller } from '../call'
import { texts } from '../jobs/options'
import { invalid } from '../refused-body'
import { workflowUnknown } from '../workflow-unknown'
import { assertMayUse, mayUse } from './rights'

/**
 * Exceptions by number, or the open ones that a filter fits.
 * @param workflow whose they are; without one, those of all that the caller may use
 * @throws Fault BODY_INVALID, EXCEPTION_UNKNOWN
 */
export async function selectionOf(caller: Caller, body: DataRecord, workflow?: string): Promise<Selection> {
  const ids = idsOf(body['ids'])
  if (ids) {
    for (const id of ids) await assertException(caller, id, workflow)
    return { ids }
  }
  const { group, ...rest } = texts(body, 'group', 'code', 'run', 'assignee', 'tag', 'text')
  if (group !== undefined) await assertGroup(caller, group, workflow)
  return {
    filter: {
      state: 'open',
      ...rest,
      ...(workflow === undefined ? {} : { workflow }),
      ...(group === undefined ? {} : { fingerprint: group }),
    },
  }
}

/** Of a body that may say of which workflow. @throws Fault WORKFLOW_UNKNOWN */
export function workflowNamed(caller: Caller, { workflow }: DataRecord): string | undefined {
  if (typeof workflow !== 'string') return undefined
  assertMayUse(caller, workflow, () => workflowUnknown(caller, workflow))
  return workflow
}

/** @throws Fault EXCEPTION_UNKNOWN unless it is of the workflow, or of any that the caller may use */
export async function assertException(caller: Caller, id: number, workflow?: string): Promise<void> {
  const { exception } = await caller.tenant.workspace.inbox.show(id)
  if (workflow !== undefined && exception.workflow !== workflow) throw exceptionUnknown(id)
  assertMayUse(caller, exception.workflow, () => exceptionUnknown(id))
}

/** @throws Fault EXCEPTION_UNKNOWN */
export async function assertGroup(caller: Caller, group: string, workflow?: string): Promise<void> {
  const [one] = await caller.tenant.workspace.inbox.list({ fingerprint: group }, { limit: 1 })
  if (!one || !mayUse(caller, one.workflow) || (workflow !== undefined && one.workflow !== workflow))
    throw new Fault('EXCEPTION_UNKNOWN', `There is no group ${group} here.`, { group })
}

function idsOf(value: Value | undefined): number[] | undefined {
  if (value === undefined) return undefined
  if (!isList(value) || value.length === 0) throw invalid('#/ids', 'must be a list of numbers')
  return value.map((id, i) => {
    if (typeof id === 'number' && Number.isSafeInteger(id)) return id
    throw invalid(`#/ids/${String(i)}`, 'must be a whole number')
  })
}
