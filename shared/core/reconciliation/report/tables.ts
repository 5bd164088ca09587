import Big from 'big.js'
import type { Cells, Column, Sheet } from '../../format/workbook/write'
import type { Value } from '../../record/value'
import type { Break } from '../break'
import type { MeasureTotals } from '../measure-totals'
import { bigText } from '../numbers'
import type { Reconciliation } from '../reconciliation'
import type { Report } from './report'
import { shownKey, timeText, valueText } from '../../words'
import { KIND, tieOutText } from './words'

// The tables of a report, as spreadsheets and CSV show them.

/** The result in words, then one row for each measure: how its difference comes about. */
export function tieOutTable({ reconciliation, signatures }: Report): Sheet {
  const { title, workflow, id, asOf, measures, breaks, contentHash } = reconciliation
  const facts: Cells[] = [
    ['result', tieOutText(reconciliation)],
    ['workflow', `${title} (${workflow})`],
    ['as of', timeText(asOf)],
    ['open, pending, accepted breaks', `${breaks.open}, ${breaks.pending}, ${breaks.accepted}`],
    ...signatures.map(({ period, who, at, comment }) => [
      `signed for ${period}`,
      `${who}, ${timeText(at)}${comment === '' ? '' : `: ${comment}`}`,
    ]),
    ['reconciliation', id],
    ['content hash (SHA-256)', contentHash],
  ]
  const ties = measures.map(
    ({ measure, source, target, difference, ofBreaks, ofPending, ofAccepted, tolerated, tiesOut }): Cells => [
      measure,
      tiesOut ? 'ties out' : 'does not tie out',
      source.sum,
      target.sum,
      difference,
      ofBreaks,
      ofPending,
      ofAccepted,
      tolerated,
    ],
  )
  const amounts = [
    'source',
    'target',
    'difference',
    'of open breaks',
    'of pending',
    'of accepted',
    'within tolerance',
  ]
  return {
    name: 'tie-out',
    columns: [
      column('what', 30),
      column('result', 60),
      ...amounts.map((name) => column(name, 16, 'decimal')),
    ],
    rows: () => [[...ties, ...facts]],
  }
}

export function totalsTable({ reconciliation }: Report): Sheet {
  const { dimensions, measures, totals } = reconciliation
  const columns = [
    ...dimensions.map((name) => column(name, 24)),
    column('source records', 12, 'count'),
    column('target records', 12, 'count'),
    column('open breaks', 12, 'count'),
    ...measures.flatMap(({ measure }) => [
      ...['source', 'target', 'difference'].map((what) => column(`${measure} ${what}`, 16, 'decimal')),
      ...['source', 'target'].flatMap((side) =>
        ['average', 'min', 'max'].map((what) => column(`${measure} ${side} ${what}`, 14, 'decimal')),
      ),
    ]),
  ]
  const rows = totals.map(({ dimensions: names, source, target, breaks, differences }): Cells => [
    ...names,
    source.records,
    target.records,
    breaks,
    ...measures.flatMap((_, at) => {
      const [one, other] = [source.measures[at], target.measures[at]]
      return [one?.sum, other?.sum, differences[at], ...spread(one), ...spread(other)]
    }),
  ])
  return { name: 'totals', columns, rows: () => [rows] }
}

const AVERAGE_DECIMALS = 6

function spread(totals: MeasureTotals | undefined): Cells {
  if (!totals || totals.count === 0) return [undefined, undefined, undefined]
  const average = new Big(totals.sum).div(totals.count).round(AVERAGE_DECIMALS)
  return [bigText(average), totals.min, totals.max]
}

