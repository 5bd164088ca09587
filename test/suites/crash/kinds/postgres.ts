import { Client } from 'pg'
import { freshDatabase } from '../../../support/postgres'
import type { DataRecord } from '../../../../shared/core/record/value'
import type { Kind, OpenTarget } from './kind'

const LEDGER = 'tieout_ledger'

export const postgresKind = kindOf('PostgreSQL', 'sku text PRIMARY KEY')
/** Takes a record as often as it comes. */
export const postgresLogKind = kindOf('PostgreSQL without a key', 'sku text')

function kindOf(name: string, sku: string): Kind {
  return {
    name,
    repeats: 'recognised',
    open: () => opened(sku),
  }
}

async function opened(sku: string): Promise<OpenTarget> {
  const database = await freshDatabase()
  const client = new Client({ connectionString: database.url })
  await client.connect()
  await client.query(`CREATE TABLE stock (${sku}, name text, qty integer NOT NULL, price numeric)`)
  return {
    connection: { connector: 'postgres', url: database.url },
    stream: 'stock',
    content: async () => (await client.query<DataRecord>('SELECT sku, name, qty, price FROM stock')).rows,
    save: async () => {
      await client.query('DROP TABLE IF EXISTS stock_saved; CREATE TABLE stock_saved AS TABLE stock')
      return async () => {
        // what a killed process left under way ends when the server notices that its client is gone
        await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()`)
        await client.query(
          `TRUNCATE stock; INSERT INTO stock TABLE stock_saved; DROP TABLE IF EXISTS ${LEDGER}`,
        )
      }
    },
    close: async () => {
      await client.end()
      await database.drop()
    },
  }
}
