import type { StreamInfo } from '../../shared/core/connector'
import type { JsonSchema } from '../../shared/core/ports'
import { isList, type Value } from '../../shared/core/record/value'
import type { Session } from './session'
import { qualified } from './sql'
import { describeTable, TABLES, texts, type Table } from './table'
import type { Transaction } from './transaction'
import type { ColumnType } from './values'

/** Tables and views that the user may read or write. A table in the schema of the connection goes without its name. */
export async function listStreams(session: Session): Promise<StreamInfo[]> {
  const home = session.settings.schema ?? 'public'
  return session.transaction('READ ONLY', async (tx) => {
    const streams: StreamInfo[] = []
    for (const [schema = '', name = '', , records] of await tx.rows(TABLES)) {
      const table = await describeTable(tx, qualified({ schema: schema ?? '', table: name ?? '' }), undefined)
      streams.push({
        name: schema === home ? table.name : `${table.schema}.${table.name}`,
        schema: await schemaOf(tx, table),
        cursors: cursorsOf(table),
        // an estimate, which a table has after its first ANALYZE
        ...(typeof records === 'string' ? { records: Number(records) } : {}),
        ...(table.primaryKey.length > 0 ? { key: table.primaryKey } : {}),
      })
    }
    return { result: streams }
  })
}

const CHANGE_TIME = /updat|modif|chang|last|touch/i
const BIRTH = /creat|insert|seq|version/i

/** Columns that grow with every change: times of change first, then other times, then numbers made by a sequence. */
function cursorsOf(table: Table): string[] {
  const rank = ({ name, type }: { name: string; type: ColumnType }): number => {
    if (type.array) return 0
    if (type.name === 'timestamptz' || type.name === 'timestamp')
      return CHANGE_TIME.test(name) ? 4 : BIRTH.test(name) ? 2 : 1
    return (type.name === 'int8' || type.name === 'int4') && /updat|modif|seq|version/i.test(name) ? 3 : 0
  }
  return table.columns
    .map((one) => ({ name: one.name, rank: rank(one) }))
    .filter((one) => one.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((one) => one.name)
}

async function schemaOf(tx: Transaction, table: Table): Promise<JsonSchema> {
  const labels = await tx.rows(
    `SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
     FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = ANY($1::name[]) GROUP BY 1`,
    [`{${table.columns.map(({ type }) => JSON.stringify(type.name)).join(',')}}`],
  )
  const enums = new Map(labels.map(([name, values]) => [name ?? '', texts(values)]))
  const properties: Record<string, Value> = {}
  for (const { name, type } of table.columns) {
    properties[name] = nullable(columnSchema(type, enums.get(type.name)), !table.notNull.has(name))
  }
  return { type: 'object', properties, required: [...table.notNull] }
}

type Keywords = Record<string, Value>

function columnSchema(type: ColumnType, labels: readonly string[] | undefined): Keywords {
  const element = labels ? { type: 'string', enum: labels } : scalarSchema(type)
  return type.array ? { type: 'array', items: nullable(element, true) } : element
}

function scalarSchema({ name, modifier }: ColumnType): Keywords {
  switch (name) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
      return { type: 'integer' }
    case 'numeric':
    case 'float4':
    case 'float8':
      return { type: 'number' }
    case 'bool':
      return { type: 'boolean' }
    case 'json':
    case 'jsonb':
      return {}
    case 'timestamptz':
      return { type: 'string', format: 'date-time' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'bytea':
      return { type: 'string', contentEncoding: 'base64' }
    case 'varchar':
    case 'bpchar':
      // the modifier counts its own four bytes
      return modifier > 4 ? { type: 'string', maxLength: modifier - 4 } : { type: 'string' }
    default:
      return { type: 'string' }
  }
}

function nullable(schema: Keywords, may: boolean): Keywords {
  const { type, enum: labels } = schema
  if (!may || typeof type !== 'string') return schema
  return { ...schema, type: [type, 'null'], ...(isList(labels) ? { enum: [...labels, null] } : {}) }
}
