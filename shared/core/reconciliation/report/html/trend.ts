import type { Reconciliation } from '../../reconciliation'
import { counted, numberText, timeText } from '../../../words'
import { columns } from './chart'
import { markup, type Markup } from './markup'
import { signed } from './numbers'
import { table } from './table'

/** This reconciliation beside earlier ones. */
export function trend({ trend, id, ended, breaks, measures, status }: Reconciliation): Markup | undefined {
  if (status === 'failed') return undefined
  if (trend.length === 0)
    return markup`<section><h2>Trend</h2><p class="soft">There is no earlier reconciliation of this workflow.</p></section>`
  const here = { id, ended, open: breaks.open, difference: measures.map(({ difference }) => difference) }
  const points = [...trend, here]
  const last = trend.at(-1)?.open ?? 0
  return markup`<section class="whole">
<h2>Trend</h2>
<p>${changeText(breaks.open - last)}</p>
<figure>${columns(
    'Open breaks of this and earlier reconciliations',
    points.map((point) => ({
      label: point.ended.slice(5, 10),
      value: point.open,
      says: `${timeText(point.ended)}: ${counted(point.open, 'open break')}`,
    })),
  )}<figcaption>Open breaks, by day of reconciliation (month-day)</figcaption></figure>
${
  measures.length === 0
    ? undefined
    : table(
        'Differences of the totals',
        [
          { title: 'Reconciled' },
          { title: 'Open breaks', kind: 'n' },
          ...measures.map(({ measure }) => ({ title: measure, kind: 'n' as const })),
        ],
        points
          .slice(-6)
          .map((point) => [
            timeText(point.ended),
            numberText(point.open),
            ...measures.map((_, at) => signed(point.difference[at] ?? '0')),
          ]),
      )
}
</section>`
}

function changeText(change: number): string {
  if (change === 0) return 'As many open breaks as the last time.'
  return `${numberText(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} open breaks than the last time.`
}
