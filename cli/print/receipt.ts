import { OUTCOMES } from '../../shared/core/bulk-sync/outcome'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import { Fault } from '../../shared/core/fault'
import type { RunFiles } from '../run-files'
import { faultText } from './fault'
import { count, duration } from './number'
import type { Style } from './style'
import { table } from './table'

/** The account of a run for people: outcome, counts, what to do next, where the files are. */
export function receiptText(receipt: Receipt, files: RunFiles | undefined, marks: Style): string {
  const { read, outcomes, run, workflow, attempts, workedMs } = receipt
  const rows = OUTCOMES.filter((outcome) => outcomes[outcome].count > 0).map((outcome) => [
    outcome,
    count(outcomes[outcome].count),
    reasons(receipt, outcome),
  ])
  const found =
    read.targetOnly.count > 0 ? ` and ${count(read.targetOnly.count)} that only the target has` : ''
  const tries = attempts > 1 ? `, ${attempts} attempts` : ''
  return [
    `${marks.strong(workflow)}: ${headline(receipt, marks)}`,
    `${count(read.source.count)} records read${found} in ${duration(workedMs)}${tries}; run ${run}`,
    ...(rows.length > 0 ? ['', table(['outcome', 'records ', ''], rows)] : []),
    '',
    ...altered(receipt),
    ...advice(receipt, files, marks),
  ]
    .join('\n')
    .trimEnd()
}

function headline({ status, balanced, kind }: Receipt, { good, bad }: Style): string {
  if (!balanced) return bad('the receipt does not balance')
  switch (status) {
    case 'succeeded':
      return good(kind === 'undo' ? 'undone, balanced' : 'done, balanced')
    case 'exceptions':
      return bad('done with exceptions, balanced')
    case 'held':
      return bad('held by a guard')
    case 'interrupted':
      return 'interrupted'
    case 'failed':
      return bad('failed')
  }
}

function reasons({ rejectedBy, skippedBy }: Receipt, outcome: string): string {
  const by = outcome === 'rejected' ? rejectedBy : outcome === 'skipped' ? skippedBy : {}
  return Object.entries(by)
    .map(([reason, number]) => `${reason} ${count(number)}`)
    .join(', ')
}

function altered(receipt: Receipt): string[] {
  const changes = Object.entries(receipt.altered).flatMap(([field, counts]) =>
    Object.entries(counts).map(([alteration, number]) => [field, alteration, count(number)]),
  )
  return changes.length === 0 ? [] : [table(['altered field', 'how', 'values '], changes), '']
}

function advice(
  { held, fault, status, workflow, cursor }: Receipt,
  files: RunFiles | undefined,
  marks: Style,
): string[] {
  const lines: string[] = []
  if (held) {
    lines.push(`Held: ${held.reason}`)
    lines.push(`To release exactly this: tieout sync ${workflow} --approve ${held.hash}`)
  }
  if (fault) lines.push(faultText(new Fault(fault.code, fault.detail), marks), '')
  if (status === 'interrupted') lines.push(`To go on: tieout sync ${workflow}`)
  if (cursor?.proposedLagMs !== undefined) {
    lines.push(`Records arrive late; a lag of ${duration(cursor.proposedLagMs)} would have caught them.`)
  }
  if (files?.rejected !== undefined) lines.push(`Exceptions: ${files.rejected}`)
  if (files) lines.push(`Receipt: ${files.receipt}`)
  return lines
}
