// Somebody writes to the source while a download is made of it.
import { appendFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { DataRecord } from '../../../shared/core/record/value'
import { startGateway, type TestGateway } from '../../support/gateway'
import { objectIn } from '../../support/json'
import { describePostgres, freshDatabase, type FreshDatabase } from '../../support/postgres'

const RECORDS = '/v1/workflows/stock/records'
const ROWS = 80_000

let gateway: TestGateway
let key: string
afterEach(() => gateway.close())

async function start(connection: string, stream: string, files: Record<string, string> = {}): Promise<void> {
  gateway = await startGateway({
    files: {
      ...files,
      'tieout.yaml': `tieout: 1
connections:
  from: ${connection}
  out: { connector: ndjson }
workflows:
  stock:
    key: id
    source: { connection: from, stream: ${stream} }
    target: { connection: out, stream: out.ndjson }
`,
    },
  })
  key = gateway.key()
}

interface Downloaded {
  lines: string[]
  manifest: DataRecord
}

/** @param meanwhile is called when the first bytes are there */
async function download(meanwhile: () => void | Promise<void>): Promise<Downloaded> {
  const response = await gateway.call(key, 'GET', RECORDS, { headers: { accept: 'application/x-ndjson' } })
  await meanwhile()
  const lines = (await response.text()).trimEnd().split('\n')
  const url = /<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? ''
  const manifest = await gateway.call(key, 'GET', new URL(url).pathname)
  return { lines, manifest: objectIn(await manifest.text()) }
}

/** In every state that was ever committed, all records have the same quantity. */
function quantities(lines: readonly string[]): Set<string> {
  return new Set(lines.map((line) => /"quantity":(\d+)/.exec(line)?.[1] ?? line))
}

describePostgres('a table of PostgreSQL', () => {
  let database: FreshDatabase
  let db: Client
  beforeEach(async () => {
    database = await freshDatabase()
    db = new Client({ connectionString: database.url })
    await db.connect()
    await db.query(
      `CREATE TABLE stock (id integer PRIMARY KEY, quantity integer);
       INSERT INTO stock SELECT i, 1 FROM generate_series(1, ${String(ROWS)}) i`,
    )
  })
  afterEach(async () => {
    await db.end()
    await database.drop()
  })

  test('is as of one moment, whatever is written meanwhile', async () => {
    await start(`{ connector: postgres, url: '${database.url}' }`, 'stock')
    const { lines, manifest } = await download(async () => {
      await db.query('UPDATE stock SET quantity = 2; DELETE FROM stock WHERE id % 2 = 0')
    })
    expect({ lines: lines.length, quantities: quantities(lines) }).toEqual({
      lines: ROWS,
      quantities: new Set(['1']),
    })
    expect(manifest).toMatchObject({
      records: ROWS,
      complete: true,
      consistent: true,
      consistency: 'read in one snapshot of the database',
    })
    const next = await download(() => undefined)
    expect({ lines: next.lines.length, quantities: quantities(next.lines) }).toEqual({
      lines: ROWS / 2,
      quantities: new Set(['2']),
    })
  })
})

describe('a table of SQLite', () => {
  async function table(mode: 'wal' | 'delete'): Promise<DatabaseSync> {
    await start('{ connector: sqlite, file: stock.sqlite }', 'stock')
    const db = new DatabaseSync(join(gateway.folder, 'stock.sqlite'))
    db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE stock (id INTEGER PRIMARY KEY NOT NULL, quantity INTEGER);
      WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < ${String(ROWS)})
      INSERT INTO stock SELECT i, 1 FROM series`)
    return db
  }

  test('in WAL mode is as of one moment', async () => {
    const db = await table('wal')
    const { lines, manifest } = await download(() => {
      db.exec('UPDATE stock SET quantity = 2')
    })
    db.close()
    expect(quantities(lines)).toEqual(new Set(['1']))
    expect(manifest).toMatchObject({
      consistent: true,
      consistency: 'read in one transaction of the database',
    })
  })

  test('in any other mode keeps nobody from writing, and says so', async () => {
    const db = await table('delete')
    expect((await download(() => undefined)).manifest).toMatchObject({ consistent: true })
    const { manifest } = await download(() => {
      db.exec('UPDATE stock SET quantity = 2')
    })
    db.close()
    expect(manifest).toMatchObject({
      consistent: false,
      consistency:
        'stock.sqlite was written while it was read; in WAL mode it would be read in one transaction',
    })
  })
})

test('a file that changed meanwhile is said to have', async () => {
  const rows = Array.from({ length: ROWS }, (_, i) => `${String(i)},1\n`).join('')
  await start('{ connector: csv }', 'stock.csv', { 'stock.csv': `id,quantity\n${rows}` })
  expect((await download(() => undefined)).manifest).toMatchObject({ complete: true, consistent: true })
  const { manifest } = await download(() => {
    appendFileSync(join(gateway.folder, 'stock.csv'), 'x,2\n')
  })
  expect(manifest).toMatchObject({
    complete: false,
    consistent: false,
    consistency: 'stock.csv changed while it was read',
  })
  writeFileSync(join(gateway.folder, 'stock.csv'), 'id,quantity\n1,1\n')
  expect((await download(() => undefined)).manifest).toMatchObject({ consistent: true, records: 1 })
})

test('a service that is asked page by page cannot tell', async () => {
  const service: Server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('[{"id":"1","quantity":1}]')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const address = service.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    await start(`{ connector: http, baseUrl: 'http://127.0.0.1:${String(port)}' }`, '/stock')
    expect((await download(() => undefined)).manifest).toMatchObject({
      records: 1,
      consistent: false,
      consistency: 'the source is asked page by page, and what it has may change between them',
    })
  } finally {
    service.close()
  }
})
