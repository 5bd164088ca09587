import { Client } from 'pg'
import { describePostgres, freshDatabase } from './postgres'

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

describePostgres('a fresh database', () => {
  test('is empty, separate from others, and gone after drop', async () => {
    const one = await freshDatabase()
    const other = await freshDatabase()
    await rows(one.url, 'create table t (id int)')

    const tables = "select count(*)::int as tables from pg_tables where schemaname = 'public'"
    expect(await rows(one.url, tables)).toEqual([{ tables: 1 }])
    expect(await rows(other.url, tables)).toEqual([{ tables: 0 }])

    await Promise.all([one.drop(), other.drop()])
    await expect(rows(one.url, 'select 1')).rejects.toThrow('does not exist')
  })

  test('is dropped although a session is still open in it', async () => {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.url })
    const faults: Error[] = []
    client.on('error', (fault) => faults.push(fault))
    await client.connect()

    await database.drop()

    await expect(client.query('select 1')).rejects.toThrow()
    expect(faults[0]).toMatchObject({ code: '57P01' }) // admin_shutdown
  })
})
