import { shownCursor } from './bulk-sync/cursor'
import type { Progress } from './bulk-sync/request'
import { listRecords, type ListedPage } from './bulk-sync/listing'
import { listNotOpened } from './bulk-sync/begin'
import { runSync } from './bulk-sync/sync'
import { planSync, type Plan } from './bulk-sync/plan'
import type { Owner } from './bulk-sync/lock'
import type { Receipt } from './bulk-sync/receipt'
import { undoRun } from './bulk-sync/undo'
import { Connections, noTraffic, type ConnectionsParts } from './connections'
import type { CheckStep } from './connector'
import { Feed } from './exceptions/feed'
import { Inbox } from './exceptions/inbox'
import { Remedies } from './exceptions/remedies'
import type { Opened } from './exceptions/retries'
import { Fault } from './fault'
import { readsJsonTexts } from './mapping/json-text'
import { openSource, openTarget } from './reconciliation/open-sides'
import type { Reconciliation } from './reconciliation/reconciliation'
import type { ReconcileProgress } from './reconciliation/request'
import { listNotCompared, runReconciliation } from './reconciliation/run'
import type { SideInput } from './reconciliation/side'
import { Reports } from './reconciliation/reports'
import { maskKey } from './record/key-mask'
import { waitedOut } from './resilience/waited-out'
import type { KeptFailure } from './exceptions/exception'
import type { RunRow, Store } from './store'
import type { Upload } from './upload'
import type { Workflow } from './workflow'

export interface WorkspaceParts extends ConnectionsParts {
  store: Store
  owner: Owner
}

export interface SyncOptions {
  /** Of a new run, for who has to know it before it begins. */
  id?: string
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
  approve?: string
  restart?: boolean
  full?: boolean
  /** Instead of the workflow's own source; then `id` names the run to begin or to go on with. */
  upload?: Upload
}

export interface ReconcileOptions {
  id?: string
  signal: AbortSignal
  onProgress?: (progress: ReconcileProgress) => void
  /** Whether open breaks become exceptions, whatever the definition says. */
  exceptions?: boolean
}

interface Sides {
  source: SideInput
  target: SideInput
  close(): Promise<void>
}

/** A definition at work: what every face does with a workflow, over the ports that the face brought. */
export class Workspace {
  readonly inbox: Inbox
  readonly feed: Feed
  readonly remedies: Remedies
  readonly reports: Reports
  private readonly connections: Connections

  constructor(private readonly parts: WorkspaceParts) {
    this.connections = new Connections(parts)
    this.inbox = new Inbox(parts.store.inbox, parts.ports.clock, (name) =>
      parts.definition.workflows.get(name),
    )
    this.feed = new Feed(parts.store.inbox, parts.ports.clock)
    this.remedies = new Remedies({
      ...this.shared(),
      inbox: this.inbox,
      uploadOf: parts.uploadOf,
      workflows: () => [...parts.definition.workflows.keys()],
      workflow: (name) => this.connections.workflow(name),
      open: (name, options) => this.connections.open(name, options),
    })
    this.reports = new Reports(parts.store.reconciliations, parts.ports.signer, parts.ports.clock)
  }

  /**
   * A run that cannot go on has a receipt with its fault; one that cannot begin is listed with it.
   * @throws Fault WORKFLOW_UNKNOWN, RUN_ALREADY_GOING, and what is in the way before source and target are open
   */
  async sync(name: string, options: SyncOptions): Promise<Receipt> {
    const { upload, ...rest } = options
    const workflow = this.connections.asUploaded(this.connections.workflow(name), upload)
    const { records } = upload ?? {}
    const sent = { upload: upload !== undefined, ...(records === undefined ? {} : { records }) }
    const wanted = { ...this.shared(), ...rest, ...sent }
    let opened: Opened
    try {
      opened = await this.openedFor(name, options)
    } catch (error) {
      // where the state cannot be written, this cannot either: the first fault is the one to tell
      await listNotOpened({ ...wanted, workflow }, error).catch(() => undefined)
      throw error
    }
    try {
      return await runSync({ ...opened, ...wanted })
    } finally {
      await opened.close()
    }
  }

  private async openedFor(name: string, options: SyncOptions): Promise<Opened> {
    await this.remedies.finishInterrupted(name, options)
    return waitedOut(() => this.connections.open(name, { upload: options.upload }), {
      ...this.parts.ports,
      retry: this.parts.definition.workflows.get(name)?.sync.retry,
      signal: options.signal,
    })
  }

