import type { Progress } from './bulk-sync/request'
import { listRecords, type ListedPage } from './bulk-sync/listing'
import { runSync } from './bulk-sync/sync'
import { planSync, type Plan } from './bulk-sync/plan'
import type { Owner } from './bulk-sync/lock'
import type { Receipt } from './bulk-sync/receipt'
import { undoRun } from './bulk-sync/undo'
import type { CheckedStream, CheckStep, Connection, Connector, SyncMode, Traffic } from './connector'
import type { Definition } from './definition/definition'
import { countingFiles } from './counting-files'
import { Feed } from './exceptions/feed'
import { Inbox } from './exceptions/inbox'
import { Remedies } from './exceptions/remedies'
import type { Opened } from './exceptions/retries'
import { Fault } from './fault'
import { nearest } from './definition/nearest'
import { compileMapping } from './mapping/compile'
import { sourceFieldsOf } from './mapping/source-fields'
import type { Ports } from './ports'
import { openSource, openTarget } from './reconciliation/open-sides'
import type { Reconciliation } from './reconciliation/reconciliation'
import type { ReconcileProgress } from './reconciliation/request'
import { runReconciliation } from './reconciliation/run'
import { Reports } from './reconciliation/reports'
import { CountingLedger } from './record/ledger'
import type { DataRecord } from './record/value'
import type { KeptFailure } from './exceptions/exception'
import type { RunRow, Store } from './store'
import type { FileOf } from './exceptions/picker'
import { UPLOAD, uploadedWorkflow, type Upload, type UploadOf } from './upload'
import type { Workflow } from './workflow'

export interface WorkspaceParts {
  definition: Definition
  registry: Readonly<Record<string, Connector>>
  ports: Ports
  store: Store
  owner: Owner
  /** Where files that were sent are kept for a while: what failed of them can be sent again. */
  uploadOf?: UploadOf
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

/** A definition at work: what every face does with a workflow, over the ports that the face brought. */
export class Workspace {
  readonly inbox: Inbox
  readonly feed: Feed
  readonly remedies: Remedies
  readonly reports: Reports

  constructor(private readonly parts: WorkspaceParts) {
    this.inbox = new Inbox(parts.store.inbox, parts.ports.clock, (name) =>
      parts.definition.workflows.get(name),
    )
    this.feed = new Feed(parts.store.inbox, parts.ports.clock)
    this.remedies = new Remedies({
      ...this.shared(),
      inbox: this.inbox,
      uploadOf: parts.uploadOf,
      workflows: () => [...parts.definition.workflows.keys()],
      workflow: (name) => this.workflow(name),
      open: (name, mode) => this.open(name, mode),
    })
    this.reports = new Reports(parts.store.reconciliations, parts.ports.signer, parts.ports.clock)
  }

  /** @throws Fault WORKFLOW_UNKNOWN, RUN_ALREADY_GOING; a run that cannot go on has a receipt with its fault */
  async sync(name: string, options: SyncOptions): Promise<Receipt> {
    await this.remedies.finishInterrupted(name, options)
    const { upload, ...rest } = options
    const opened = await this.open(name, undefined, upload)
    try {
      const { records } = upload ?? {}
      const sent = { upload: upload !== undefined, ...(records === undefined ? {} : { records }) }
      return await runSync({ ...opened, ...this.shared(), ...rest, ...sent })
    } finally {
      await opened.close()
    }
  }

  /** Every record of the source, or of what was sent, as a sync would send it; nothing is written. */
  async *records(
    name: string,
    { signal, upload }: { signal: AbortSignal; upload?: Upload },
  ): AsyncGenerator<ListedPage> {
    const { ports } = this.parts
    const workflow = this.asUploaded(this.workflow(name), upload)
    const connection = await this.connectSource(workflow, noTraffic(), upload)
    try {
      const side = await this.openSource(workflow, connection)
      yield* listRecords({ ...side, workflow, ports, signal })
    } finally {
      await connection.close()
    }
  }

  async plan(name: string, options: { signal: AbortSignal; limit?: number; full?: boolean }): Promise<Plan> {
    const opened = await this.open(name)
    try {
      return await planSync({ ...opened, ...this.shared(), ...options })
    } finally {
      await opened.close()
    }
  }

  async undo(run: string, options: { signal: AbortSignal; id?: string }): Promise<Receipt> {
    const row = await this.parts.store.run(run)
    if (!row) throw new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
    const opened = await this.open(row.workflow)
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
    const workflow = this.workflow(name)
    const traffic = noTraffic()
    const { from, to, close } = await this.connectBoth(workflow, traffic)
    try {
      const source = await openSource(workflow, from)
      const target = await openTarget(
        workflow,
        to,
        this.declared(workflow.target.connection).connector.spec,
        ports.validator,
      )
      return await runReconciliation({ workflow, source, target, ports, store, ...options })
    } finally {
      await close()
    }
  }

  runs(filter: { workflow?: string; limit?: number } = {}): Promise<RunRow[]> {
    return this.parts.store.runs({ limit: 50, ...filter })
  }

  async run(id: string): Promise<RunRow> {
    const row = await this.parts.store.run(id)
    if (!row) throw new Fault('RUN_UNKNOWN', `There is no run ${id} here.`, { run: id })
    return row
  }

  /** What failed in a run, in the order it was kept; `after` is the id of the last one seen. */
  failures(filter: { run: string; limit: number; after?: number }): Promise<KeptFailure[]> {
    return this.parts.store.inbox.failures(filter)
  }

