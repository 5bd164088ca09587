import type { FieldChange, Plan } from '../../shared/core/bulk-sync/plan'
import { counted } from '../../shared/core/words'
import { textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { count, duration } from './number'
import type { Style } from './style'
import { table } from './table'

/** What a run would do: counts, samples with the fields that change, deletes, and what it would cost. */
export function planText(plan: Plan, marks: Style): string {
  const { samples, forecast } = plan
  const outcomes = Object.entries(plan.outcomes).map(([outcome, number]) => [outcome, count(number)])
  const part = plan.complete ? '' : ' (only a part of the source)'
  return [
    `${marks.strong(plan.workflow)}: nothing was written. ${counted(plan.read, 'record')} read${part}.`,
    '',
    outcomes.length > 0 ? table(['would be', 'records '], outcomes) : 'There is nothing to do.',
    ...section('created, for example', samples.created.map(recordText), marks),
    ...section('updated, for example', samples.updated.flatMap(changeLines), marks),
    ...section('deleted, for example', samples.deleted.map(recordText), marks),
    ...section(
      'rejected, for example',
      samples.rejected.map(({ place, code, message }) => `${place}: ${code}: ${message}`),
      marks,
    ),
    ...(plan.held ? ['', `${marks.bad('A guard would hold the run:')} ${plan.held.reason}`] : []),
    '',
    `Forecast: ${counted(forecast.writeCalls, 'write call')}, about ${duration(forecast.minutes * 60_000)}.`,
    `To do it: tieout sync ${plan.workflow}`,
  ].join('\n')
}

function section(title: string, lines: readonly string[], { strong }: Style): string[] {
  return lines.length === 0 ? [] : ['', strong(title), ...lines.map((line) => `  ${line}`)]
}

function changeLines({ key, fields }: FieldChange): string[] {
  const changes = Object.entries(fields).map(
    ([field, { before, after }]) => `  ${field}: ${valueText(before)} -> ${valueText(after)}`,
  )
  return [recordText(key), ...changes]
}

function recordText(record: DataRecord): string {
  return Object.entries(record)
    .map(([field, value]) => `${field}=${valueText(value)}`)
    .join(' ')
}

/** Absent, null and '' look different. */
function valueText(value: Value | undefined): string {
  if (value === undefined) return '(absent)'
  if (value === null) return 'null'
  return typeof value === 'string' ? JSON.stringify(value) : textOf(value)
}
