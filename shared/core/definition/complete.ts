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
import { mappingComplaints, personalComplaints, personalFields, schemaComplaints } from './schema'
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
  const problems: Complaint[] = []
  const warnings: Complaint[] = []
  const connections = new Map<string, ConnectionDefinition>()
  const workflows = new Map<string, Workflow>()

  /** Settings with the types that their schema wants; what is wrong with them is noted. */
  const settingsOf = (given: Given): DataRecord => {
    const { settings, schema, path, alsoKnown } = given
    const raw = { ...settings }
    for (const name of Object.keys(raw)) raw[name] = parts.raw([...path, name]) ?? null
    warnings.push(...literalSecrets(raw, schema, path))
    if (schema === undefined) return settings
    const typed = record(typeReferences(raw, settings, schema))
    const complaints = parts.check(schema, typed, alsoKnown)
    problems.push(...complaints.map((complaint) => ({ ...complaint, path: [...path, ...complaint.path] })))
    return typed
  }

  for (const [name, { connector, ...rest }] of Object.entries(parts.file.connections)) {
    const path = ['connections', name]
    const spec = specOf(parts.registry, connector)
    if (!spec) {
      const hint = didYouMean(connector, Object.keys(parts.registry))
      problems.push({ path: [...path, 'connector'], message: `names no connector${hint}` })
    }
    const settings = settingsOf({
      settings: given(rest),
      schema: spec?.settings,
      path,
      alsoKnown: ['connector'],
    })
    connections.set(name, { name, connector, settings })
  }

  for (const [name, workflow] of Object.entries(parts.file.workflows)) {
    const path = ['workflows', name]
    const specs = { source: use('source', workflow, path), target: use('target', workflow, path) }
    const schema = typeof workflow.schema === 'string' ? parts.schemas.get(workflow.schema) : workflow.schema
    const key = typeof workflow.key === 'string' ? [workflow.key] : workflow.key
    problems.push(...modeComplaints(workflow, specs, path))
    problems.push(...softDeleteComplaints(workflow, schema, path))
    problems.push(...schemaComplaints(schema, key, [...path, 'key']))
    problems.push(...personalComplaints(schema, [...path, 'schema']))
    problems.push(...mappingComplaints(workflow.map, schema, key, path))

    const comparison = reconcileSettings(
      workflow.reconcile ?? {},
      key,
      readSettings(workflow, specs.target, path),
    )
    const personal = personalFields(schema, workflow.map)
    const matched = workflow.reconcile?.match !== undefined
    problems.push(
      ...reconcileComplaints(comparison, { schema, map: workflow.map, personal, given: matched }, path),
    )

    const { connection, stream, cursor, ...sourceSettings } = workflow.source
    const { connection: to, stream: into, ...targetSettings } = workflow.target
    workflows.set(name, {
      name,
      title: workflow.title ?? name,
      ...(schema === undefined ? {} : { schema }),
      personal,
      key,
      source: {
        connection,
        stream,
        settings: settingsOf({
          settings: given(sourceSettings),
          schema: specs.source?.sourceSettings,
          path: [...path, 'source'],
          alsoKnown: ['connection', 'stream', 'cursor'],
        }),
        ...(cursor ? { cursor: { field: cursor.field, lagMs: milliseconds(cursor.lag ?? '0s') } } : {}),
      },
      target: {
        connection: to,
        stream: into,
        settings: settingsOf({
          settings: given(targetSettings),
          schema: specs.target?.targetSettings,
          path: [...path, 'target'],
          alsoKnown: ['connection', 'stream'],
        }),
      },
      ...(workflow.map ? { map: workflow.map } : {}),
      sync: syncSettings(workflow.sync ?? {}),
      reconcile: comparison,
      exceptions: exceptionSettings(workflow.exceptions ?? {}),
    })
  }
  return { definition: { connections, workflows }, problems, warnings }

  /** Where `reconcile.read` says how the target is read. */
  function readSettings(
    { reconcile }: WorkflowEntry,
    spec: ConnectorSpec | undefined,
    path: Path,
  ): DataRecord | undefined {
    if (!reconcile?.read) return undefined
    const settings = given(reconcile.read)
    delete settings['stream']
    return settingsOf({
      settings,
      schema: spec?.sourceSettings,
      path: [...path, 'reconcile', 'read'],
      alsoKnown: ['stream'],
    })
  }

  /** The connector behind one side of a workflow; undefined with a complaint where there is none. */
  function use(side: 'source' | 'target', workflow: WorkflowEntry, path: Path): ConnectorSpec | undefined {
    const { connection } = workflow[side]
    const declared = connections.get(connection)
    if (declared) return specOf(parts.registry, declared.connector)
    const names = Object.keys(record(parts.raw(['connections']) ?? null))
    // a connection that is there but not valid has its own complaint
    if (!names.includes(connection)) {
      const message = `names no connection${didYouMean(connection, names)}`
      problems.push({ path: [...path, side, 'connection'], message })
    }
    return undefined
  }
}

interface Given {
  settings: DataRecord
  schema: JsonSchema | undefined
  path: Path
  alsoKnown: readonly string[]
}

function specOf(registry: Registry, name: string): ConnectorSpec | undefined {
  return Object.hasOwn(registry, name) ? registry[name]?.spec : undefined
}

function given(settings: Readonly<Record<string, Value | undefined>>): DataRecord {
  const fields: DataRecord = {}
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) fields[name] = value
  return fields
}

function record(value: Value): DataRecord {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
