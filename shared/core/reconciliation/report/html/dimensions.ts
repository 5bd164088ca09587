import type { GroupTie, Reconciliation } from '../../reconciliation'
import { absolute, counted, isZero, numberText } from '../../../words'
import { differenceBar } from './chart'
import { markup, type Markup } from './markup'
import { num, signed } from './numbers'
import { table, type Cell, type Head } from './table'

/** Groups that a page shows at once, and behind a click. */
const FIRST = 20
const MOST = 300

/** Totals by the dimensions that people report on, largest difference first, for each measure. */
export function totalsByDimension({ dimensions, measures, totals }: Reconciliation): Markup | undefined {
  if (dimensions.length === 0 || totals.length < 2) return undefined
  return markup`<section>
<h2>Totals by ${dimensions.join(', ')}</h2>
${measures.map(({ measure }, at) => totalsOf(measure, at, dimensions, totals))}
</section>`
}

function totalsOf(
  measure: string,
  at: number,
  dimensions: readonly string[],
  totals: readonly GroupTie[],
): Markup {
  const size = (group: GroupTie): number => Math.abs(Number(group.differences[at] ?? '0'))
  const sorted = [...totals].sort((one, other) => size(other) - size(one) || other.breaks - one.breaks)
  const most = Math.max(...sorted.slice(0, 1).map(size))
  const row = (group: GroupTie): Cell[] => {
    const difference = group.differences[at] ?? '0'
    return [
      ...group.dimensions.map((name) => (name === '' ? markup`<i class="off">(none)</i>` : name)),
      num(group.source.measures[at]?.sum ?? '0'),
      num(group.target.measures[at]?.sum ?? '0'),
      signed(difference),
      differenceBar(most === 0 ? 0 : (Math.sign(Number(difference)) * size(group)) / most),
      numberText(group.breaks),
    ]
  }
  const heads: Head[] = [
    ...dimensions.map((title) => ({ title })),
    { title: 'Source', kind: 'n' },
    { title: 'Target', kind: 'n' },
    { title: 'Difference', kind: 'n' },
    { title: '\u2190 target more \u00b7 source more \u2192', kind: 'balance' },
    { title: 'Open breaks', kind: 'n' },
  ]
  const shown = sorted.filter((group) => size(group) > 0 || group.breaks > 0)
  const agreeing = totals.length - shown.length
  const more = shown.slice(FIRST, MOST)
  return markup`<h3>${measure}</h3>
${shown.length === 0 ? undefined : table(captionOf(shown, at), heads, shown.slice(0, FIRST).map(row))}
${
  more.length === 0
    ? undefined
    : markup`<details class="screen"><summary>${numberText(more.length)} more groups that differ</summary>
<div class="in">${table('Smaller differences', heads, more.map(row))}</div></details>`
}
<p class="soft">${restText(agreeing, shown.length - MOST)}</p>`
}

function captionOf(shown: readonly GroupTie[], at: number): string {
  const offset = shown.filter((group) => isZero(absolute(group.differences[at] ?? '0'))).length
  const text = 'Largest difference first.'
  return offset === 0
    ? text
    : `${text} ${counted(offset, 'group agrees', 'groups agree')} in total although records differ.`
}

function restText(agreeing: number, beyond: number): string {
  const rest = agreeing === 0 ? '' : `${counted(agreeing, 'more group agrees', 'more groups agree')}. `
  return beyond > 0 ? `${rest}${numberText(beyond)} more that differ are in totals.csv.` : rest
}
