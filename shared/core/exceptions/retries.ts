import type { Owner } from '../bulk-sync/lock'
import type { Progress, SyncRequest } from '../bulk-sync/request'
import type { SyncMode } from '../connector'
import { Fault } from '../fault'
import type { Ports } from '../ports'
import type { Store } from '../store'
import type { Workflow } from '../workflow'
import type { Upload, UploadOf } from '../upload'
import type { Choice, Retry } from './choice'
import { loadChosen, type Chosen } from './chosen'
import type { Exception, ExceptionFilter } from './exception'
import type { Inbox, Selection } from './inbox'
import type { FileOf } from './picker'
import { retriedMode, runRetry, type Retried, type RetryRequest } from './retry'
import { exceptionUnknown } from './unknown'

/** Source and target of a workflow, opened. */
export type Opened = Pick<
  SyncRequest,
  'workflow' | 'source' | 'target' | 'mapper' | 'validate' | 'traffic' | 'sourceLedger' | 'targetLedger'
> & {
  /** Opens files that were sent; absent where none are kept. */
  fileOf?: FileOf | undefined
  close(): Promise<void>
}

export interface OpenOptions {
  /** How the target will be written, where not as the workflow says. */
  mode?: SyncMode | undefined
  /** What is read in place of the source. */
  upload?: Upload | undefined
  /** Nothing will be written. */
  looks?: boolean
}

export interface WorkspaceAccess {
  workflows(): readonly string[]
  workflow(name: string): Workflow
  open(name: string, options: OpenOptions): Promise<Opened>
  ports: Ports
  store: Store
  inbox: Inbox
  owner: Owner
  /** The file that was sent to a run, where it is kept still. */
  uploadOf?: UploadOf | undefined
}

export type RetryOptions = Omit<Retry, 'choice'> & {
  /** Of a new run, for who has to know it before it begins; only where all is of one workflow. */
  id?: string
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** Exceptions that are told one by one that they were not sent. */
const MOST_TOLD = 1000

const NOT_SENT = {
  sent: false,
  code: 'UPLOAD_GONE',
  message:
    'The file that it came in is not here any more, was sent in another mode, or cannot be read there.',
}

/** Sends records again, over the workflows of a workspace. */
export class Retries {
  constructor(protected readonly parts: WorkspaceAccess) {}

  /**
   * Sends records again, one run for each workflow concerned.
   * @throws Fault RETRY_EMPTY, RETRY_AFTER_SYNC, RUN_ALREADY_GOING, EXCEPTION_UNKNOWN
   */
  async retry(selection: Selection, options: RetryOptions): Promise<Retried[]> {
    const over = options.id === undefined ? undefined : await this.ended(options.id)
    if (over) return [over]
    const done: Retried[] = []
    for (const name of await this.concerned(selection)) {
      const finished = await this.finishInterrupted(name, options)
      if (finished) done.push(finished)
      // it was this one
      if (finished && finished.receipt.run === options.id) return done
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

  /** A retry that was over before whoever asked for it could note that. */
  private async ended(id: string): Promise<Retried | undefined> {
    const { status, receipt } = (await this.parts.store.run(id)) ?? {}
    if (!receipt || (status !== 'succeeded' && status !== 'exceptions')) return undefined
    const { count } = receipt.read.source
    return { receipt, chosen: count, gone: [], stale: [], targetOnly: [], uploaded: [], otherKey: [] }
  }

  private async retryChoice(workflow: string, choice: Choice, options: RetryOptions): Promise<Retried> {
    const { who, rate, stale, again, signal, onProgress } = options
    const shared = { signal, ...(onProgress ? { onProgress } : {}) }
    const retry: Retry = { choice, who }
    if (rate !== undefined) retry.rate = rate
    if (stale !== undefined) retry.stale = stale
    if (again !== undefined) retry.again = again
    const { store } = this.parts
    const chosen = await loadChosen(store, this.parts.workflow(workflow), choice)
    const mode = await this.modeOf(chosen)
    if (mode !== undefined) retry.mode = mode
    return this.runRetry(workflow, retry, {
      ...shared,
      chosen,
      ...(options.id === undefined ? {} : { id: options.id }),
    })
  }

  private async runRetry(
    name: string,
    retry: Retry,
    options: Pick<RetryRequest, 'signal' | 'onProgress' | 'id' | 'chosen'>,
  ): Promise<Retried> {
    const { ports, store, owner } = this.parts
    const workflow = this.parts.workflow(name)
    const retried = await this.with(
      name,
      (opened) => runRetry({ ...opened, ports, store, owner, retry, ...options }),
      { mode: retry.mode ?? retriedMode(workflow) },
    )
    const { run, status } = retried.receipt
    const { chosen, gone, stale, uploaded } = retried
    const facts = { status, chosen, gone: gone.length, stale: stale.length, uploaded: uploaded.length }
    const event = { type: 'exception.retried', workflow: name, run, who: retry.who } as const
    for (const exception of uploaded.slice(0, MOST_TOLD))
      await store.inbox.addEvent({ ...event, at: ports.clock.now(), exception, facts: NOT_SENT })
    await store.inbox.addEvent({ ...event, at: ports.clock.now(), facts })
    return retried
  }

  /** The mode of the files that all of it came in; undefined where that is the workflow's, or they have more than one. */
  private async modeOf(chosen: readonly Chosen[]): Promise<SyncMode | undefined> {
    const { uploadOf } = this.parts
    if (!uploadOf || chosen.some(({ upload }) => upload === undefined)) return undefined
    const runs = new Set(chosen.flatMap(({ upload }) => upload ?? []))
    const modes = new Set<SyncMode | undefined>()
    for (const run of runs) {
      const upload = await uploadOf(run)
      if (upload) modes.add(upload.mode)
    }
    const [mode] = modes
    return modes.size === 1 ? mode : undefined
  }

  /** Source and target for as long as they are looked at. */
  protected looking<T>(name: string, work: (opened: Opened) => Promise<T>): Promise<T> {
    return this.with(name, work, { looks: true })
  }

  private async with<T>(
    name: string,
    work: (opened: Opened) => Promise<T>,
    options: OpenOptions,
  ): Promise<T> {
    const opened = await this.parts.open(name, options)
    try {
      return await work(opened)
    } finally {
      await opened.close()
    }
  }

  protected async choicesOf(selection: Selection): Promise<[workflow: string, choice: Choice][]> {
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

  protected async exception(id: number): Promise<Exception> {
    const exception = await this.parts.store.inbox.exception(id)
    if (!exception) throw exceptionUnknown(id)
    return exception
  }
}
