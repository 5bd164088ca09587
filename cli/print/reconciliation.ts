import type { KeptBreak } from '../../shared/core/reconciliation/break'
import type { MeasureTie, Reconciliation } from '../../shared/core/reconciliation/reconciliation'
import {
  counted,
  daysBetween,
  isZero,
  numberText,
  shownKey,
  signedText,
  timeText,
  valueText,
} from '../../shared/core/words'
import { KIND, tieOutText } from '../../shared/core/reconciliation/report/words'
import type { Signature } from '../../shared/core/reconciliation/store'
import { Fault } from '../../shared/core/fault'
import { faultText } from './fault'
import { count, duration } from './number'
import type { Style } from './style'
import { table } from './table'
import { wrapped } from './wrap'

/** Groups and causes that are shown; the report has all. */
const GROUPS = 8
const CAUSES = 5

/** A reconciliation for people who do not program: the result in words, what it is made of, and why. */
export function reconciliationText(
  reconciliation: Reconciliation,
  signatures: readonly Signature[],
  marks: Style,
): string {
  const { title, status, source, target, compared, asOf, started, ended, id, fault } = reconciliation
  const took = Date.parse(ended) - Date.parse(started)
  const mark = status === 'ties-out' ? marks.good : marks.bad
  return [
    marks.strong(title),
    ...wrapped(tieOutText(reconciliation), '').map(mark),
    `${counted(source.records, 'record')} of ${source.stream} against ${count(target.records)} of ${target.stream}`,
    `${counted(compared.pairs, 'pair')} compared in ${duration(took)}, as of ${timeText(asOf)}`,
    `reconciliation ${id}`,
    ...(fault ? ['', faultText(new Fault(fault.code, fault.detail), marks)] : []),
    ...section('Totals', measureLines(reconciliation), marks),
    ...section(groupTitle(reconciliation), groupLines(reconciliation), marks),
    ...section('Breaks', breakLines(reconciliation), marks),
    ...section('Why', causeLines(reconciliation), marks),
    ...section('Offsetting errors', wrappedAll(reconciliation.offsetting), marks),
    ...section('Not compared', ignoredLines(reconciliation), marks),
    ...section('Notes', wrappedAll(reconciliation.notes), marks),
    ...section('Signed', signatures.map(signatureText), marks),
  ].join('\n')
}

export function signatureText({ period, who, at, comment }: Signature): string {
  return `${period} by ${who}, ${timeText(at)}${comment === '' ? '' : `: ${comment}`}`
}

function section(title: string, lines: readonly string[], { strong }: Style): string[] {
  return lines.length === 0 ? [] : ['', strong(title), ...lines.map((line) => `  ${line}`)]
}

function measureLines({ measures }: Reconciliation): string[] {
  if (measures.length === 0) return []
  const rows = measures.map((one) => [
    one.measure,
    numberText(one.source.sum),
    numberText(one.target.sum),
    signedText(one.difference),
    [one.tiesOut ? 'ties out' : 'does not tie out', ...madeOf(one)].join(', '),
  ])
  return table(['', 'source ', 'target ', 'difference ', ''], rows).split('\n')
}

/** How a difference comes about, where open breaks are not all of it. */
function madeOf({ ofBreaks, ofPending, ofAccepted, tolerated }: MeasureTie): string[] {
  const others = [
    ['pending', ofPending],
    ['accepted', ofAccepted],
    ['within tolerance', tolerated],
  ].filter(([, amount = '']) => !isZero(amount))
  if (others.length === 0) return []
  return [['open breaks', ofBreaks], ...others].map(
    ([name, amount = '']) => `${name ?? ''} ${signedText(amount)}`,
  )
}

function groupTitle({ dimensions }: Reconciliation): string {
  return `Largest differences by ${dimensions.join(', ')}`
}

