import type { Break } from '../../break'
import type { Reconciliation } from '../../reconciliation'
import type { DataRecord } from '../../../record/value'
import { counted, daysBetween, isZero, numberText, shownKey } from '../../../words'
import { KIND } from '../words'
import { markup, type Markup } from './markup'
import { signed } from './numbers'
import { table, type Cell } from './table'
import { value } from './value'

/** Largest breaks that stand in a table, for paper. */
const LARGEST = 15

/** From a total to its groups, to their records, to the fields. */
export function drillDown(
  reconciliation: Reconciliation,
  shown: readonly Break[],
  all: number,
): Markup | undefined {
  if (all === 0) return undefined
  const { measures, dimensions } = reconciliation
  const bounded =
    all > shown.length
      ? `The ${numberText(shown.length)} most important of ${counted(all, 'break')}; all are in breaks.csv.`
      : `All ${counted(all, 'break')}.`
  const groups = grouped(shown)
  const records = (breaks: readonly Break[]): Markup[] => breaks.map((one) => record(one, reconciliation))
  return markup`<section>
<h2>The records</h2>
<p class="soft">${bounded} Open breaks come first, then by what they move.</p>
${table(
  shown.length > LARGEST ? `The ${LARGEST} most important` : 'Most important first',
  [
    { title: 'Key' },
    { title: 'What' },
    ...dimensions.map((title) => ({ title })),
    ...measures.map(({ measure }) => ({ title: `${measure} effect`, kind: 'n' as const })),
    { title: 'Age', kind: 'n' },
  ],
  shown
    .slice(0, LARGEST)
    .map((one): Cell[] => [
      shownKey(one.key),
      what(one),
      ...dimensions.map((_, at) => one.dimensions[at]),
      ...measures.map((_, at) => signed(one.effect[at] ?? '0')),
      ageOf(one, reconciliation),
    ]),
)}
<div class="screen"><h3>${dimensions.length === 0 ? 'Record by record' : `By ${dimensions.join(', ')}`}</h3></div>
${
  dimensions.length === 0
    ? records(shown)
    : groups.map(
        ([names, breaks]) => markup`<details><summary><b>${names.join(' / ') || '(none)'}</b>
<span class="aside">${groupText(names, breaks, reconciliation)}</span></summary>
${records(breaks)}</details>`,
      )
}
</section>`
}

/** In the order of their most important break. */
function grouped(breaks: readonly Break[]): [names: readonly string[], breaks: Break[]][] {
  const groups = new Map<string, [readonly string[], Break[]]>()
  for (const one of breaks) {
    const id = JSON.stringify(one.dimensions)
    const group = groups.get(id) ?? [one.dimensions, []]
    group[1].push(one)
    groups.set(id, group)
  }
  return [...groups.values()]
}

function groupText(
  names: readonly string[],
  breaks: readonly Break[],
  { totals, measures }: Reconciliation,
): string {
  const id = JSON.stringify(names)
  const group = totals.find(({ dimensions }) => JSON.stringify(dimensions) === id)
  const open = breaks.filter(({ state }) => state === 'open').length
  const more = group && group.breaks > open ? `, ${numberText(open)} of ${numberText(group.breaks)} here` : ''
  const off = measures.flatMap(({ measure }, at) => {
    const difference = group?.differences[at] ?? '0'
    return isZero(difference) ? [] : [`${measure} ${signed(difference)}`]
  })
  return [counted(group?.breaks ?? open, 'open break') + more, ...off].join(', ')
}

function record(one: Break, reconciliation: Reconciliation): Markup {
  const { measures, causes } = reconciliation
  const effects = measures.flatMap(({ measure }, at) => {
    const effect = one.effect[at] ?? '0'
    return isZero(effect) ? [] : [`${measure} ${signed(effect)}`]
  })
  const cause = causes.find(({ id }) => id === one.cause)
  return markup`<details><summary><b>${shownKey(one.key)}</b> <span class="aside">${[what(one), ...effects].join(', ')}</span></summary>
<div class="in">
${cause ? markup`<p>${cause.title}</p>` : undefined}
${fieldsOf(one)}
</div></details>`
}

function fieldsOf({ kind, source, target, fields, records }: Break): Markup {
  if (kind === 'differs')
    return table(
      'Fields that differ',
      [
        { title: 'Field' },
        { title: 'Source', kind: 'v' },
        { title: 'Target', kind: 'v' },
        { title: 'Difference', kind: 'n' },
      ],
      fields.map(({ field, source: one, target: other, difference }) => [
        field,
        value(one),
        value(other),
        difference === undefined ? '' : signed(difference),
      ]),
    )
  const held = source ?? target ?? {}
  const counts = records
    ? `${counted(records.source, 'record')} in the source, ${numberText(records.target)} in the target`
    : 'The record'
  return recordTable(counts, held)
}

function recordTable(caption: string, record: DataRecord): Markup {
  return table(
    caption,
    [{ title: 'Field' }, { title: 'Value', kind: 'v' }],
    Object.entries(record).map(([field, data]) => [field, value(data)]),
  )
}

function what({ kind, fields, state }: Break): string {
  const names = fields.map(({ field }) => field)
  const said =
    kind === 'differs' && names.length > 0
      ? `${names.join(', ')} differ${names.length === 1 ? 's' : ''}`
      : KIND[kind]
  return state === 'open' ? said : `${said} (${state})`
}

function ageOf({ firstSeen }: Break, { ended }: Reconciliation): string {
  if (firstSeen === undefined) return 'new'
  const days = daysBetween(firstSeen, ended)
  return days === 0 ? 'today' : counted(days, 'day')
}
