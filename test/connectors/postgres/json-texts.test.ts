import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { commandLine } from '../../support/command-line'
import { folderWith } from '../../support/folder'
import { objectIn } from '../../support/json'
import { describePostgres, freshDatabase } from '../../support/postgres'

const definition = (schema = ''): string => `tieout: 1
connections:
  files: { connector: csv }
  db: { connector: postgres, url: '\${URL}' }
workflows:
  stock:
    key: id${schema}
    source: { connection: files, stream: stock.csv }
    target: { connection: db, stream: stock }
`
const HEAD = 'id,data,note\n'
const stock = `${HEAD}1,"{""a"":12345678901234567890.50,""b"":[1,null]}",x\n2,"[]",x\n3,17,x\n4,"""text""",x\n5,,x\n`

describePostgres('JSON texts of a source that knows only texts, in a column of JSON', () => {
  const folder = folderWith({ 'tieout.yaml': definition(), 'stock.csv': stock })
  let db: Awaited<ReturnType<typeof freshDatabase>>
  let client: Client

  beforeAll(async () => {
    db = await freshDatabase()
    client = new Client({ connectionString: db.url })
    await client.connect()
    await client.query('CREATE TABLE stock (id int PRIMARY KEY, data jsonb, note json)')
  })
  afterAll(async () => {
    await client.end()
    await db.drop()
    folder.remove()
  })
  beforeEach(() => client.query('TRUNCATE stock'))

  const held = async (): Promise<unknown[]> => {
    const { rows } = await client.query<{ data: string | null }>('SELECT data::text FROM stock ORDER BY id')
    return rows.map(({ data }) => data)
  }

  async function text(...argv: string[]): Promise<string> {
    return (await commandLine(folder.path, { env: { URL: db.url } })(...argv)).out
  }

  async function json(...argv: string[]): Promise<DataRecord> {
    return objectIn(await text(...argv, '--json'))
  }

  it('are what they say, stay so, are compared so and undone', async () => {
    writeFileSync(join(folder.path, 'stock.csv'), stock.replaceAll(',x\n', ',{}\n'))
    const first = await json('sync', 'stock')
    expect(first).toMatchObject({ status: 'succeeded', outcomes: { created: { count: 5 } } })
    expect(await held()).toEqual([
      '{"a": 12345678901234567890.50, "b": [1, null]}',
      '[]',
      '17',
      '"text"',
      null,
    ])
    expect(await json('sync', 'stock', '--full')).toMatchObject({ outcomes: { unchanged: { count: 5 } } })
    expect(await json('reconcile', 'stock')).toMatchObject({ status: 'ties-out' })
    expect(await json('undo', textOf(first['run']))).toMatchObject({ outcomes: { deleted: { count: 5 } } })
  })

  it('that are none are rejected one by one, by their field', async () => {
    writeFileSync(join(folder.path, 'stock.csv'), `${HEAD}1,{a:1},{}\n2,"",{}\n3,{},\n`)
    expect(await json('sync', 'stock')).toMatchObject({
      outcomes: { created: { count: 1 } },
      rejectedBy: { VALUE_NOT_CONVERTIBLE: 2 },
    })
    const out = await text('runs', 'show', textOf((await json('sync', 'stock'))['run']))
    expect(out).toContain('data is "{a:1}"; the target holds JSON there: send JSON, or')
    expect(out).toContain('data is ""; the target')
  })

  it('are kept as texts where the schema says that they are', async () => {
    writeFileSync(join(folder.path, 'stock.csv'), `${HEAD}1,{a:1},\n`)
    const schema = '\n    schema: { properties: { id: { type: integer }, data: { type: string } } }'
    writeFileSync(join(folder.path, 'tieout.yaml'), definition(schema))
    await json('sync', 'stock')
    expect(await held()).toEqual(['"{a:1}"'])
  })
})