  /** Every record of the source, or of what was sent, as a sync would send it; nothing is written. */
  async *records(
    name: string,
    { signal, upload }: { signal: AbortSignal; upload?: Upload },
  ): AsyncGenerator<ListedPage> {
    const { ports } = this.parts
    const workflow = this.connections.asUploaded(this.connections.workflow(name), upload)
    const connection = await this.connections.connectSource(workflow, noTraffic(), upload)
    try {
      const side = await this.connections.openSource(workflow, connection)
      yield* listRecords({ ...side, workflow, ports, signal })
    } finally {
      await connection.close()
    }
  }

  async plan(name: string, options: { signal: AbortSignal; limit?: number; full?: boolean }): Promise<Plan> {
    const opened = await this.connections.open(name, { looks: true })
    try {
      return await planSync({ ...opened, ...this.shared(), ...options })
    } finally {
      await opened.close()
    }
  }

  async undo(run: string, options: { signal: AbortSignal; id?: string }): Promise<Receipt> {
    const row = await this.parts.store.run(run)
    if (!row) throw new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
    const opened = await this.connections.open(row.workflow)
    try {
      return await undoRun({ ...opened, ...this.shared(), ...options }, run)
    } finally {
      await opened.close()
    }
  }

  /**
   * Compares both sides, whole, and keeps the result and its breaks.
   * @throws Fault WORKFLOW_UNKNOWN, TARGET_NOT_READABLE; a side that cannot be read is a result that says so
   */
  async reconcile(name: string, options: ReconcileOptions): Promise<Reconciliation> {
    const { ports, store } = this.parts
    const workflow = this.connections.workflow(name)
    const run = { workflow, ports, store, ...options }
    let sides: Sides
    try {
      sides = await this.openSides(workflow)
    } catch (error) {
      await listNotCompared(run, error)
      throw error
    }
    const { source, target } = sides
    try {
      return await runReconciliation({ ...run, source, target })
    } finally {
      await sides.close()
    }
  }

  private async openSides(workflow: Workflow): Promise<Sides> {
    const { from, to, close } = await this.connections.connectBoth(workflow, noTraffic())
    const { spec } = this.connections.declared(workflow.target.connection).connector
    try {
      const source = await openSource(workflow, from)
      const target = await openTarget(workflow, to, spec, this.parts.ports.validator)
      const { json } = target.source
      return { source: { ...source, mapper: readsJsonTexts(source, json, workflow) }, target, close }
    } catch (error) {
      await close()
      throw error
    }
  }

  async runs(filter: { workflow?: string; limit?: number } = {}): Promise<RunRow[]> {
    const rows = await this.parts.store.runs({ limit: 50, ...filter })
    return rows.map((row) => this.shownRun(row))
  }

  async run(id: string): Promise<RunRow> {
    const row = await this.parts.store.run(id)
    if (!row) throw new Fault('RUN_UNKNOWN', `There is no run ${id} here.`, { run: id })
    return this.shownRun(row)
  }

  private shownRun(row: RunRow): RunRow {
    const workflow = this.parts.definition.workflows.get(row.workflow)
    if (!workflow || !row.since) return row
    return { ...row, since: shownCursor(row.since, workflow.personal) }
  }

  /** What failed in a run, in the order it was kept, personal keys masked; `after` is the id of the last one seen. */
  async failures(filter: { run: string; limit: number; after?: number }): Promise<KeptFailure[]> {
    const failures = await this.parts.store.inbox.failures(filter)
    return failures.map((failure) => {
      const workflow = this.parts.definition.workflows.get(failure.workflow)
      if (!workflow || failure.key === undefined) return failure
      return { ...failure, key: maskKey(failure.key, workflow.key, workflow.personal) }
    })
  }

  /** Step by step through a connection, with the streams that the workflows use on it. */
  async *check(connectionName: string): AsyncGenerator<CheckStep> {
    const traffic = noTraffic()
    const connection = await this.connections.connect(connectionName, traffic)
    try {
      const uses = this.connections.usesOf(connectionName)
      if (uses.length === 0) yield* connection.check()
      for (const use of uses) yield* connection.check(use)
    } finally {
      await connection.close()
    }
  }

  private shared(): Pick<WorkspaceParts, 'ports' | 'store' | 'owner'> {
    const { ports, store, owner } = this.parts
    return { ports, store, owner }
  }
}
