import type { DefinitionFile, WorkflowEntry } from '../../generated/definition'
import type { Connector, ConnectorSpec } from '../connector'
import type { JsonSchema } from '../ports'
import type { DataRecord, Value } from '../record/value'
import type { Workflow } from '../workflow'
import type { ConnectionDefinition, Definition } from './definition'
import type { Complaint } from './finding'
import { didYouMean } from './nearest'
import type { Path } from './path'
import { exceptionSettings, reconcileSettings } from './reconcile'
import { reconcileComplaints } from './reconcile-complaints'
import { typeReferences } from './references'
import { personalComplaints, personalFields } from './personal'
import { mappingComplaints, schemaComplaints } from './schema'
import { literalSecrets } from './secrets'
import { softDeleteComplaints } from './soft-delete'
import { modeComplaints, syncSettings } from './sync'
import { milliseconds } from './units'

export type Registry = Readonly<Record<string, Connector>>

/** What completing a definition needs besides its text. */
export interface Completion {
  /** Valid by `definition.schema.json`, references filled in. Parts that were not valid have been left out. */
  file: DefinitionFile
  /** Member of the file as it was written, before references were filled in and parts left out. */
  raw(path: Path): Value | undefined
  /** Schemas that workflows name, by the name they use; one that could not be read is absent. */
  schemas: ReadonlyMap<string, JsonSchema>
  registry: Registry
  /** What a settings schema says against settings; names in `alsoKnown` may be meant by a misspelt one. */
  check(schema: JsonSchema, settings: DataRecord, alsoKnown: readonly string[]): Complaint[]
}

export interface Completed {
  definition: Definition
  problems: Complaint[]
  warnings: Complaint[]
}

/** Fills in every default and says what the schema of the definition cannot say. */
export function complete(parts: Completion): Completed {
  const completed = new Completing(parts)
  for (const [name, entry] of Object.entries(parts.file.connections)) completed.addConnection(name, entry)
  for (const [name, entry] of Object.entries(parts.file.workflows)) completed.addWorkflow(name, entry)
  const { connections, workflows, problems, warnings } = completed
  return { definition: { connections, workflows }, problems, warnings }
}

/** One definition on its way: what was completed, and what was found wrong meanwhile. */
class Completing {
  readonly problems: Complaint[] = []
  readonly warnings: Complaint[] = []
  readonly connections = new Map<string, ConnectionDefinition>()
  readonly workflows = new Map<string, Workflow>()

  constructor(private readonly parts: Completion) {}

  addConnection(name: string, { connector, ...rest }: DefinitionFile['connections'][string]): void {
    const path = ['connections', name]
    const { registry } = this.parts
    const spec = specOf(registry, connector)
    if (!spec) {
      const hint = didYouMean(connector, Object.keys(registry))
      this.problems.push({ path: [...path, 'connector'], message: `names no connector${hint}` })
    }
    const settings = this.settingsOf(rest, { schema: spec?.settings, path, alsoKnown: ['connector'] })
    this.connections.set(name, { name, connector, settings })
  }

  addWorkflow(name: string, workflow: WorkflowEntry): void {
    const path = ['workflows', name]
    const specs = { source: this.use('source', workflow, path), target: this.use('target', workflow, path) }
    const schema =
      typeof workflow.schema === 'string' ? this.parts.schemas.get(workflow.schema) : workflow.schema
    const key = typeof workflow.key === 'string' ? [workflow.key] : workflow.key
    this.problems.push(
      ...modeComplaints(workflow, specs, path),
      ...softDeleteComplaints(workflow, schema, path),
      ...schemaComplaints(schema, key, [...path, 'key']),
      ...personalComplaints(schema, [...path, 'schema']),
      ...mappingComplaints(workflow.map, schema, key, path),
    )

    const read = this.readSettings(workflow, specs.target, path)
    const reconcile = reconcileSettings(workflow.reconcile ?? {}, key, read)
    const personal = personalFields(schema, workflow.map)
    const matched = workflow.reconcile?.match !== undefined
    this.problems.push(
      ...reconcileComplaints(reconcile, { schema, map: workflow.map, personal, given: matched }, path),
    )

    const { cursor, ...source } = workflow.source
    this.workflows.set(name, {
      name,
      title: workflow.title ?? name,
      ...(schema === undefined ? {} : { schema }),
      personal,
      key,
      source: {
        ...this.streamUse(source, specs.source?.sourceSettings, [...path, 'source'], ['cursor']),
        ...(cursor ? { cursor: { field: cursor.field, lagMs: milliseconds(cursor.lag ?? '0s') } } : {}),
      },
      target: this.streamUse(workflow.target, specs.target?.targetSettings, [...path, 'target']),
      ...(workflow.map ? { map: workflow.map } : {}),
      sync: syncSettings(workflow.sync ?? {}),
      reconcile,
      exceptions: exceptionSettings(workflow.exceptions ?? {}),
    })
  }

  private streamUse(
    { connection, stream, ...settings }: WorkflowEntry['target'],
    schema: JsonSchema | undefined,
    path: Path,
    alsoKnown: readonly string[] = [],
  ): Workflow['target'] {
    const known = ['connection', 'stream', ...alsoKnown]
    return { connection, stream, settings: this.settingsOf(settings, { schema, path, alsoKnown: known }) }
  }

  /** Where `reconcile.read` says how the target is read. */
  private readSettings(
    { reconcile }: WorkflowEntry,
    spec: ConnectorSpec | undefined,
    path: Path,
  ): DataRecord | undefined {
    if (!reconcile?.read) return undefined
    const settings = present(reconcile.read)
    delete settings['stream']
    return this.settingsOf(settings, {
      schema: spec?.sourceSettings,
      path: [...path, 'reconcile', 'read'],
      alsoKnown: ['stream'],
    })
  }

  /** Settings with the types that their schema wants; what is wrong with them is noted. */
  private settingsOf(settings: Settings, { schema, path, alsoKnown }: SettingsPlace): DataRecord {
    const given = present(settings)
    const raw = { ...given }
    for (const name of Object.keys(raw)) raw[name] = this.parts.raw([...path, name]) ?? null
    this.warnings.push(...literalSecrets(raw, schema, path))
    if (schema === undefined) return given
    const typed = record(typeReferences(raw, given, schema))
    for (const complaint of this.parts.check(schema, typed, alsoKnown))
      this.problems.push({ ...complaint, path: [...path, ...complaint.path] })
    return typed
  }

  /** The connector behind one side of a workflow; undefined with a complaint where there is none. */
  private use(side: 'source' | 'target', workflow: WorkflowEntry, path: Path): ConnectorSpec | undefined {
    const { connection } = workflow[side]
    const declared = this.connections.get(connection)
    if (declared) return specOf(this.parts.registry, declared.connector)
    const names = Object.keys(record(this.parts.raw(['connections']) ?? null))
    // a connection that is there but not valid has its own complaint
    if (!names.includes(connection)) {
      const message = `names no connection${didYouMean(connection, names)}`
      this.problems.push({ path: [...path, side, 'connection'], message })
    }
    return undefined
  }
}

/** What stands beside the names that every connection or stream has. */
type Settings = Readonly<Record<string, Value | undefined>>

interface SettingsPlace {
  schema: JsonSchema | undefined
  path: Path
  alsoKnown: readonly string[]
}

function specOf(registry: Registry, name: string): ConnectorSpec | undefined {
  return Object.hasOwn(registry, name) ? registry[name]?.spec : undefined
}

function present(settings: Settings): DataRecord {
  const fields: DataRecord = {}
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) fields[name] = value
  return fields
}

function record(value: Value): DataRecord {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
