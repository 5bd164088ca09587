import { errorEntry, isErrorCode } from '../../shared/contract/errors'
import { OUTCOMES, type Outcome } from '../../shared/core/bulk-sync/outcome'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import { Fault } from '../../shared/core/fault'
import { counted } from '../../shared/core/words'
import type { RunFiles } from '../run-files'
import { faultText } from './fault'
import { count, duration } from './number'
import type { Style } from './style'
import { table } from './table'

/** The account of a run for people: outcome, counts, what to do next, where the files are. */
export function receiptText(receipt: Receipt, files: RunFiles | undefined, marks: Style): string {
  const { read, outcomes, run, workflow, attempts, workedMs } = receipt
  const rows = OUTCOMES.filter((outcome) => outcomes[outcome].count > 0).flatMap((outcome) => {
    const [first = '', ...others] = meanings(receipt, outcome)
    return [[outcome, count(outcomes[outcome].count), first], ...others.map((other) => ['', '', other])]
  })
  const found =
    read.targetOnly.count > 0 ? ` and ${count(read.targetOnly.count)} that only the target has` : ''
  const tries = attempts > 1 ? `, ${attempts} attempts` : ''
  return [
    `${marks.strong(workflow)}: ${headline(receipt, marks)}`,
    `${counted(read.source.count, 'record')} read${found} in ${duration(workedMs)}${tries}; run ${run}`,
    ...(rows.length > 0 ? ['', table(['outcome', 'records ', ''], rows)] : []),
    '',
    ...accounted(receipt),
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

function meanings({ rejectedBy, skippedBy, staged }: Receipt, outcome: Outcome): string[] {
  switch (outcome) {
    case 'created':
      return [staged ? 'new, but not in the target yet' : 'new in the target']
    case 'updated':
      return [staged ? 'changed, but not in the target yet' : 'changed in the target']
    case 'unchanged':
      return ['the target holds them as they are']
    case 'deleted':
      return [staged ? 'to be taken out of the target' : 'taken out of the target']
    case 'skipped':
      return Object.entries(skippedBy).map(([reason, number]) => `${reason} ${count(number)}`)
    case 'rejected':
      return Object.entries(rejectedBy).map(([code, number]) => `${code} ${count(number)}${title(code)}`)
    case 'unprocessed':
      return ['left for the next run']
    case 'unknown':
      return ['sent, and nobody knows what became of them']
  }
}

function title(code: string): string {
  return isErrorCode(code) ? `: ${errorEntry(code).title}` : ''
}

/** The sum that a reader can check: 5 = 3 created + 2 rejected */
function accounted({ balanced, read, outcomes }: Receipt): string[] {
  const total = read.source.count + read.targetOnly.count
  if (!balanced || total === 0) return []
  const parts = OUTCOMES.filter((outcome) => outcomes[outcome].count > 0).map(
    (outcome) => `${count(outcomes[outcome].count)} ${outcome}`,
  )
  return [`Every record is accounted for: ${count(total)} = ${parts.join(' + ')}`, '']
}

function altered(receipt: Receipt): string[] {
  const changes = Object.entries(receipt.altered).flatMap(([field, counts]) =>
    Object.entries(counts).map(([alteration, number]) => [
      field,
      alteration.toLowerCase().replaceAll('_', ' '),
      count(number),
    ]),
  )
  return changes.length === 0 ? [] : [table(['altered field', 'how', 'values '], changes), '']
}

function advice(
  { run, kind, held, fault, status, workflow, cursor, staged, target }: Receipt,
  files: RunFiles | undefined,
  marks: Style,
): string[] {
  const lines: string[] = []
  if (staged) {
    lines.push(
      `${target.stream} is as it was: what is to be written waits beside it. The next run of ${workflow} that comes to its end puts it in place.`,
      '',
    )
  }
  if (held) {
    lines.push(`Held: ${held.reason}`)
    lines.push(`To release exactly this: tieout sync ${workflow} --approve ${held.hash}`)
  }
  if (fault) lines.push(faultText(new Fault(fault.code, fault.detail), marks), '')
  if (status === 'interrupted')
    lines.push(kind === 'undo' ? 'To go on: undo the same run again.' : `To go on: tieout sync ${workflow}`)
  if (cursor?.proposedLagMs !== undefined) {
    lines.push(`Records arrive late; a lag of ${duration(cursor.proposedLagMs)} would have caught them.`)
  }
  if (files?.rejected !== undefined) {
    lines.push(`Exceptions: ${files.rejected}`)
    lines.push(`To work through them: tieout exceptions list --run ${run}`)
  }
  if (files) lines.push(`Receipt: ${files.receipt}`)
  return lines
}
