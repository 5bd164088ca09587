import { Fault } from '../../fault'
import { sameValue } from '../../record/canonical'
import type { DataRecord } from '../../record/value'
import { turnsOf } from '../change'
import type { Choice } from '../choice'
import { loadChosen, type Chosen } from '../chosen'
import type { Exception, FieldChange } from '../exception'
import { inSourceNames, lacking, type Edits } from '../fix'
import { changesFor, fixOf as fixOfEach } from '../remedy'
import type { Retried } from '../retry'
import { ProblemList, type Decided, type DecideRequest, type DecisionRequest } from './request'
import { rowsOf, type Row } from './rows'
import { decidedBy, stand } from './standing'

const LOST = 'the file that it came in is not here any more'

/** Sends these again, under the id of the decision. */
export type Send = (ids: readonly number[]) => Promise<Retried | undefined>

/**
 * Decides on chosen exceptions of one workflow. Interrupted and asked for again with the same `run`, it goes on: what it
 * wrote is not written twice, and a rule is made once.
 * @throws Fault DECISION_NOT_POSSIBLE where it is possible for none
 */
export async function decide(
  request: DecideRequest,
  choice: Choice,
  asked: DecisionRequest,
  send: Send,
): Promise<Decided> {
  const { store, workflow, run } = request
  // what it has begun to send stands in its run: what was chosen may look otherwise by now
  const begun = (await store.run(run))?.retry?.choice
  const done = await decidedBy(request)
  const chosen = await loadChosen(store, workflow, begun ?? choice)
  const problems = new ProblemList()
  const { retried, left } = await written(request, chosen, asked, {
    begun: begun !== undefined,
    problems,
    send,
  })
  if (asked.decision !== 'accept-source' && retried?.receipt.status !== 'interrupted')
    await stand(request, left, asked, { written: asked.decision === 'write', problems })
  const exceptions = new Set([...done, ...chosen.flatMap(({ exception }) => exception ?? [])]).size
  if (problems.count === exceptions) throw nothingPossible(workflow.name, problems)
  return {
    workflow: workflow.name,
    decision: asked.decision,
    exceptions,
    standing: (await decidedBy(request)).size,
    ...(retried ? { retried } : {}),
    problems,
  }
}

/** Sends what the decision is to write. @returns those that it is still possible for */
async function written(
  request: DecideRequest,
  chosen: readonly Chosen[],
  asked: DecisionRequest,
  { begun, problems, send }: { begun: boolean; problems: ProblemList; send: Send },
): Promise<{ retried?: Retried | undefined; left: readonly Chosen[] }> {
  if (asked.decision !== 'accept-source' && asked.decision !== 'write') return { left: chosen }
  const ids = new Set(begun ? idsOf(chosen) : await prepared(request, chosen, asked, problems))
  const retried = ids.size === 0 ? undefined : await send([...ids])
  const { stale = [], uploaded = [], targetOnly = [] } = retried ?? {}
  for (const [notSent, why] of [
    [stale, 'the source has changed what is corrected'],
    [uploaded, LOST],
    [targetOnly, 'only the target has the record'],
  ] as const)
    for (const id of notSent) {
      problems.add(id, why)
      ids.delete(id)
    }
  return { retried, left: chosen.filter(({ exception }) => exception !== undefined && ids.has(exception)) }
}

/** Gives each the fix that the decision means: the edits, or none. @returns those that can be sent */
async function prepared(
  request: DecideRequest,
  chosen: readonly Chosen[],
  asked: DecisionRequest,
  problems: ProblemList,
): Promise<number[]> {
  const { store, workflow, clock } = request
  const ids: number[] = []
  for await (const rows of rowsOf(request, chosen)) {
    const fixes = new Map<number, readonly FieldChange[]>()
    const keys: string[] = []
    for (const one of rows) {
      const { id, last, fix: before } = one.exception
      const fix = fixOf(request, one, asked)
      if (typeof fix === 'string') {
        problems.add(id, fix)
        continue
      }
      ids.push(id)
      if (last.key !== undefined) keys.push(last.key)
      if (!sameChanges(before?.changes ?? [], fix)) fixes.set(id, fix)
    }
    if (asked.decision === 'accept-source') await store.reconciliations.withdraw(workflow.name, keys)
    const by = { who: asked.who, at: clock.now() }
    await store.inbox.changeExceptions({ ids: [...fixes.keys()] }, (one) =>
      turnsOf(one, [fixOfEach(fixes)], by),
    )
  }
  return ids
}

/** What is to be corrected in a record before it is sent; in place of that, why it cannot be sent. */
export function fixOf(
  { workflow }: Pick<DecideRequest, 'workflow'>,
  { exception, row }: Row,
  asked: DecisionRequest,
): FieldChange[] | string {
  const { last } = exception
  if (!row && last.uploaded === true) return LOST
  if (!row && last.code === 'BREAK_MISSING_IN_SOURCE') return 'the source does not have the record'
  if (last.otherKey === true)
    return 'the target has it under another key, and would have it twice; bring the key into the form of the target under map'
  if (asked.decision !== 'write') return []
  if (!row) return 'the source does not have the record'
  return editsOf(exception, row, asked.edits, workflow)
}

/** None where the source has them already: then its record is what is to be written. */
function editsOf(
  exception: Exception,
  row: DataRecord,
  edits: Edits,
  workflow: DecideRequest['workflow'],
): FieldChange[] | string {
  const record = exception.last.stage === 'reconcile' ? row : exception.last.record
  const { set = [], unset = [] } = lacking(inSourceNames(edits, record, workflow.map), record)
  try {
    return set.length + unset.length === 0 ? [] : changesFor(exception, record, { set, unset }, workflow)
  } catch (error) {
    if (error instanceof Fault) return error.detail
    throw error
  }
}

function sameChanges(one: readonly FieldChange[], other: readonly FieldChange[]): boolean {
  if (one.length !== other.length) return false
  return one.every(({ field, from, to }, i) => {
    const same = other[i]
    return same?.field === field && sameValue(from, same.from) && sameValue(to, same.to)
  })
}

function idsOf(chosen: readonly Chosen[]): number[] {
  return chosen.flatMap(({ exception }) => exception ?? [])
}

function nothingPossible(workflow: string, { count, first: [one] }: ProblemList): Fault {
  if (!one) return new Fault('DECISION_NOT_POSSIBLE', `No exception of ${workflow} fits.`, { workflow })
  const { exception, reason } = one
  const all = count === 1 ? '' : `For none of ${String(count)} exceptions is that possible. `
  return new Fault('DECISION_NOT_POSSIBLE', `${all}Exception ${String(exception)}: ${reason}.`, { exception })
}
