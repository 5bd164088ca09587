import { shownAddress } from '../shown-address'
import type { Workflow } from '../workflow'
import { cutOffAt } from './cut-off'
import { fieldsOfNobody } from './fields'
import type { FirstPass, FirstPassResult } from './first-pass'
import { numberText } from '../words'
import type { MeasureTie, Reconciliation } from './reconciliation'
import type { ReconcileRequest } from './request'
import { fieldsOfRules, fieldWords, ignoredFields, matchWords } from './words'

/** All but its hash. */
export type Content = Omit<Reconciliation, 'contentHash'>

interface Known {
  started: number
  ended: number
  /** Fields to compare where single records are paired. */
  fields: readonly string[]
  /** As far as it came. */
  pass: FirstPass | undefined
}

const SIDES = ['source', 'target'] as const
const NOTHING: ReadonlySet<string> = new Set()

/** What can be said of a reconciliation whose comparison came to nothing. */
export function draftOf(request: ReconcileRequest, known: Known): Content {
  const { started, ended, pass } = known
  const { id, workflow, trend = [] } = request
  const { reconcile } = workflow
  const fields = fieldsOfRules(reconcile.match, known.fields)
  return {
    reconciliation: 1,
    id,
    workflow: workflow.name,
    title: workflow.title,
    status: 'failed',
    asOf: new Date(cutOffAt(reconcile, started)).toISOString(),
    started: new Date(started).toISOString(),
    ended: new Date(ended).toISOString(),
    source: { ...nameOf(request, 'source'), records: 0, repeated: 0, unreadable: 0 },
    target: { ...nameOf(request, 'target'), records: 0, repeated: 0, unreadable: 0 },
    compared: { pairs: 0, agreed: 0, tolerated: 0 },
    rules: rulesOf(workflow, fields, pass),
    breaks: { open: 0, pending: 0, accepted: 0, byKind: NO_BREAKS, byField: [] },
    measures: [],
    dimensions: reconcile.dimensions.map(({ name }) => name),
    totals: [],
    causes: [],
    offsetting: [],
    method: 'records',
    notes: pass
      ? [
          ...nobodyNotes(workflow, pass),
          ...cutOffNotes(workflow, pass),
          ...uncomparedNotes(workflow, fields, pass),
          ...SIDES.flatMap((name) => sideNotes(name, pass)),
        ]
      : [],
    trend,
  }
}

const NO_BREAKS = { 'missing-in-source': 0, 'missing-in-target': 0, duplicate: 0, differs: 0 }

export function nameOf(
  request: ReconcileRequest,
  side: 'source' | 'target',
): { connection: string; stream: string } {
  const { connection, stream } = request[side]
  return { connection, stream: shownAddress(stream) }
}

function rulesOf(
  workflow: Workflow,
  fields: readonly string[],
  pass: FirstPass | undefined,
): Reconciliation['rules'] {
  const [source, target] = [pass?.source.fields ?? NOTHING, pass?.target.fields ?? NOTHING]
  return {
    match: workflow.reconcile.match.map(matchWords),
    fields: fieldWords(fields, workflow.reconcile.compare),
    ignored: ignoredFields(workflow, fields, source, target),
  }
}

function nobodyNotes({ reconcile }: Workflow, { source, target }: FirstPass): string[] {
  return fieldsOfNobody(reconcile, source.fields, target.fields).map(
    (field) =>
      `No record has the field ${field}: what is said of it proves nothing. Is it called otherwise? Upper and lower case count.`,
  )
}

/** Nothing would be pending, without a word. */
function cutOffNotes({ reconcile: { cutOff } }: Workflow, { source, target }: FirstPass): string[] {
  const met = source.fields.size > 0 && target.fields.size > 0 && source.end && target.end
  if (!cutOff || !met || source.newest !== undefined || target.newest !== undefined) return []
  return [
    `No record has a date or time in ${cutOff.field}, such as 2026-11-30T18:00:00Z: the cut-off left nothing out, and what changed just before counts as a break.`,
  ]
}

/** What is added up or grouped by and not compared makes a difference of totals that no break explains. */
function uncomparedNotes(
  workflow: Workflow,
  fields: readonly string[],
  { source, target }: FirstPass,
): string[] {
  // a side without a record has no fields to speak of
  if (source.fields.size === 0 || target.fields.size === 0) return []
  const { measures, dimensions } = workflow.reconcile
  const added = new Set(measures.flatMap((measure) => measure.fields))
  const grouped = new Set(dimensions.map(({ field }) => field))
  return ignoredFields(workflow, fields, source.fields, target.fields).flatMap(({ field, why }) => [
    ...(added.has(field)
      ? [`${field} is added up and not compared: ${why}. No break explains what its totals differ by.`]
      : []),
    ...(grouped.has(field)
      ? [
          `Totals are grouped by ${field}, which is not compared: ${why}. Groups may differ where no record does.`,
        ]
      : []),
  ])
}

/** What is no number, such as an amount with a decimal comma, would be missing in a total without a word. */
export function uncountedNotes(
  measures: readonly MeasureTie[],
  sides: Pick<FirstPassResult, 'source' | 'target'>,
): string[] {
  return measures.flatMap((one) => {
    const parts = SIDES.flatMap((name) => {
      const all = sides[name].records
      const without = all - one[name].count
      return without > 0 ? [`${numberText(without)} of ${numberText(all)} in the ${name}`] : []
    })
    if (parts.length === 0) return []
    return [`${one.measure} adds up only what is a number; records without one: ${parts.join(', ')}.`]
  })
}

/** A match rule takes for the same what a target does not. */
export function otherKeyNotes(count: number): string[] {
  if (count === 0) return []
  const which = count === 1 ? '1 record that differs has' : `${numberText(count)} records that differ have`
  return [
    `${which} another key in the target, where it would be one more if it were sent: a sync of the breaks leaves that out. Bring the key into the form of the target under "map".`,
  ]
}

function sideNotes(name: 'source' | 'target', pass: FirstPass): string[] {
  const { unreadable, leftOut = 0 } = pass[name]
  const are = leftOut === 1 ? 'record of the' : 'records of the'
  const counts = leftOut === 1 ? 'is marked as deleted and counts' : 'are marked as deleted and count'
  return [
    ...unreadable.map((row) => `Not read in the ${name}: ${row}`),
    ...(leftOut === 0 ? [] : [`${leftOut} ${are} ${name} ${counts} as not there.`]),
  ]
}