/** One row for each break, with both sides of every compared field, so that effects add up to the difference. */
export async function breaksTable({ reconciliation, breaks }: Report): Promise<Sheet> {
  const { dimensions, measures, causes, rules } = reconciliation
  const fields = rules.fields.map(({ field }) => field)
  const numeric = await fieldsWithDifference(breaks(), fields)
  const titles = new Map(causes.map(({ id, title }) => [id, title]))
  const columns = [
    column('kind', 20),
    column('state', 10),
    column('key', 24),
    column('fields that differ', 24),
    column('probable cause', 32),
    column('first seen (UTC)', 18, 'time'),
    ...dimensions.map((name) => column(`by ${name}`, 18)),
    ...measures.map(({ measure }) => column(`${measure} effect`, 16, 'decimal')),
    column('source records', 10, 'count'),
    column('target records', 10, 'count'),
    ...fields.flatMap((field) => [
      column(`${field} (source)`, 18, 'value'),
      column(`${field} (target)`, 18, 'value'),
      ...(numeric.has(field) ? [column(`${field} (difference)`, 16, 'decimal')] : []),
    ]),
  ]
  const row = (one: Break): Cells => [
    KIND[one.kind],
    one.state,
    shownKey(one.key),
    one.fields.length === 0 ? undefined : one.fields.map(({ field }) => field).join(', '),
    one.cause === undefined ? undefined : (titles.get(one.cause) ?? one.cause),
    new Date(one.firstSeen ?? reconciliation.started).toISOString(),
    ...dimensions.map((_, at) => one.dimensions[at]),
    ...measures.map((_, at) => (one.effect[at] === '' ? undefined : one.effect[at])),
    one.records?.source ?? Number(one.source !== undefined),
    one.records?.target ?? Number(one.target !== undefined),
    ...fields.flatMap((field) => sides(one, field, numeric.has(field))),
  ]
  return {
    name: 'breaks',
    columns,
    async *rows() {
      for await (const page of breaks()) yield page.map(row)
    },
  }
}

async function fieldsWithDifference(
  breaks: AsyncIterable<readonly Break[]>,
  all: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for await (const page of breaks) {
    for (const { field, difference } of page.flatMap(({ fields }) => fields))
      if (difference !== undefined) found.add(field)
    if (found.size === all.length) return found
  }
  return found
}

/** A field that differs says whether it is absent, null or empty; one of a record that is not there stays blank. */
function sides({ source, target, fields }: Break, field: string, numeric: boolean): Cells {
  const differing = fields.find((one) => one.field === field)
  const cells = differing
    ? [marked(differing.source), marked(differing.target)]
    : [source?.[field], target?.[field]]
  return numeric ? [...cells, differing?.difference] : cells
}

function marked(value: Value | undefined): Value {
  return value === undefined || value === null || value === '' ? valueText(value) : value
}

export function causesTable({ reconciliation }: Report): Sheet {
  return {
    name: 'causes',
    columns: [
      column('cause', 32),
      column('breaks', 10, 'count'),
      column('of', 10, 'count'),
      column('what it says', 70),
      column('what to do', 70),
      column('for example', 40),
    ],
    rows: () => [
      reconciliation.causes.map(({ title, breaks, of, sentence, advice, examples }) => [
        title,
        breaks,
        of,
        sentence,
        advice,
        examples.map(shownKey).join('; '),
      ]),
    ],
  }
}

export function rulesTable({ reconciliation }: Report): Sheet {
  return {
    name: 'rules',
    columns: [column('what', 16), column('field', 28), column('rule', 90)],
    rows: () => [ruleRows(reconciliation)],
  }
}

function ruleRows({ rules, offsetting, notes }: Reconciliation): Cells[] {
  return [
    ...rules.match.map((rule) => ['matched by', undefined, rule]),
    ...rules.fields.map(({ field, rule }) => ['compared', field, rule]),
    ...rules.ignored.map(({ field, why }) => ['not compared', field, why]),
    ...offsetting.map((text) => ['offsetting', undefined, text]),
    ...notes.map((text) => ['note', undefined, text]),
  ]
}

function column(title: string, width: number, format: Column['format'] = 'text'): Column {
  return { title, width, format }
}
