import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { nodePorts } from '../../../shared/adapters/ports'
import { textOf } from '../../../shared/core/record/value'
import { folderWith } from '../../support/folder'
import type { Driver } from '../driver'

export const driver: Driver = {
  waivers: { absent: 'a column is never absent: a field that does not arrive is left to its default' },
  start: () => {
    const folder = folderWith({})
    const database = new DatabaseSync(join(folder.path, 'suite.sqlite'))
    let tables = 0
    return Promise.resolve({
      ports: nodePorts(folder.path, () => undefined),
      settings: { file: 'suite.sqlite' },
      stream: (records) => {
        const name = `stream_${++tables}`
        database.exec(`create table ${name} (id text primary key, name text, qty integer)`)
        const insert = database.prepare(`insert into ${name} values (?, ?, ?)`)
        for (const { id, name: called, qty } of records) {
          insert.run(textOf(id), called === null ? null : textOf(called), Number(qty))
        }
        return Promise.resolve(name)
      },
      stop: () => {
        database.close()
        folder.remove()
        return Promise.resolve()
      },
    })
  },
}
