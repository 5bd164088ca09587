import { Hasher } from '../../record/hash'
import type { DataRecord } from '../../record/value'
import type { Break } from '../../reconciliation/break'
import { breakHash } from '../../reconciliation/decisions'
import type { Decision } from '../../reconciliation/store'
import type { Chosen } from '../chosen'
import type { Exception } from '../exception'
import { without } from '../lifecycle'
import type { Turns } from '../store'
import type { DecideRequest, DecisionRequest, ProblemList } from './request'
import { heldOf, rowsOf, type Row } from './rows'

/** Exceptions that this decision has made rules for, also before it was interrupted. */
export async function decidedBy({ store, workflow, run }: DecideRequest): Promise<Set<number>> {
  const decisions = await store.reconciliations.decisions(workflow.name)
  return new Set(
    decisions.flatMap((one) => (one.run === run && one.exception !== undefined ? one.exception : [])),
  )
}

/** Keeps the rules of a decision, and closes their exceptions. @param written what was decided was sent before */
export async function stand(
  request: DecideRequest,
  chosen: readonly Chosen[],
  asked: DecisionRequest,
  { written, problems }: { written: boolean; problems: ProblemList },
): Promise<void> {
  const done = await decidedBy(request)
  const open = chosen.filter(({ exception }) => exception !== undefined && !done.has(exception))
  for await (const rows of rowsOf(request, open)) {
    const settled = written ? rows.filter(({ exception }) => exception.state === 'resolved') : rows
    const rules: Decision[] = []
    for (const { exception, rule } of await rulesOf(request, settled, asked, written)) {
      if (typeof rule === 'string') problems.add(exception.id, rule)
      else rules.push(rule)
    }
    await request.store.reconciliations.decide(rules, turnsOf(asked, request.clock.now()))
  }
}

/** What a decision makes of one exception; in place of a rule, why there can be none. */
interface Ruled {
  exception: Exception
  rule: Decision | string
}

export async function rulesOf(
  request: DecideRequest,
  rows: readonly Row[],
  asked: DecisionRequest,
  written: boolean,
): Promise<Ruled[]> {
  const held = await heldOf(request, rows)
  const rules: Ruled[] = []
  for (const [i, { exception, source }] of rows.entries()) {
    const found =
      (written ? undefined : await lastBreak(request, exception)) ??
      breakNow(request, exception, source, held[i])
    const rule = typeof found === 'string' ? found : ruleFor(request, asked, exception, found, source)
    rules.push({ exception, rule })
  }
  return rules
}

function ruleFor(
  { workflow, clock, run }: DecideRequest,
  { decision, reason, who, until }: DecisionRequest,
  exception: Exception,
  found: Break,
  source: DataRecord | undefined,
): Decision {
  const rule: Decision = {
    workflow: workflow.name,
    key: found.key,
    kind: found.kind,
    decision: decision === 'ignore' ? 'ignore' : 'accept-target',
    hash: breakHash(found),
    reason,
    who,
    at: clock.now(),
    run,
    exception: exception.id,
  }
  if (source) rule.source = new Hasher().record(source).hex()
  if (until !== undefined) rule.until = until
  return rule
}

/** The break as the last reconciliation found it. */
async function lastBreak({ store }: DecideRequest, { last }: Exception): Promise<Break | undefined> {
  const { stage, run, key } = last
  if (stage !== 'reconcile' || key === undefined) return undefined
  const [found] = await store.reconciliations.breaks({ run, key }, { limit: 1 })
  return found
}

function breakNow(
  { target }: DecideRequest,
  { last: { key } }: Exception,
  source: DataRecord | undefined,
  held: DataRecord | undefined,
): Break | string {
  if (key === undefined) return 'the record has no key'
  if (!target.lookup) return 'the target cannot look records up'
  if (!source) return 'the source does not have the record as one that can be sent'
  const known = { key, rule: 1, source, fields: [], dimensions: [], effect: [], state: 'open' as const }
  return held ? { ...known, kind: 'differs', target: held } : { ...known, kind: 'missing-in-target' }
}

/** The event of the decision, and the exception closed by it where it is not yet. */
function turnsOf({ decision, reason, who }: DecisionRequest, at: number): Turns {
  const facts = { decision, reason }
  return (exception) => {
    const event = { at, workflow: exception.workflow, who, facts }
    const decided = { exception, event: { ...event, type: 'break.decided' as const } }
    if (exception.state !== 'open' && exception.state !== 'ignored') return [decided]
    const resolution = { how: 'person' as const, at, who, evidence: `${decision}: ${reason}` }
    const resolved: Exception = { ...without(exception, 'ignored'), state: 'resolved', resolution }
    return [decided, { exception: resolved, event: { ...event, type: 'exception.resolved' as const } }]
  }
}
