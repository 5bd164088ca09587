import type { Owner } from '../bulk-sync/lock'
import type { Progress, SyncRequest } from '../bulk-sync/request'
import type { SyncMode } from '../connector'
import { Fault } from '../fault'
import type { Ports } from '../ports'
import type { DataRecord } from '../record/value'
import type { Store } from '../store'
import type { Workflow } from '../workflow'
import type { Choice, Retry } from './choice'
import { decide, type Decided, type DecisionRequest } from './decide'
import type { Exception, ExceptionFilter, FieldChange } from './exception'
import { explainGroup, type GroupExplanation } from './explain/group'
import { inSourceNames, type Edits } from './fix'
import { fourWay, type FourWay } from './four-way'
import type { Selection } from './inbox'
import { mappingRules, type NewRule } from './mapping-rule'
import {
  changesFor,
  type Fixed,
  keepFix,
  keepGroupFix,
  openOfGroup,
  previewFix,
  type FixPreview,
} from './remedy'
import { readAgain } from './read-again'
import { retriedMode, runRetry, type Retried } from './retry'

/** Source and target of a workflow, opened. */
export type Opened = Pick<
  SyncRequest,
  'workflow' | 'source' | 'target' | 'mapper' | 'validate' | 'traffic' | 'sourceLedger' | 'targetLedger'
> & { close(): Promise<void> }

export interface RemediesParts {
  workflows(): readonly string[]
  workflow(name: string): Workflow
  /** @param mode how the target will be written, where not as the workflow says */
  open(name: string, mode?: SyncMode): Promise<Opened>
  ports: Ports
  store: Store
  owner: Owner
}

