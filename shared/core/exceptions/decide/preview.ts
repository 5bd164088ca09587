import { holds, sameValue } from '../../record/canonical'
import { maskRecord } from '../../record/mask'
import type { DataRecord, Value } from '../../record/value'
import type { Choice } from '../choice'
import { loadChosen } from '../chosen'
import { applyFix } from '../fix'
import { problemOf } from '../remedy'
import { fixOf } from './decide'
import { ProblemList, type DecideRequest, type DecisionRequest, type Problems } from './request'
import { heldOf, rowsOf, sendable, type Row } from './rows'
import { rulesOf } from './standing'

/** What a decision would do, as both sides are now. */
export interface DecisionPreview {
  exceptions: number
  /** Records that would be sent. */
  writes: number
  /** Records that the target has so already. */
  unchanged: number
  /** Rules that would be kept; of what is written, one for each record that goes through. */
  standing: number
  /** By code: would not pass mapping and validation, and what would be said of the first. */
  fails: Readonly<Record<string, { records: number; message: string }>>
  problems: Problems
  /** The first of those that it is possible for. */
  first: readonly PreviewedDecision[]
}

export interface PreviewedDecision {
  exception: number
  /** What is not the same in all of these; personal fields masked, a value that is absent is missing. */
  fields: readonly { field: string; source?: Value; target?: Value; written?: Value }[]
}

const SHOWN = 10

/** Reads both sides and decides nothing. */
export async function previewDecision(
  request: DecideRequest,
  choice: Choice,
  asked: DecisionRequest,
): Promise<DecisionPreview> {
  const chosen = await loadChosen(request.store, request.workflow, choice)
  const tally = new Tally(request.workflow.personal)
  const writes = asked.decision === 'accept-source' || asked.decision === 'write'
  for await (const rows of rowsOf(request, chosen)) {
    const held = await heldOf(request, rows)
    if (writes)
      rows.forEach((row, i) => {
        previewWrite(request, row, held[i], asked, tally)
      })
    else
      for (const [i, { exception, rule }] of (await rulesOf(request, rows, asked, false)).entries()) {
        if (typeof rule === 'string') tally.problems.add(exception.id, rule)
        else tally.stands(exception.id, { source: rows[i]?.source, target: held[i] })
      }
  }
  const { written, unchanged, standing, fails, problems, first } = tally
  return { exceptions: chosen.length, writes: written, unchanged, standing, fails, problems, first }
}

function previewWrite(
  request: DecideRequest,
  one: Row,
  target: DataRecord | undefined,
  asked: DecisionRequest,
  tally: Tally,
): void {
  const { exception, row, source, mapper } = one
  const fix = fixOf(request, one, asked)
  const sent = typeof fix === 'string' || !row ? undefined : applyFix(row, fix)
  if (typeof fix === 'string') tally.problems.add(exception.id, fix)
  else if (!row) tally.problems.add(exception.id, 'the source no longer has the record')
  else if (!sent) tally.problems.add(exception.id, 'the source has changed what is corrected')
  else {
    const mapping = { ...request, mapper: mapper ?? request.mapper }
    const problem = problemOf(mapping, sent)
    const sides = { source, target, written: sendable(mapping, sent) ?? sent }
    if (problem) tally.fail(problem)
    else tally.writes(exception.id, sides, asked.decision === 'write')
  }
}

interface Sides {
  source?: DataRecord | undefined
  target?: DataRecord | undefined
  written?: DataRecord | undefined
}

class Tally {
  written = 0
  unchanged = 0
  standing = 0
  readonly fails: Record<string, { records: number; message: string }> = {}
  readonly problems = new ProblemList()
  readonly first: PreviewedDecision[] = []

  constructor(private readonly personal: readonly string[]) {}

  fail({ code, message }: { code: string; message: string }): void {
    const { records = 0, ...first } = this.fails[code] ?? {}
    this.fails[code] = { message, ...first, records: records + 1 }
  }

  stands(exception: number, sides: Sides): void {
    this.standing++
    this.show(exception, sides)
  }

  writes(exception: number, sides: Sides & { written: DataRecord }, stands: boolean): void {
    if (stands) this.standing++
    if (sides.target && holds(sides.target, sides.written)) this.unchanged++
    else this.written++
    this.show(exception, sides)
  }

  private show(exception: number, sides: Sides): void {
    if (this.first.length >= SHOWN) return
    const known = Object.entries(sides).flatMap(([name, record]: [string, DataRecord | undefined]) =>
      record ? [{ name, record, shown: maskRecord(record, this.personal) }] : [],
    )
    const fields = [...new Set(known.flatMap(({ record }) => Object.keys(record)))].flatMap((field) => {
      const same =
        known.length > 1 && known.every(({ record }) => sameValue(record[field], known[0]?.record[field]))
      if (same) return []
      const values = known.flatMap(({ name, shown }) =>
        shown[field] === undefined ? [] : [[name, shown[field]] as const],
      )
      return [{ field, ...Object.fromEntries(values) }]
    })
    this.first.push({ exception, fields })
  }
}
