import type { Progress } from '../../shared/core/bulk-sync/request'
import type { Definition } from '../../shared/core/definition/definition'
import { Fault, noteFault } from '../../shared/core/fault'
import type { DataRecord } from '../../shared/core/record/value'
import type { Store } from '../../shared/core/store'
import type { Workspace } from '../../shared/core/workspace'
import { isOfRecord, recordLost } from '../records/run-upload'
import { settles } from '../settles'
import { asFault } from '../unexpected'
import { isElsewhere, jobElsewhere } from './elsewhere'
import type { JobFilter, JobStore } from './job-store'
import type { Job, Jobs, NewJob } from './jobs'
import { workOf } from './work'

export interface RunnerParts {
  jobs: JobStore
  workspace: Workspace
  store: Store
  definition: Definition
  newId: () => string
  now: () => number
  /** Runs under way at once; the others wait. */
  atOnce: number
  /** Of the tenant. */
  folder: string
  /** Takes one of the runs that a client may have at once, and gives it back. @throws Fault LIMIT_REACHED */
  enter: (client: string) => () => void
  /** For whoever runs the gateway. */
  say: (line: string) => void
}

interface Live {
  job: Job
  record: DataRecord | undefined
  stop: AbortController
  over: Promise<void>
  finish(): void
}

const FREE = (): void => undefined

/** Does the runs of one tenant: some at once, one at a time for each workflow, each saved before it begins. */
export class JobRunner implements Jobs {
  private readonly live = new Map<string, Live>()
  private queue: Live[] = []
  /** What became of jobs that the disk did not take yet, by their number: a run that was gone on with has more than one. */
  private readonly unsaved = new Map<number, Job>()
  private closing = false

  constructor(private readonly parts: RunnerParts) {}

  /** Goes on with what a gateway that ended left behind. */
  async recover(): Promise<void> {
    const { jobs, now } = this.parts
    const left = jobs.unfinished()
    for (const job of left)
      if (isOfRecord(job)) jobs.save(await this.lost(job))
      else if (left.some(({ run, number }) => run === job.run && number > job.number))
        jobs.save({ ...job, state: 'interrupted', ended: now() })
      // one that was at work waits again: nobody works on it now
      else this.enqueue({ ...job, state: 'queued' }, FREE)
  }

