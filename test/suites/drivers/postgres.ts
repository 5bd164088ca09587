import { Client } from 'pg'
import { nodePorts } from '../../../shared/adapters/ports'
import { describePostgres, freshDatabase } from '../../support/postgres'
import type { Driver } from '../driver'

export const driver: Driver = {
  describe: describePostgres,
  waivers: { absent: 'a column is never absent: a field that does not arrive is left to its default' },
  start: async () => {
    const database = await freshDatabase()
    const client = new Client({ connectionString: database.url })
    await client.connect()
    let tables = 0
    return {
      ports: nodePorts('.', () => undefined),
      settings: { url: database.url },
      stream: async (records) => {
        const name = `stream_${++tables}`
        await client.query(`create table ${name} (id text primary key, name text, qty integer)`)
        const insert = `insert into ${name} select * from json_populate_recordset(null::${name}, $1)`
        await client.query(insert, [JSON.stringify(records)])
        return name
      },
      stop: async () => {
        await client.end()
        await database.drop()
      },
    }
  },
}
