import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Kind } from './kind'

/** The database file stands in the folder of the definition. */
export const sqliteKind: Kind = {
  name: 'SQLite',
  repeats: 'recognised',
  open: (folder) => {
    const path = join(folder, 'target.sqlite')
    const inside = <T>(work: (db: DatabaseSync) => T): T => {
      const db = new DatabaseSync(path)
      try {
        return work(db)
      } finally {
        db.close()
      }
    }
    inside((db) => {
      db.exec('CREATE TABLE stock (sku TEXT PRIMARY KEY, name TEXT, qty INTEGER NOT NULL, price REAL)')
    })
    return Promise.resolve({
      connection: { connector: 'sqlite', file: 'target.sqlite' },
      stream: 'stock',
      content: () =>
        Promise.resolve(
          inside((db) => db.prepare('SELECT * FROM stock').all()).map(({ sku, name, qty, price }) => ({
            sku: String(sku),
            name: String(name),
            qty: Number(qty),
            price: Number(price),
          })),
        ),
      save: () => Promise.resolve(() => Promise.resolve()),
      close: () => Promise.resolve(),
    })
  },
}
