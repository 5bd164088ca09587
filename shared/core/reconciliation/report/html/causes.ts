import type { Reconciliation } from '../../reconciliation'
import { counted, numberText, shownKey } from '../../../words'
import { KIND } from '../words'
import { bar } from './chart'
import { markup, type Markup } from './markup'
import { table, type Head } from './table'

/** Causes that are told in full. */
const MOST = 8

/** Why records differ, as far as the data tells. */
export function causes({ causes, breaks }: Reconciliation): Markup | undefined {
  if (breaks.open === 0) return undefined
  const explained = causes.reduce((sum, one) => sum + one.breaks, 0)
  const left = breaks.open - explained
  const more = causes.slice(MOST).map(({ title, breaks: count }) => [title, numberText(count)])
  return markup`<section>
<h2>Probable causes</h2>
${causes.slice(0, MOST).map(
  (cause) => markup`<div class="cause">
<h3>${cause.sentence}</h3>
${bar(cause.of === 0 ? 0 : cause.breaks / cause.of)}
<p>${withCode(cause.advice)}${examples(cause.examples)}</p>
</div>`,
)}
${more.length === 0 ? undefined : table('Other causes', [{ title: 'Cause' }, { title: 'Breaks', kind: 'n' }], more)}
${left > 0 ? markup`<p class="soft">${counted(left, 'break')} ${left === 1 ? 'has' : 'have'} no cause that the data shows.</p>` : undefined}
</section>`
}

/** What stands between backticks is to be typed as it is. */
function withCode(text: string): Markup[] {
  return text
    .split('`')
    .map((part, at) => (at % 2 === 0 ? markup`${part}` : markup`<code class="mono">${part}</code>`))
}

function examples(keys: readonly string[]): Markup | undefined {
  return keys.length === 0
    ? undefined
    : markup` <span class="soft">For example ${keys.map(shownKey).join('; ')}.</span>`
}

const HEADS: readonly Head[] = [
  { title: '' },
  { title: 'Breaks', kind: 'n' },
  { title: 'Share', kind: 'bar' },
]

export function kinds({ breaks }: Reconciliation): Markup | undefined {
  if (breaks.open === 0) return undefined
  const shares = (rows: readonly (readonly [string, number])[]): (string | Markup)[][] =>
    rows
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [name, numberText(count), bar(count / breaks.open)])
  const { byKind, byField } = breaks
  const kindRows = shares([
    [KIND.differs, byKind.differs],
    [KIND['missing-in-target'], byKind['missing-in-target']],
    [KIND['missing-in-source'], byKind['missing-in-source']],
    [KIND.duplicate, byKind.duplicate],
  ])
  const fieldRows = shares(byField.map(({ field, breaks: count }) => [field, count]))
  return markup`<section class="whole">
<h2>Open breaks by kind and field</h2>
${table('Each break is of one kind.', [{ title: 'Kind' }, ...HEADS.slice(1)], kindRows)}
${
  fieldRows.length === 0
    ? undefined
    : table('A break may differ in several fields.', [{ title: 'Field' }, ...HEADS.slice(1)], fieldRows)
}
</section>`
}
