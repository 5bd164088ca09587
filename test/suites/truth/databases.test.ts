import { compileMapping } from '../../../shared/core/mapping/compile'
import { propertyOf } from '../../../shared/core/mapping/schema'
import type { SideInput } from '../../../shared/core/reconciliation/side'
import { Bench as Database } from '../../connectors/postgres/support'
import { describePostgres } from '../../support/postgres'
import { fieldsOf, inColumns, type Truth } from './books'
import { asPlanted, byRecord, content, find, line } from './find'
import { inventory } from './inventory'
import { invoices } from './invoices'
import { patients } from './patients'

describePostgres('What was planted in tables', () => {
  let database: Database

  beforeAll(async () => {
    database = await Database.start()
  })

  afterAll(() => database.stop())

  async function asTable(truth: Truth, name: 'source' | 'target'): Promise<SideInput> {
    const { schema } = truth
    const columns = fieldsOf(truth).map((field) => `"${field}" ${columnType(schema, field)}`)
    await database.sql(`CREATE TABLE ${name} (${columns.join(', ')})`)
    await database.sql(
      `INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1)`,
      JSON.stringify(truth[name]),
    )
    const source = await database.source(name, [], {})
    const mapper = compileMapping(undefined, { schema, typed: true })
    return { source, mapper, connection: 'db', stream: name, settings: {} }
  }

  it.each([
    ['inventory', inventory],
    ['invoices', invoices],
    ['patients', patients],
  ])('is found by checksums as record by record: %s', async (_, make) => {
    const truth = inColumns(make(20_261, 1200))
    await database.fresh()
    const [source, target] = [await asTable(truth, 'source'), await asTable(truth, 'target')]
    const found = await find(truth, source, target)
    expect(found.result.method).toBe('push-down')
    expect(asPlanted(found).sort()).toEqual(truth.planted.map(line).sort())
    expect(found.result.compared.agreed).toBe(truth.agreed)
    expect(content(found)).toEqual(content(await find(truth, source, target, byRecord)))
  })
})

function columnType(schema: Truth['schema'], field: string): string {
  const property = propertyOf(schema, field)
  const { type = 'string', format } = typeof property === 'object' ? property : {}
  if (format === 'date') return 'date'
  if (format === 'date-time') return 'timestamptz'
  const types = [type].flat()
  return types.includes('integer') ? 'bigint' : types.includes('number') ? 'numeric' : 'text'
}