export type RetryOptions = Omit<Retry, 'choice'> & {
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** What people do about exceptions that reaches out to the systems: explain, fix, send again, compare, decide. */
export class Remedies {
  constructor(private readonly parts: RemediesParts) {}

  /** @throws Fault EXCEPTION_UNKNOWN */
  async explain(group: string, signal: AbortSignal): Promise<GroupExplanation> {
    const exception = await this.oneOf(group)
    return this.with(exception.workflow, (opened) =>
      explainGroup({ ...opened, store: this.parts.store, signal }, group),
    )
  }

  /**
   * Tries an edit of one exception on all open ones of its group; nothing is written or kept.
   * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async preview(id: number, edits: Edits, signal: AbortSignal): Promise<FixPreview> {
    const { store } = this.parts
    const one = await this.exception(id)
    return this.with(one.workflow, async (opened) => {
      const record = await recordOf({ ...opened, signal }, one)
      const changes = changesFor(one, record, edits, opened.workflow)
      const group: Exception[] = []
      for await (const page of openOfGroup(store, one.fingerprint)) group.push(...page)
      return previewFix({ ...opened, store, signal }, group.length > 0 ? group : [one], changes)
    })
  }

  /**
   * Keeps an edit on one exception, or on all open ones of its group that it fits. It goes out with their next retry.
   * @throws Fault FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN, EXCEPTION_CHANGED
   */
  async fix(
    id: number,
    edits: Edits,
    { group, who, signal }: { group: boolean; who: string; signal: AbortSignal },
  ): Promise<Fixed> {
    const { store, ports } = this.parts
    const one = await this.exception(id)
    const changes = await this.changes(one, edits, signal)
    const fix = { changes, who, at: ports.clock.now() }
    const { fingerprint, last } = one
    if (!group) await keepFix(store, [one], fix)
    else if (last.stage === 'reconcile')
      throw new Fault('FIX_INVALID', 'Breaks are corrected one by one: each has other values.', {
        exception: id,
      })
    const exceptions = group ? await keepGroupFix(store, fingerprint, fix) : 1
    return { changes, exceptions, group: fingerprint }
  }

  /**
   * The edit of an exception as rules for the mapping of its workflow.
   * @throws Fault FIX_NOT_SAVEABLE, FIX_INVALID, FIX_PERSONAL, EXCEPTION_UNKNOWN
   */
  async mappingRules(
    id: number,
    edits: Edits,
    signal: AbortSignal,
  ): Promise<{ workflow: string; rules: NewRule[] }> {
    const one = await this.exception(id)
    const workflow = this.parts.workflow(one.workflow)
    const changes = await this.changes(one, edits, signal)
    return { workflow: workflow.name, rules: mappingRules(changes, workflow.map) }
  }

  /**
   * Sends records again, one run for each workflow concerned.
   * @throws Fault RETRY_EMPTY, RETRY_AFTER_SYNC, RUN_ALREADY_GOING, EXCEPTION_UNKNOWN
   */
  async retry(selection: Selection, options: RetryOptions): Promise<Retried[]> {
    const done: Retried[] = []
    for (const name of await this.concerned(selection)) {
      const finished = await this.finishInterrupted(name, options)
      if (finished) done.push(finished)
    }
    const choices = await this.choicesOf(selection)
    if (choices.length === 0 && done.length === 0)
      throw new Fault('RETRY_EMPTY', 'No exception fits: nothing is to be sent again.')
    for (const [workflow, choice] of choices) done.push(await this.retryChoice(workflow, choice, options))
    return done
  }

  /**
   * Sends the records of a reconciliation's open breaks that the target lacks or holds otherwise.
   * @throws Fault RETRY_EMPTY, RETRY_AFTER_SYNC, RUN_ALREADY_GOING
   */
  async syncBreaks(workflow: string, reconciliation: string, options: RetryOptions): Promise<Retried> {
    await this.finishInterrupted(workflow, options)
    return this.retryChoice(workflow, { reconciliation }, options)
  }

  /** Ends a retry that was interrupted, so that nobody else repeats what it may have sent. */
  async finishInterrupted(
    workflow: string,
    options: { signal: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<Retried | undefined> {
    const { store } = this.parts
    const { signal, onProgress } = options
    const retry = (await store.unfinished(workflow, 'retry'))?.retry
    return retry && this.runRetry(workflow, retry, { signal, ...(onProgress ? { onProgress } : {}) })
  }

  /** @throws Fault EXCEPTION_UNKNOWN, EXCEPTION_EXPIRED */
  async compare(id: number, options: { signal: AbortSignal; reveal?: { who: string } }): Promise<FourWay> {
    const { store, ports } = this.parts
    const { signal, reveal } = options
    const one = await this.exception(id)
    if (one.state === 'expired')
      throw new Fault('EXCEPTION_EXPIRED', `The record of exception ${String(id)} is no longer kept.`, {
        exception: id,
      })
    return this.with(one.workflow, async (opened) => {
      const view = await fourWay({ ...opened, store, signal }, one, reveal !== undefined)
      if (reveal) {
        const facts: DataRecord = { fields: [...opened.workflow.personal] }
        const { id: exception, workflow } = one
        await store.inbox.addEvent({
          at: ports.clock.now(),
          type: 'exception.revealed',
          workflow,
          exception,
          who: reveal.who,
          facts,
        })
      }
      return view
    })
  }

  /** @throws Fault DECISION_NOT_POSSIBLE, EXCEPTION_UNKNOWN */
  async decide(id: number, request: DecisionRequest & { signal: AbortSignal }): Promise<Decided> {
    const { store, ports } = this.parts
    const one = await this.exception(id)
    return this.with(one.workflow, (opened) =>
      decide({ ...opened, store, clock: ports.clock, signal: request.signal }, one, request, {
        fix: (edits) => this.fix(id, edits, { group: false, who: request.who, signal: request.signal }),
        retry: () => this.retry({ ids: [id] }, { who: request.who, signal: request.signal }),
      }),
    )
  }

  private async changes(one: Exception, edits: Edits, signal: AbortSignal): Promise<FieldChange[]> {
    const workflow = this.parts.workflow(one.workflow)
    if (one.last.stage !== 'reconcile') return changesFor(one, one.last.record, edits, workflow)
    return this.with(one.workflow, async (opened) => {
      const record = await recordOf({ ...opened, signal }, one)
      return changesFor(one, record, inSourceNames(edits, record, workflow.map), workflow)
    })
  }

  private async retryChoice(workflow: string, choice: Choice, options: RetryOptions): Promise<Retried> {
    const { who, rate, stale, again, signal, onProgress } = options
    const shared = { signal, ...(onProgress ? { onProgress } : {}) }
    const retry: Retry = { choice, who }
    if (rate !== undefined) retry.rate = rate
    if (stale !== undefined) retry.stale = stale
    if (again !== undefined) retry.again = again
    return this.runRetry(workflow, retry, shared)
  }

  private async runRetry(
    name: string,
    retry: Retry,
    options: { signal: AbortSignal; onProgress?: (progress: Progress) => void },
  ): Promise<Retried> {
    const { ports, store, owner } = this.parts
    const workflow = this.parts.workflow(name)
    const retried = await this.with(
      name,
      (opened) => runRetry({ ...opened, ports, store, owner, retry, ...options }),
      retriedMode(workflow),
    )
    const { run, status } = retried.receipt
    const facts = { status, chosen: retried.chosen, gone: retried.gone.length, stale: retried.stale.length }
    await store.inbox.addEvent({
      at: ports.clock.now(),
      type: 'exception.retried',
      workflow: name,
      run,
      who: retry.who,
      facts,
    })
    return retried
  }

  private async with<T>(name: string, work: (opened: Opened) => Promise<T>, mode?: SyncMode): Promise<T> {
    const opened = await this.parts.open(name, mode)
    try {
      return await work(opened)
    } finally {
      await opened.close()
    }
  }

  private async choicesOf(selection: Selection): Promise<[workflow: string, choice: Choice][]> {
    if ('filter' in selection) {
      const { filter } = selection
      const names = await this.workflowsOf(filter)
      return names.map((name) => [name, { filter, upTo: Number.MAX_SAFE_INTEGER - 1 }])
    }
    const byWorkflow = new Map<string, number[]>()
    for (const id of new Set(selection.ids)) {
      const { workflow } = await this.exception(id)
      byWorkflow.set(workflow, [...(byWorkflow.get(workflow) ?? []), id])
    }
    return Array.from(byWorkflow, ([workflow, ids]) => [workflow, { ids }])
  }

  /** Workflows of which an interrupted retry is finished first; it may have done all that is asked for. */
  private async concerned(selection: Selection): Promise<readonly string[]> {
    const found = (await this.choicesOf(selection)).map(([name]) => name)
    if (found.length > 0 || 'ids' in selection) return found
    const { workflow } = selection.filter
    return workflow === undefined ? this.parts.workflows() : [workflow]
  }

  private async workflowsOf(filter: ExceptionFilter): Promise<string[]> {
    const groups = await this.parts.store.inbox.groups(filter, this.parts.ports.clock.now())
    return [...new Set(groups.map(({ workflow }) => workflow))].sort()
  }

  private async oneOf(group: string): Promise<Exception> {
    const [one] = await this.parts.store.inbox.exceptions({ fingerprint: group }, { limit: 1 })
    if (!one) throw new Fault('EXCEPTION_UNKNOWN', `There is no group ${group} here.`, { group })
    return one
  }

  private async exception(id: number): Promise<Exception> {
    const exception = await this.parts.store.inbox.exception(id)
    if (!exception)
      throw new Fault('EXCEPTION_UNKNOWN', `There is no exception ${String(id)} here.`, { exception: id })
    return exception
  }
}

/** The record that an edit is made on. */
async function recordOf(
  request: Pick<SyncRequest, 'source' | 'mapper' | 'workflow' | 'signal'>,
  one: Exception,
): Promise<DataRecord> {
  if (one.last.stage !== 'reconcile') return one.last.record
  const record = await readAgain(request, one)
  if (record) return record
  throw new Fault(
    'DECISION_NOT_POSSIBLE',
    `Exception ${String(one.id)}: the source does not have the record.`,
    {
      exception: one.id,
    },
  )
}
