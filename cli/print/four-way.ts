import type { FourWay, Side } from '../../shared/core/exceptions/four-way'
import type { Value } from '../../shared/core/record/value'
import type { Style } from './style'
import { table } from './table'

/** The fields that are not the same everywhere, a column for each point. */
export function fourWayText(view: FourWay, { strong, faint }: Style): string {
  const { exception, workflow, lastSynced, sourceThen, sourceNow, targetNow, moved, fields } = view
  const sides = [
    { title: 'last synced', name: 'lastSynced', side: lastSynced },
    { title: 'source then', name: 'sourceThen', side: sourceThen },
    { title: 'source now', name: 'sourceNow', side: sourceNow },
    { title: 'target now', name: 'targetNow', side: targetNow },
  ] as const
  const known = sides.filter(({ side }) => 'record' in side)
  const rows = fields.map((row) => [row.field, ...known.map(({ name }) => shown(row[name]))])
  const same = known.length === 1 ? 'There is nothing to compare with.' : 'All that is known agrees.'
  return [
    `${strong(`Exception ${String(exception)}`)}: ${workflow}; the source's record ${moved ? 'has changed since it failed' : 'is as it was when it failed'}`,
    '',
    rows.length > 0 ? table(['field', ...known.map(({ title }) => title)], rows) : same,
    ...sides.flatMap(({ title, side }) => unknownText(title, side).map(faint)),
  ].join('\n')
}

function unknownText(title: string, side: Side): string[] {
  return 'unknown' in side ? [`${title}: ${side.unknown}`] : []
}

function shown(value: Value | undefined): string {
  return value === undefined ? '(absent)' : JSON.stringify(value)
}
