import type { SyncRequest } from '../bulk-sync/request'
import { Fault } from '../fault'
import type { Clock } from '../ports'
import { Hasher } from '../record/hash'
import { keyOfText } from '../record/key'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import type { Break } from '../reconciliation/break'
import { breakHash } from '../reconciliation/decisions'
import type { Decision } from '../reconciliation/store'
import type { Exception } from './exception'
import type { Edits } from './fix'
import { UNCOUNTED } from './matcher'
import { readAgain } from './read-again'
import type { Fixed } from './remedy'
import type { Retried } from './retry'

/** What a person decides where two systems disagree on a record. */
export type DecisionRequest = { who: string; reason: string; until?: number } & (
  | { decision: 'accept-source' | 'accept-target' | 'ignore' }
  /** Another value than either has: the source's record with these edits. */
  | { decision: 'write'; edits: Edits }
)

export interface Decided {
  /** The rule that stands from now on, while both sides hold what they hold. */
  standing?: Decision
  /** What was written. */
  retried?: Retried
}

type DecideRequest = Pick<SyncRequest, 'workflow' | 'source' | 'target' | 'mapper' | 'store' | 'signal'> & {
  clock: Clock
}

interface Acts {
  fix(edits: Edits): Promise<Fixed>
  retry(): Promise<Retried[]>
}

/**
 * - `accept-source`: the source's record is written.
 * - `accept-target`: both stay as they are. A later sync leaves the target's record alone while the source's is the same.
 * - `write`: the edited record is written, and both then stay as they are.
 * - `ignore`: reconciliation no longer reports it while both sides are the same.
 * @throws Fault DECISION_NOT_POSSIBLE
 */
export async function decide(
  request: DecideRequest,
  exception: Exception,
  asked: DecisionRequest,
  acts: Acts,
): Promise<Decided> {
  if (asked.decision === 'accept-source') return sent(await acts.retry())
  if (asked.decision === 'write') {
    await acts.fix(asked.edits)
    const { retried } = sent(await acts.retry())
    const done = retried?.receipt.status === 'succeeded'
    return {
      ...(retried ? { retried } : {}),
      ...(done ? { standing: await stand(request, exception, asked, true) } : {}),
    }
  }
  return { standing: await stand(request, exception, asked, false) }
}

/** Keeps the decision, and closes the exception with it. */
async function stand(
  request: DecideRequest,
  exception: Exception,
  asked: DecisionRequest,
  written: boolean,
): Promise<Decision> {
  const { store, workflow, clock } = request
  const source = await sourceNow(request, exception)
  const found =
    (written ? undefined : await lastBreak(request, exception)) ??
    (await breakNow(request, exception, source))
  const at = clock.now()
  const decision: Decision = {
    workflow: workflow.name,
    key: found.key,
    kind: found.kind,
    decision: asked.decision === 'ignore' ? 'ignore' : 'accept-target',
    hash: breakHash(found),
    reason: asked.reason,
    who: asked.who,
    at,
  }
  if (source) decision.source = new Hasher().record(source).hex()
  if (asked.until !== undefined) decision.until = asked.until
  await store.reconciliations.decide(decision)
  const { id } = exception
  const facts = { decision: asked.decision, reason: asked.reason }
  await store.inbox.addEvent({
    at,
    type: 'break.decided',
    workflow: workflow.name,
    exception: id,
    who: asked.who,
    facts,
  })
  const current = await store.inbox.exception(id)
  if (current?.state === 'open' || current?.state === 'ignored') {
    const resolution = {
      how: 'person',
      at,
      who: asked.who,
      evidence: `${asked.decision}: ${asked.reason}`,
    } as const
    const event = {
      at,
      type: 'exception.resolved',
      workflow: workflow.name,
      exception: id,
      who: asked.who,
      facts,
    } as const
    await store.inbox.saveExceptions([{ exception: { ...current, state: 'resolved', resolution }, event }])
  }
  return decision
}

/** As a sync would send it. */
async function sourceNow(request: DecideRequest, exception: Exception): Promise<DataRecord | undefined> {
  const row = await readAgain(request, exception)
  const mapped = row && request.mapper.map(row, UNCOUNTED)
  if (!mapped || mapped instanceof Rejection) return undefined
  return { ...request.workflow.sync.restore, ...mapped }
}

/** The break as the last reconciliation found it. */
async function lastBreak({ store }: DecideRequest, { last }: Exception): Promise<Break | undefined> {
  const { stage, run, key } = last
  if (stage !== 'reconcile' || key === undefined) return undefined
  const [found] = await store.reconciliations.breaks({ run, key }, { limit: 1 })
  return found
}

async function breakNow(
  { target, workflow, signal }: DecideRequest,
  { id, last }: Exception,
  source: DataRecord | undefined,
): Promise<Break> {
  const { key } = last
  if (key === undefined || !target.lookup || !source)
    throw new Fault(
      'DECISION_NOT_POSSIBLE',
      `Exception ${String(id)}: ${key === undefined ? 'the record has no key' : source ? 'the target cannot look records up' : 'the source does not have the record as one that can be sent'}.`,
      { exception: id },
    )
  const [held] = await target.lookup([keyOfText(key, workflow.key)], signal)
  const known = { key, rule: 1, source, fields: [], dimensions: [], effect: [], state: 'open' as const }
  return held ? { ...known, kind: 'differs', target: held } : { ...known, kind: 'missing-in-target' }
}

function sent(retried: readonly Retried[]): Decided {
  const [one] = retried
  return one ? { retried: one } : {}
}
