import type { Connection, ConnectorSpec } from '../connector'
import { Fault } from '../fault'
import { compileMapping } from '../mapping/compile'
import { sourceFieldsOf } from '../mapping/source-fields'
import type { Mapper } from '../mapping/mapper'
import { propertiesOf, propertyOf } from '../mapping/schema'
import { maskedSource } from '../masked-sides'
import type { JsonSchema, Validator } from '../ports'
import { sameValue } from '../record/canonical'
import { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import { isList, type DataRecord } from '../record/value'
import type { Workflow } from '../workflow'
import type { SideInput } from './side'

/** The source as a sync would map it. */
export async function openSource(workflow: Workflow, connection: Connection): Promise<SideInput> {
  const { source, map, key, schema, sync } = workflow
  const keyFields = sourceFieldsOf(map, key)
  const opened = await connection.source({
    stream: source.stream,
    settings: source.settings,
    key: keyFields ?? key,
    ledger: new CountingLedger(),
  })
  const mapper = compileMapping(map, { schema, typed: opened.typed })
  const { restore } = sync
  return {
    source: maskedSource(opened, workflow.personal),
    mapper: restore ? { map: (record, ledger) => restored(mapper.map(record, ledger), restore) } : mapper,
    connection: source.connection,
    stream: source.stream,
    settings: source.settings,
    ...(keyFields ? { keyFields } : {}),
  }
}

/** Every record that the source has is sent with these, where it has no value of its own. */
function restored(mapped: DataRecord | Rejection, restore: DataRecord): DataRecord | Rejection {
  return mapped instanceof Rejection ? mapped : { ...restore, ...mapped }
}

/**
 * The target as it holds its records, read through its connection as a source.
 * @throws Fault TARGET_NOT_READABLE
 */
export async function openTarget(
  workflow: Workflow,
  connection: Connection,
  spec: ConnectorSpec,
  validator: Validator,
): Promise<SideInput> {
  const { target, key, schema, reconcile } = workflow
  const stream = reconcile.read?.stream ?? target.stream
  const settings = reconcile.read?.settings ?? readableSettings(target.settings, spec)
  const obstacle = whyNotReadable(settings, spec, validator)
  if (!settings || obstacle !== undefined) throw notReadable(workflow, obstacle)
  const source = await connection.source({ stream, settings, key, ledger: new CountingLedger() })
  const { softDelete } = workflow.sync
  return {
    source: maskedSource(source, workflow.personal),
    mapper: withBooleans(compileMapping(undefined, { schema, typed: source.typed }), schema),
    connection: target.connection,
    stream,
    settings,
    keyFields: key,
    ...(softDelete ? { leavesOut: (record) => isMarked(record, softDelete) } : {}),
  }
}

/** A database without booleans holds 1 and 0 for what the schema says is true or false. */
function withBooleans(mapper: Mapper, schema: JsonSchema | undefined): Mapper {
  const booleans = Object.keys(propertiesOf(schema) ?? {}).filter((field) => isBoolean(schema, field))
  if (booleans.length === 0) return mapper
  return {
    map: (record, ledger) => {
      const mapped = mapper.map(record, ledger)
      if (mapped instanceof Rejection) return mapped
      const flags = booleans.filter((field) => mapped[field] === 1 || mapped[field] === 0)
      if (flags.length === 0) return mapped
      return { ...mapped, ...Object.fromEntries(flags.map((field) => [field, mapped[field] === 1])) }
    },
  }
}

function isBoolean(schema: JsonSchema | undefined, field: string): boolean {
  const property = propertyOf(schema, field)
  const type = typeof property === 'object' ? property['type'] : undefined
  const types = isList(type) ? type : [type]
  return types.includes('boolean') && types.every((one) => one === 'boolean' || one === 'null')
}

/** Settings of one name mean the same to a reader and a writer, unless the connector knows better. */
function readableSettings(
  settings: DataRecord,
  { sourceSettings, readBack }: ConnectorSpec,
): DataRecord | undefined {
  if (readBack) return readBack(settings)
  const known = propertiesOf(sourceSettings) ?? {}
  return Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(known, name)))
}

function whyNotReadable(
  settings: DataRecord | undefined,
  { name, reads, sourceSettings }: ConnectorSpec,
  validator: Validator,
): string | undefined {
  if (!reads) return `${name} can only be written to`
  if (!settings) return 'its settings tell only how to write'
  const wrong = validator.compile(sourceSettings)(settings)
  return wrong?.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; ')
}

function notReadable({ name, target }: Workflow, why = ''): Fault {
  return new Fault(
    'TARGET_NOT_READABLE',
    `${name}: ${target.connection} ${target.stream} cannot be read as it is written: ${why}. Say under reconcile.read how to read it.`,
    { workflow: name, connection: target.connection, stream: target.stream },
  )
}

function isMarked(record: DataRecord, mark: DataRecord): boolean {
  return Object.entries(mark).every(([field, value]) => sameValue(record[field], value))
}
