import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePorts } from '../../../shared/adapters/ports'
import type { DataRecord } from '../../../shared/core/record/value'
import { folderWith } from '../../support/folder'
import type { Driver } from '../driver'

/** A driver for files of one format; `content` makes the file that another program would write. */
export function fileDriver(
  ending: string,
  content: (records: readonly DataRecord[]) => string | Promise<Uint8Array>,
): Driver {
  return {
    start: () => {
      const folder = folderWith({})
      let files = 0
      return Promise.resolve({
        ports: nodePorts(folder.path, () => undefined),
        settings: {},
        stream: async (records) => {
          const name = `stream-${++files}${ending}`
          writeFileSync(join(folder.path, name), await content(records))
          return name
        },
        stop: () => {
          folder.remove()
          return Promise.resolve()
        },
      })
    },
  }
}
