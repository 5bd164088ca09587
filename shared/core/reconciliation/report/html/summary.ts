import { errorEntry } from '../../../../contract/errors'
import type { Reconciliation } from '../../reconciliation'
import { counted, daysBetween, isZero, numberText, timeText } from '../../../words'
import { tieOutText } from '../words'
import { markup, type Markup } from './markup'
import { num, signed } from './numbers'
import { table } from './table'

/** The result in words and the figures that people ask for first. */
export function summary(reconciliation: Reconciliation): Markup {
  const { title, workflow, status, asOf, source, target } = reconciliation
  return markup`<header>
<h1>Reconciliation of ${title}${title === workflow ? undefined : ` (${workflow})`}</h1>
<p class="verdict ${status === 'ties-out' ? 'good' : 'bad'}">${tieOutText(reconciliation)}</p>
<p class="lead">As of ${timeText(asOf)}. Source: ${source.stream} of ${source.connection}, ${counted(source.records, 'record')}.
Target: ${target.stream} of ${target.connection}, ${counted(target.records, 'record')}.</p>
${failure(reconciliation)}
${facts(reconciliation)}
</header>`
}

function failure({ fault }: Reconciliation): Markup | undefined {
  if (!fault) return undefined
  const steps = errorEntry(fault.code).steps.map(({ do: what }) => markup`<li>${what}</li>`)
  return markup`<div class="warn"><p><b>${fault.code}</b> ${fault.detail}</p><ol>${steps}</ol></div>`
}

type Fact = readonly [name: string, figure: string, more?: string]

function facts(reconciliation: Reconciliation): Markup {
  const { compared, breaks, source, target } = reconciliation
  const repeated = source.repeated + target.repeated
  const unreadable = source.unreadable + target.unreadable
  const repeatedFact: Fact = ['Repeated records', numberText(repeated), 'beyond the first of a key']
  const unreadableFact: Fact = ['Rows left over', numberText(unreadable), 'unreadable, or without a key']
  const shown: Fact[] = [
    ['Pairs compared', numberText(compared.pairs), `${numberText(compared.agreed)} agree exactly`],
    ['Within tolerance', numberText(compared.tolerated)],
    ['Open breaks', numberText(breaks.open), ageText(reconciliation)],
    ['Pending', numberText(breaks.pending), 'too young to say'],
    ['Accepted', numberText(breaks.accepted), 'by decision of a person'],
    ...(repeated > 0 ? [repeatedFact] : []),
    ...(unreadable > 0 ? [unreadableFact] : []),
  ]
  return markup`<dl class="facts">${shown.map(
    ([name, figure, more]) =>
      markup`<div><dt>${name}</dt><dd>${figure}${more === undefined ? undefined : markup`<small>${more}</small>`}</dd></div>`,
  )}</dl>`
}

function ageText({ oldest, started, ended, breaks }: Reconciliation): string {
  if (breaks.open === 0) return 'nothing to settle'
  if (oldest === undefined || Date.parse(oldest) >= Date.parse(started)) return 'all are new'
  const days = daysBetween(oldest, ended)
  return `the oldest is ${days === 0 ? 'from today' : `${counted(days, 'day')} old`}`
}

/** The tie-out figure of every measure, and what it is made of. */
export function tieOut({ measures, offsetting }: Reconciliation): Markup | undefined {
  if (measures.length === 0) return undefined
  const rows = measures.map((one) => [
    one.measure,
    num(one.source.sum),
    num(one.target.sum),
    markup`<b>${signed(one.difference)}</b>`,
    signed(one.ofBreaks),
    signed(one.ofPending),
    signed(one.ofAccepted),
    signed(one.tolerated),
    one.tiesOut
      ? markup`<span class="good">ties out</span>`
      : markup`<span class="bad">${isZero(one.difference) ? 'records differ' : 'off'}</span>`,
  ])
  const amounts = ['Source', 'Target', 'Difference', 'Open breaks', 'Pending', 'Accepted', 'Tolerated']
  return markup`<section class="whole">
<h2>Totals</h2>
${table(
  'Difference is source minus target: the sum of what open breaks, pending and accepted ones and tolerances leave.',
  [{ title: 'Measure' }, ...amounts.map((title) => ({ title, kind: 'n' as const })), { title: 'Result' }],
  rows,
)}
${offsetting.map((text) => markup`<p class="warn">${text}</p>`)}
</section>`
}
