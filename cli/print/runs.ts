import type { Failure } from '../../shared/core/exceptions/exception'
import { Fault } from '../../shared/core/fault'
import type { RunRow } from '../../shared/core/store'
import { faultText } from './fault'
import { count, time } from './number'
import { receiptText } from './receipt'
import type { Style } from './style'
import { table } from './table'

export function runsText(runs: readonly RunRow[]): string {
  if (runs.length === 0) return 'There are no runs yet.'
  const rows = runs.map(({ id, workflow, kind, status, started, receipt, fault }) => [
    id,
    workflow,
    kind,
    status,
    time(started),
    receipt ? count(receipt.read.source.count) : '',
    receipt ? count(receipt.outcomes.rejected.count) : '',
    (fault ?? receipt?.fault)?.code ?? '',
  ])
  return table(['run', 'workflow', 'kind', 'status', 'started (UTC)', 'read ', 'rejected ', ''], rows)
}

/** What became of a run: its receipt, and why it could not begin or be gone on with. */
export function runText({ workflow, status, receipt, fault }: RunRow, marks: Style): string {
  const text = receipt ? receiptText(receipt, undefined, marks) : `${workflow}: ${status}`
  return fault ? `${text}\n\n${faultText(new Fault(fault.code, fault.detail), marks)}` : text
}

export function failuresText(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return []
  const lines = failures.map(({ place, code, message }) => `  ${place}: ${code}: ${message}`)
  return ['', 'First failures', ...lines]
}
