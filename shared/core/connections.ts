import type { CheckedStream, Connection, Connector, SyncMode, Traffic } from './connector'
import { countingFiles } from './counting-files'
import type { Definition } from './definition/definition'
import { nearest } from './definition/nearest'
import type { FileOf } from './exceptions/picker'
import type { Opened, OpenOptions } from './exceptions/retries'
import { Fault } from './fault'
import { compileMapping } from './mapping/compile'
import { readsJsonTexts } from './mapping/json-text'
import { sourceFieldsOf } from './mapping/source-fields'
import { maskedSource, maskedTarget } from './masked-sides'
import type { Ports } from './ports'
import { CountingLedger } from './record/ledger'
import type { DataRecord } from './record/value'
import { UPLOAD, uploadedWorkflow, type Upload, type UploadOf } from './upload'
import type { Workflow } from './workflow'

export interface ConnectionsParts {
  definition: Definition
  registry: Readonly<Record<string, Connector>>
  ports: Ports
  /** Where files that were sent are kept for a while: what failed of them can be sent again. */
  uploadOf?: UploadOf
}

/** The connections of a definition, and the source and target of a workflow on them. Who opens one closes it. */
export class Connections {
  constructor(private readonly parts: ConnectionsParts) {}

  /** @throws Fault WORKFLOW_UNKNOWN */
  workflow(name: string): Workflow {
    const { workflows } = this.parts.definition
    const workflow = workflows.get(name)
    if (workflow) return workflow
    const names = [...workflows.keys()]
    const hint = nearest(name, names)
    const advice = hint === undefined ? `Known: ${names.join(', ')}.` : `Did you mean ${hint}?`
    throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${name}. ${advice}`, { workflow: name })
  }

  /** What workflows read and write on a connection. */
  usesOf(connection: string): CheckedStream[] {
    const uses: CheckedStream[] = []
    for (const { source, target } of this.parts.definition.workflows.values()) {
      if (source.connection === connection)
        uses.push({ name: source.stream, use: 'source', settings: source.settings })
      if (target.connection === connection)
        uses.push({ name: target.stream, use: 'target', settings: target.settings })
    }
    return uses
  }

  /** Source and target of a workflow, ready for a run. */
  async open(name: string, { mode, upload, looks = false }: OpenOptions = {}): Promise<Opened> {
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
        looks,
      })
      const fileOf = this.fileOf(name, traffic, mode)
      return {
        ...side,
        mapper: readsJsonTexts(side, target.json, workflow),
        workflow,
        target: maskedTarget(target, workflow.personal),
        traffic,
        targetLedger,
        fileOf,
        close,
      }
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

  async openSource(
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
    return { source: maskedSource(source, workflow.personal), sourceLedger, mapper, validate }
  }

  /** The workflow as it is for what was sent, where something was. */
  asUploaded(workflow: Workflow, upload: Upload | undefined): Workflow {
    return upload ? uploadedWorkflow(workflow, upload) : workflow
  }

  connectSource({ source }: Workflow, traffic: Traffic, upload?: Upload): Promise<Connection> {
    if (!upload) return this.connect(source.connection, traffic)
    const ports = { ...this.parts.ports, files: countingFiles(this.parts.ports.files, traffic) }
    return upload.connect({ name: UPLOAD, settings: upload.settings, ports, traffic })
  }

  async connectBoth(
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

  async connect(name: string, traffic: Traffic): Promise<Connection> {
    const { ports } = this.parts
    const { connector, settings } = this.declared(name)
    const counted = { ...ports, files: countingFiles(ports.files, traffic) }
    return connector.open({ name, settings, ports: counted, traffic })
  }

  /** @throws Fault CONNECTION_UNKNOWN */
  declared(name: string): { connector: Connector; settings: DataRecord } {
    const { definition, registry } = this.parts
    const declared = definition.connections.get(name)
    const connector = declared && registry[declared.connector]
    if (!declared || !connector)
      throw new Fault('CONNECTION_UNKNOWN', `There is no connection ${name}.`, { connection: name })
    return { connector, settings: declared.settings }
  }
}

export function noTraffic(): Traffic {
  return { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
}
