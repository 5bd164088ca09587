import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

/** A workflow with a file of its own that mirrors it into a table of SQLite. */
export const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  db: { connector: sqlite, file: stock.sqlite }
workflows:
  stock:
    key: [sku]
    source: { connection: files, stream: own.csv }
    target: { connection: db, stream: stock }
    schema:
      type: object
      required: [sku, quantity]
      properties:
        sku: { type: string }
        name: { type: [string, 'null'] }
        quantity: { type: integer, minimum: 0 }
    sync: { mode: mirror }
`

export function makeStock(folder: string): void {
  const db = new DatabaseSync(join(folder, 'stock.sqlite'))
  db.exec('CREATE TABLE stock (sku TEXT PRIMARY KEY, name TEXT, quantity INTEGER)')
  db.close()
}

/** The rows of the table by key. */
export function stockIn(folder: string): unknown[][] {
  const db = new DatabaseSync(join(folder, 'stock.sqlite'))
  const select = db.prepare('SELECT sku, name, quantity FROM stock ORDER BY sku')
  select.setReadBigInts(true)
  const rows = select.all()
  db.close()
  return rows.map((row) =>
    Object.values(row).map((value) => (typeof value === 'bigint' ? plain(value) : value)),
  )
}

function plain(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
