import type {
  FieldType,
  ILoadOptionsFunctions,
  ResourceMapperField,
  ResourceMapperFields,
} from 'n8n-workflow'
import { MalformedRow } from '../../../shared/core/connector'
import { Decimal } from '../../../shared/core/record/decimal'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { isList, type DataRecord, type Value } from '../../../shared/core/record/value'
import { names, section, text } from '../../../shared/core/settings'
import { nodeError } from '../../host/errors'
import { readsField } from '../../host/expression'
import { gatewayOf } from '../../host/gateway'
import { noHttp } from '../../host/http'
import { list, parameter, record, textParameter } from '../../host/parameters'
import { portsOf } from '../../host/ports'
import { signalOf } from '../../host/signal'
import type { Side } from '../api/declared'
import { openApi } from '../api/open'
import { sourceApi } from '../api/read'
import { workflowParameter } from '../gateway/run'

const SAMPLE = 50

type Fields = ReadonlyMap<string, FieldType | undefined>

/**
 * The fields that the resource mapper offers: those of the gateway's workflow, or those named under Target Fields with
 * those found in the first records of the target or, where it is not read, of the source. Items of inputs cannot be
 * asked: n8n shows a node's methods nothing of them.
 *
 * @throws NodeOperationError where the service does not answer
 */
export async function mappingFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
  try {
    const operation = textParameter(this, 'operation')
    return { fields: operation === 'upload' ? await ofWorkflow(this) : await ofTarget(this, operation) }
  } catch (error) {
    throw nodeError(this.getNode(), error)
  }
}

async function ofTarget(node: ILoadOptionsFunctions, operation: string): Promise<ResourceMapperField[]> {
  const declared = list(parameter(node, 'targetFields', ''))
  const source = textParameter(node, 'source') === 'api' ? await sample(node, 'source') : NONE
  const listed = operation === 'sync' && textParameter(node, 'known') === 'target'
  const target = listed ? await sample(node, 'target') : NONE
  const found = listed || declared.length > 0 ? target : source
  const fields = new Map([...declared.map((name) => [name, source.get(name)] as const), ...found])
  const key = declared[0] ?? 'id'
  return Array.from(fields, ([name, type]) => ({
    ...field(name, type),
    defaultMatch: name === key,
    ...(source.has(name) ? { defaultValue: readsField(name) } : {}),
  }))
}

async function ofWorkflow(node: ILoadOptionsFunctions): Promise<ResourceMapperField[]> {
  const gateway = await gatewayOf(node)
  const { key, schema = {} } = await gateway.call('getWorkflow', { workflow: workflowParameter(node) })
  const properties = section(schema, 'properties') ?? {}
  const required = names(schema, 'required') ?? []
  return [...new Set([...key, ...Object.keys(properties)])].map((name) => ({
    ...field(name, schemaType(record(properties[name]))),
    required: required.includes(name) || key.includes(name),
    canBeUsedToMatch: false,
  }))
}

const NONE: Fields = new Map()

/** Fields of the first records, each with the type of its first value. */
async function sample(node: ILoadOptionsFunctions, side: Side): Promise<Fields> {
  const api = sourceApi(node, side, 1)
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await openApi(api, node, portsOf(node, noHttp), traffic)
  const fields = new Map<string, FieldType | undefined>()
  try {
    const ledger = new CountingLedger()
    const source = await connection.source({ stream: side, settings: api.stream, key: [], ledger })
    for await (const { rows } of source.read({ pageSize: SAMPLE, signal: signalOf(node) })) {
      for (const row of rows.slice(0, SAMPLE)) if (!(row instanceof MalformedRow)) note(row, fields)
      break
    }
  } finally {
    await connection.close()
  }
  return fields
}

function note(row: DataRecord, fields: Map<string, FieldType | undefined>): void {
  for (const [name, value] of Object.entries(row)) {
    const id = name.replace(/[\\.[\]]/g, '\\$&')
    fields.set(id, fields.get(id) ?? typeOf(value))
  }
}

function field(name: string, type: FieldType | undefined): ResourceMapperField {
  return {
    id: name,
    displayName: name.replace(/\\(.)/g, '$1'),
    required: false,
    defaultMatch: false,
    canBeUsedToMatch: true,
    display: true,
    ...(type ? { type } : {}),
  }
}

/**
 * Date-times stay texts: our records hold them as texts with their zone. Booleans get no type, because n8n would send
 * false for one that nobody touched.
 */
function typeOf(value: Value): FieldType | undefined {
  if (value === null) return undefined
  if (value instanceof Decimal || typeof value === 'number') return 'number'
  if (isList(value)) return 'array'
  return typeof value === 'object' ? 'object' : typeof value === 'boolean' ? undefined : 'string'
}

const TYPES: Readonly<Record<string, FieldType>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  array: 'array',
  object: 'object',
}

function schemaType(schema: DataRecord): FieldType | undefined {
  return TYPES[text(schema, 'type') ?? names(schema, 'type')?.find((name) => name !== 'null') ?? '']
}