function groupLines({ dimensions, measures, totals }: Reconciliation): string[] {
  const off = totals.filter((group) => group.breaks > 0 || group.differences.some((one) => !isZero(one)))
  if (dimensions.length === 0 || off.length === 0) return []
  const rows = off
    .slice(0, GROUPS)
    .map(({ dimensions: names, differences, breaks }) => [
      ...names.map((name) => name || '(none)'),
      ...differences.map(signedText),
      count(breaks),
    ])
  const head = [...dimensions, ...measures.map(({ measure }) => `${measure} `), 'open breaks ']
  const left = off.length - GROUPS
  return [
    ...table(head, rows).split('\n'),
    ...(left > 0 ? [`and ${counted(left, 'more group')} in the report`] : []),
  ]
}

function breakLines({ breaks, oldest, ended }: Reconciliation): string[] {
  const { open, pending, accepted, byKind, byField } = breaks
  if (open + pending + accepted === 0) return []
  const kinds = (['differs', 'missing-in-target', 'missing-in-source', 'duplicate'] as const)
    .filter((kind) => byKind[kind] > 0)
    .map((kind) => `${KIND[kind]} ${count(byKind[kind])}`)
  const fields = byField.slice(0, GROUPS).map(({ field, breaks: number }) => `${field} ${count(number)}`)
  const left = byField.length - GROUPS
  if (left > 0) fields.push(`${counted(left, 'more field')} in the report`)
  const days = oldest === undefined ? 0 : daysBetween(oldest, ended)
  return [
    `${count(open)} open${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}`,
    ...(fields.length > 0 ? [`by field: ${fields.join(', ')}`] : []),
    ...(pending > 0 ? [`${count(pending)} pending: too young to say`] : []),
    ...(accepted > 0 ? [`${count(accepted)} accepted by decision`] : []),
    ...(days > 0 ? [`the oldest is ${counted(days, 'day')} old`] : []),
  ]
}

function causeLines({ causes, breaks, workflow }: Reconciliation): string[] {
  const [first] = causes
  if (!first) return []
  const shown = causes.slice(0, CAUSES)
  const left = breaks.open - causes.reduce((sum, cause) => sum + cause.breaks, 0)
  return [
    ...shown.flatMap(({ sentence, advice }) => [...wrapped(sentence, ''), ...wrapped(advice, '    ')]),
    ...(causes.length > CAUSES ? [`${counted(causes.length - CAUSES, 'more cause')} in the report`] : []),
    ...(left > 0 ? [`${counted(left, 'break')} without a cause that the data shows`] : []),
    `To see the records of one: tieout report ${workflow} --cause ${argument(first.id)}`,
  ]
}

/** As a shell takes it for one. */
function argument(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : JSON.stringify(text)
}

/** One line for each reason. */
function ignoredLines({ rules }: Reconciliation): string[] {
  const reasons = new Map<string, string[]>()
  for (const { field, why } of rules.ignored) reasons.set(why, [...(reasons.get(why) ?? []), field])
  return wrappedAll([...reasons].map(([why, fields]) => `${fields.join(', ')}: ${why}`))
}

function wrappedAll(texts: readonly string[]): string[] {
  return texts.flatMap((text) => wrapped(text, ''))
}

/** The records behind a total. */
export function breaksText(
  breaks: readonly KeptBreak[],
  all: number,
  { causes, measures }: Reconciliation,
): string {
  if (all === 0) return 'There are no such breaks.'
  const titles = new Map(causes.map(({ id, title }) => [id, title]))
  const lines = breaks.flatMap((one) => {
    const effects = measures.flatMap(({ measure }, at) => {
      const effect = one.effect[at] ?? '0'
      return isZero(effect) ? [] : [`${measure} ${signedText(effect)}`]
    })
    const state = one.state === 'open' ? [] : [one.state]
    const cause = one.cause === undefined ? [] : [titles.get(one.cause) ?? one.cause]
    return [
      [shownKey(one.key), [KIND[one.kind], ...state, ...effects, ...cause].join(', ')].join('  '),
      ...one.fields.map(
        ({ field, source, target, difference }) =>
          `    ${field}: ${valueText(source)} -> ${valueText(target)}` +
          (difference === undefined ? '' : ` (${signedText(difference)})`),
      ),
    ]
  })
  const more =
    all > breaks.length ? [`and ${count(all - breaks.length)} more (--limit, or --format csv)`] : []
  return [`${counted(all, 'break')}; source -> target`, ...lines, ...more].join('\n')
}
