import type { Reconciliation } from '../../reconciliation'
import { counted, isZero, numberText } from '../../../words'
import { markup, type Markup } from './markup'
import { num } from './numbers'
import { table } from './table'

/** What was compared and how, what was not, and what tolerances and waiting left out. */
export function rules(reconciliation: Reconciliation): Markup {
  const { rules: applied, notes } = reconciliation
  return markup`<section>
<h2>What was compared, and what was not</h2>
<h3>Records are the same when</h3>
<ol>${applied.match.map((rule) => markup`<li>${rule}</li>`)}</ol>
${table(
  'Compared',
  [{ title: 'Field' }, { title: 'How' }],
  applied.fields.map(({ field, rule }) => [field, rule]),
)}
${
  applied.ignored.length === 0
    ? markup`<p>No field was left out.</p>`
    : table(
        'Not compared',
        [{ title: 'Field' }, { title: 'Why' }],
        applied.ignored.map(({ field, why }) => [field, why]),
      )
}
<h3>Left out of the result</h3>
<ul>${leftOut(reconciliation).map((text) => markup`<li>${text}</li>`)}</ul>
${notes.length === 0 ? undefined : markup`<h3>Notes</h3><ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
</section>`
}

function leftOut({ compared, breaks, measures }: Reconciliation): string[] {
  const hidden = measures
    .filter(({ tolerated }) => !isZero(tolerated))
    .map(({ measure, tolerated }) => `${num(tolerated)} of ${measure}`)
  const amount = hidden.length === 0 ? '' : `, in all ${hidden.join(', ')}`
  return [
    compared.tolerated === 0
      ? 'No difference was within a tolerance.'
      : `Tolerances let ${counted(compared.tolerated, 'pair')} pass that ${compared.tolerated === 1 ? 'is' : 'are'} not equal${amount}.`,
    breaks.pending === 0
      ? 'No break is pending.'
      : `${counted(breaks.pending, 'break')} changed too shortly before: pending until the next reconciliation.`,
    breaks.accepted === 0
      ? 'No difference is accepted.'
      : `${numberText(breaks.accepted)} accepted by decision, for as long as both sides stay just as they are.`,
  ]
}
