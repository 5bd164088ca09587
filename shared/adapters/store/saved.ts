import type { Answer } from '../../core/connector'
import { Fault } from '../../core/fault'
import type { Reconciliation } from '../../core/reconciliation/reconciliation'
import type { Decision, Signature } from '../../core/reconciliation/store'
import type { Checkpoint, RunRow } from '../../core/store'

/** JSON that only the store writes: the guard tells one kind of row from another and from a damaged one. */
export function saved<T>(text: unknown, guard: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(String(text))
  if (guard(value)) return value
  throw new Fault('STORE_DAMAGED', 'A row of the state file is not what Tieout writes there.')
}

export function isRun(value: unknown): value is RunRow {
  return has(value, 'workflow') && has(value, 'attempts')
}

export function isCheckpoint(value: unknown): value is Checkpoint {
  return has(value, 'position') && has(value, 'tally')
}

export function isReconciliation(value: unknown): value is Reconciliation {
  return has(value, 'reconciliation') && has(value, 'contentHash')
}

export function isDecision(value: unknown): value is Decision {
  return has(value, 'decision') && has(value, 'hash')
}

export function isSignature(value: unknown): value is Signature {
  return has(value, 'period') && has(value, 'contentHash')
}

export function isKeys(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string')
}

export function isAnswers(value: unknown): value is Answer[] {
  return Array.isArray(value) && value.every((answer) => has(answer, 'outcome'))
}

function has(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value
}
