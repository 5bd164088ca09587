import type { Connection, ConnectorSpec } from '../connector'
import { Fault } from '../fault'
import { compileMapping } from '../mapping/compile'
import { sourceFieldsOf } from '../mapping/source-fields'
import { propertiesOf } from '../mapping/schema'
import type { Validator } from '../ports'
import { sameValue } from '../record/canonical'
import { CountingLedger } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
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
    source: opened,
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
  assertReadable(workflow, settings, spec, validator)
  const source = await connection.source({ stream, settings, key, ledger: new CountingLedger() })
  const { softDelete } = workflow.sync
  return {
    source,
    mapper: compileMapping(undefined, { schema, typed: source.typed }),
    connection: target.connection,
    stream,
    settings,
    keyFields: key,
    ...(softDelete ? { leavesOut: (record) => isMarked(record, softDelete) } : {}),
  }
}

/** Settings of one name mean the same to a reader and a writer of one connector. */
function readableSettings(settings: DataRecord, { sourceSettings }: ConnectorSpec): DataRecord {
  const known = propertiesOf(sourceSettings) ?? {}
  return Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(known, name)))
}

function assertReadable(
  { name, target }: Workflow,
  settings: DataRecord,
  { name: connector, reads, sourceSettings }: ConnectorSpec,
  validator: Validator,
): void {
  const wrong = validator
    .compile(sourceSettings)(settings)
    ?.map(({ pointer, message }) => `${pointer} ${message}`.trim())
  if (reads && !wrong) return
  const why = reads ? (wrong ?? []).join('; ') : `${connector} can only be written to`
  throw new Fault(
    'TARGET_NOT_READABLE',
    `${name}: ${target.connection} ${target.stream} cannot be read as it is written: ${why}. Say under reconcile.read how to read it.`,
    { workflow: name, connection: target.connection, stream: target.stream },
  )
}

function isMarked(record: DataRecord, mark: DataRecord): boolean {
  return Object.entries(mark).every(([field, value]) => sameValue(record[field], value))
}