  /** Step by step through a connection, with the streams that the workflows use on it. */
  async *check(connectionName: string): AsyncGenerator<CheckStep> {
    const traffic = noTraffic()
    const connection = await this.connect(connectionName, traffic)
    try {
      const uses = this.usesOf(connectionName)
      if (uses.length === 0) yield* connection.check()
      for (const use of uses) yield* connection.check(use)
    } finally {
      await connection.close()
    }
  }

  private usesOf(connection: string): CheckedStream[] {
    const uses: CheckedStream[] = []
    for (const { source, target } of this.parts.definition.workflows.values()) {
      if (source.connection === connection)
        uses.push({ name: source.stream, use: 'source', settings: source.settings })
      if (target.connection === connection)
        uses.push({ name: target.stream, use: 'target', settings: target.settings })
    }
    return uses
  }

  private shared(): Pick<WorkspaceParts, 'ports' | 'store' | 'owner'> {
    const { ports, store, owner } = this.parts
    return { ports, store, owner }
  }

  private workflow(name: string): Workflow {
    const { workflows } = this.parts.definition
    const workflow = workflows.get(name)
    if (workflow) return workflow
    const names = [...workflows.keys()]
    const hint = nearest(name, names)
    const advice = hint === undefined ? `Known: ${names.join(', ')}.` : `Did you mean ${hint}?`
    throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${name}. ${advice}`, { workflow: name })
  }

  private async open(name: string, mode?: SyncMode, upload?: Upload): Promise<Opened> {
    const workflow = this.asUploaded(this.workflow(name), upload)
    const traffic = noTraffic()
    const targetLedger = new CountingLedger()
    const { from, to, close } = await this.connectBoth(workflow, traffic, upload)
    try {
      const side = await this.openSource(workflow, from)
      const target = await to.target({
        stream: workflow.target.stream,
        settings: workflow.target.settings,
        key: workflow.key,
        mode: mode ?? workflow.sync.mode,
        ...(workflow.schema === undefined ? {} : { schema: workflow.schema }),
        ...(workflow.sync.softDelete ? { softDelete: workflow.sync.softDelete } : {}),
        workflow: workflow.name,
        ledger: targetLedger,
      })
      const fileOf = this.fileOf(name, traffic, mode)
      return { ...side, workflow, target, traffic, targetLedger, fileOf, close }
    } catch (error) {
      await close()
      throw error
    }
  }

  /** @param mode that the records of a file must have been sent in; absent where it does not matter */
  private fileOf(name: string, traffic: Traffic, mode: SyncMode | undefined): FileOf | undefined {
    const { uploadOf } = this.parts
    if (!uploadOf) return undefined
    return async (run) => {
      const upload = await uploadOf(run)
      if (!upload) return undefined
      const workflow = this.asUploaded(this.workflow(name), upload)
      if (mode !== undefined && workflow.sync.mode !== mode) return undefined
      const connection = await this.connectSource(workflow, traffic, upload)
      try {
        const { source, mapper } = await this.openSource(workflow, connection)
        return { source, mapper, close: () => connection.close() }
      } catch (error) {
        await connection.close()
        throw error
      }
    }
  }

  private async openSource(
    workflow: Workflow,
    from: Connection,
  ): Promise<Pick<Opened, 'source' | 'sourceLedger' | 'mapper' | 'validate'>> {
    const { schema, map, key } = workflow
    const sourceLedger = new CountingLedger()
    const source = await from.source({
      stream: workflow.source.stream,
      settings: workflow.source.settings,
      key: sourceFieldsOf(map, key) ?? key,
      ledger: sourceLedger,
    })
    const mapper = compileMapping(map, { ...(schema === undefined ? {} : { schema }), typed: source.typed })
    const validate = schema === undefined ? undefined : this.parts.ports.validator.compile(schema)
    return { source, sourceLedger, mapper, validate }
  }

  private asUploaded(workflow: Workflow, upload: Upload | undefined): Workflow {
    return upload ? uploadedWorkflow(workflow, upload) : workflow
  }

  private connectSource({ source }: Workflow, traffic: Traffic, upload?: Upload): Promise<Connection> {
    if (!upload) return this.connect(source.connection, traffic)
    const ports = { ...this.parts.ports, files: countingFiles(this.parts.ports.files, traffic) }
    return upload.connect({ name: UPLOAD, settings: upload.settings, ports, traffic })
  }

  private async connectBoth(
    workflow: Workflow,
    traffic: Traffic,
    upload?: Upload,
  ): Promise<{ from: Connection; to: Connection; close: () => Promise<void> }> {
    const { source, target } = workflow
    const from = await this.connectSource(workflow, traffic, upload)
    const same = !upload && target.connection === source.connection
    const to = same ? from : await this.connect(target.connection, traffic)
    const close = async (): Promise<void> => {
      await from.close()
      if (to !== from) await to.close()
    }
    return { from, to, close }
  }

  private async connect(name: string, traffic: Traffic): Promise<Connection> {
    const { ports } = this.parts
    const { connector, settings } = this.declared(name)
    const counted = { ...ports, files: countingFiles(ports.files, traffic) }
    return connector.open({ name, settings, ports: counted, traffic })
  }

  private declared(name: string): { connector: Connector; settings: DataRecord } {
    const { definition, registry } = this.parts
    const declared = definition.connections.get(name)
    const connector = declared && registry[declared.connector]
    if (!declared || !connector)
      throw new Fault('CONNECTION_UNKNOWN', `There is no connection ${name}.`, { connection: name })
    return { connector, settings: declared.settings }
  }
}

function noTraffic(): Traffic {
  return { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
}