  async start({ workflow, kind, options, client, claim, record, ...given }: NewJob): Promise<Job> {
    const { definition, jobs, now } = this.parts
    if (!definition.workflows.has(workflow))
      throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${workflow}.`, { workflow })
    const begun = claim === undefined ? undefined : await this.ofClaim(claim)
    if (begun) return begun
    this.assertFree(workflow, kind)
    const run = given.run ?? (await this.runOf(workflow, kind))
    if (this.live.has(run)) throw alreadyGoing(workflow, run)
    const leave = this.parts.enter(client)
    try {
      const job = jobs.add({ run, workflow, kind, options, client, state: 'queued', started: now() }, claim)
      this.enqueue(job, leave, record)
      return job
    } catch (error) {
      leave()
      throw error
    }
  }

  async job(run: string): Promise<Job | undefined> {
    const { jobs, store } = this.parts
    return this.latest(run) ?? jobs.job(run) ?? (await jobElsewhere(store, run))
  }

  ofClaim(claim: string): Promise<Job | undefined> {
    const begun = this.parts.jobs.ofClaim(claim)
    return Promise.resolve(begun && (this.latest(begun.run) ?? begun))
  }

  jobs(filter: JobFilter): Promise<Job[]> {
    const latest = (job: Job): Job => this.latest(job.run) ?? job
    return Promise.resolve(this.parts.jobs.jobs(filter).map(latest))
  }

  async cancel(run: string): Promise<Job> {
    const job = await this.known(run)
    const live = this.live.get(run)
    if (!live && isElsewhere(job) && job.state === 'running')
      throw new Fault(
        'RUN_ALREADY_GOING',
        `Run ${run} is at work on the command line; it is stopped there.`,
        { run },
      )
    if (!live) throw new Fault('RUN_IS_OVER', `Run ${run} is ${job.state}.`, { run, state: job.state })
    live.stop.abort(new Fault('CANCELLED', `Run ${run} was cancelled.`))
    if (this.queue.includes(live)) {
      this.queue = this.queue.filter((other) => other !== live)
      this.end(live, { ...live.job, state: 'cancelled' })
    }
    return live.job
  }

  async wait(run: string, ms: number, signal: AbortSignal): Promise<Job> {
    const job = await this.known(run)
    const live = this.live.get(run)
    if (!live || ms <= 0) return live?.job ?? job
    await settles(live.over, ms, signal)
    return this.known(run)
  }

  async close(): Promise<void> {
    this.closing = true
    this.queue = []
    for (const { stop } of this.live.values()) stop.abort(new Fault('CANCELLED', 'The gateway is stopping.'))
    await Promise.all(
      [...this.live.values()].filter(({ job }) => job.state === 'running').map(({ over }) => over),
    )
  }

  /** A run and a retry of one workflow exclude each other; a plan or a reconciliation changes nothing. */
  private assertFree(workflow: string, kind: Job['kind']): void {
    if (readsOnly(kind)) return
    const other = [...this.live.values()].find(
      ({ job }) =>
        job.workflow === workflow && !readsOnly(job.kind) && job.kind !== 'upload' && kind !== 'upload',
    )
    if (!other) return
    throw alreadyGoing(workflow, other.job.run)
  }

  /** An interrupted run goes on under its id. */
  private async runOf(workflow: string, kind: Job['kind']): Promise<string> {
    const { store, newId } = this.parts
    const earlier = kind === 'sync' ? await store.unfinished(workflow) : undefined
    return earlier && !this.live.has(earlier.id) ? earlier.id : newId()
  }

  private enqueue(job: Job, leave: () => void, record?: DataRecord): void {
    let resolved = (): void => undefined
    const over = new Promise<void>((resolve) => (resolved = resolve))
    const finish = (): void => {
      leave()
      resolved()
    }
    const live: Live = { job, record, stop: new AbortController(), over, finish }
    this.live.set(job.run, live)
    this.queue.push(live)
    this.next()
  }

  private next(): void {
    if (this.closing) return
    const running = [...this.live.values()].filter(({ job }) => job.state === 'running')
    const busy = new Set(running.filter(({ job }) => occupies(job.kind)).map(({ job }) => job.workflow))
    const at = this.queue.findIndex(({ job }) => !occupies(job.kind) || !busy.has(job.workflow))
    const live = running.length < this.parts.atOnce ? this.queue[at] : undefined
    if (!live) return
    this.queue.splice(at, 1)
    void this.work(live)
    this.next()
  }

  private async work(live: Live): Promise<void> {
    const { workspace, definition, folder } = this.parts
    live.job = { ...live.job, state: 'running' }
    this.save(live.job)
    const onProgress = (progress: Progress): void => {
      live.job = { ...live.job, progress }
    }
    try {
      const { record, stop } = live
      const context = { workspace, definition, folder, record, signal: stop.signal, onProgress }
      const done = await workOf(live.job, context)
      const { state } = done
      this.end(live, { ...live.job, ...done, state: state === 'interrupted' ? this.stopped(live) : state })
    } catch (error) {
      // before it had begun, such as while it waited for a system that is out of reach
      if (live.stop.signal.aborted) this.end(live, { ...live.job, state: this.stopped(live) })
      else this.end(live, { ...live.job, state: 'failed', fault: noteFault(asFault(error)) })
    }
  }

  /** By whoever asked for that, or with the gateway: then it goes on later. */
  private stopped({ stop }: Live): 'cancelled' | 'interrupted' {
    return stop.signal.aborted && !this.closing ? 'cancelled' : 'interrupted'
  }

  /** Its run may be over all the same; else who sent the record starts it again. */
  private async lost(job: Job): Promise<Job> {
    const { store, now } = this.parts
    const { status, receipt, ended = now() } = (await store.run(job.run)) ?? {}
    return receipt && (status === 'succeeded' || status === 'exceptions')
      ? { ...job, state: status, receipt, ended }
      : { ...job, state: 'failed', fault: noteFault(recordLost()), ended: now() }
  }

  private end(live: Live, job: Job): void {
    // a run that the end of the gateway interrupted is still to be done
    const goesOn = this.closing && job.state === 'interrupted'
    live.job = goesOn ? { ...job, state: 'running' } : { ...job, ended: this.parts.now() }
    this.save(live.job)
    this.live.delete(job.run)
    live.finish()
    this.next()
  }

  private latest(run: string): Job | undefined {
    return this.live.get(run)?.job ?? [...this.unsaved.values()].findLast((job) => job.run === run)
  }

  /** What the disk does not take is tried again with the next; a run whose end it never takes goes on at the next start. */
  private save(job: Job): void {
    const { jobs, say } = this.parts
    this.unsaved.set(job.number, job)
    try {
      for (const one of this.unsaved.values()) {
        jobs.save(one)
        this.unsaved.delete(one.number)
      }
    } catch (error) {
      say(`What became of run ${job.run} could not be written: ${asFault(error).detail}`)
    }
  }

  private async known(run: string): Promise<Job> {
    const job = await this.job(run)
    if (!job) throw new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
    return job
  }
}

function alreadyGoing(workflow: string, run: string): Fault {
  return new Fault('RUN_ALREADY_GOING', `${workflow} is being run already: run ${run}.`, { workflow, run })
}

function readsOnly(kind: Job['kind']): boolean {
  return kind === 'plan' || kind === 'reconcile'
}

/** A plan goes as far as the target does before it writes; a file lets nobody else in there. */
function occupies(kind: Job['kind']): boolean {
  return kind !== 'reconcile'
}
