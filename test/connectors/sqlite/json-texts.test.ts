import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { commandLine } from '../../support/command-line'
import { folderWith } from '../../support/folder'

const definition = `tieout: 1
connections:
  files: { connector: csv }
  db: { connector: sqlite, file: shop.db }
workflows:
  stock:
    key: id
    source: { connection: files, stream: stock.csv }
    target: { connection: db, stream: stock }
`

test('JSON in a CSV file becomes JSON in a column declared so, not a text around it', async () => {
  const csv = 'id,data\n1,"{""a"":[1,2.5]}"\n2,\n3,{a}\n'
  const { path, remove } = folderWith({ 'tieout.yaml': definition, 'stock.csv': csv })
  const db = new DatabaseSync(join(path, 'shop.db'))
  try {
    db.exec('CREATE TABLE stock (id INTEGER PRIMARY KEY, data JSON)')
    const tieout = commandLine(path)
    const { out } = await tieout('sync', 'stock')
    expect(out).toContain('3 = 2 created + 1 rejected')
    expect(out).toContain('VALUE_NOT_CONVERTIBLE 1')
    expect(
      db
        .prepare('SELECT data FROM stock ORDER BY id')
        .all()
        .map(({ data }) => data),
    ).toEqual(['{"a":[1,2.5]}', null])
    expect((await tieout('sync', 'stock')).out).toContain('3 = 2 unchanged + 1 rejected')
  } finally {
    db.close()
    remove()
  }
})
