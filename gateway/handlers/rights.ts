import { Fault } from '../../shared/core/fault'
import type { Call, Caller } from '../call'

/** Of an operation that is not public, so that there is one. */
export function callerOf({ caller }: Call): Caller {
  if (!caller) throw new Fault('CREDENTIALS_MISSING', 'This needs credentials.')
  return caller
}

export function mayUse(caller: Caller, workflow: string): boolean {
  return caller.workflows === 'all' || caller.workflows.has(workflow)
}

/** What belongs to a workflow that the caller may not use does not exist for it. */
export function assertMayUse(caller: Caller, workflow: string, unknown: () => Fault): void {
  if (!mayUse(caller, workflow)) throw unknown()
}
