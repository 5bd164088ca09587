import type { Failure } from '../../shared/core/exceptions/exception'
import type { RunRow } from '../../shared/core/store'
import { count, time } from './number'
import { table } from './table'

export function runsText(runs: readonly RunRow[]): string {
  if (runs.length === 0) return 'There are no runs yet.'
  const rows = runs.map(({ id, workflow, kind, status, started, receipt }) => [
    id,
    workflow,
    kind,
    status,
    time(started),
    receipt ? count(receipt.read.source.count) : '',
    receipt ? count(receipt.outcomes.rejected.count) : '',
  ])
  return table(['run', 'workflow', 'kind', 'status', 'started (UTC)', 'read ', 'rejected '], rows)
}

export function failuresText(failures: readonly Failure[]): string[] {
  if (failures.length === 0) return []
  const lines = failures.map(({ place, code, message }) => `  ${place}: ${code}: ${message}`)
  return ['', 'First failures', ...lines]
}
