import { databaseSpec } from '../../shared/core/database/spec'

export const spec = databaseSpec({
  name: 'sqlite',
  title: 'SQLite',
  summary: 'Reads and writes the tables of a SQLite file; reads the result of a query.',
  settings: {
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: {
      file: {
        type: 'string',
        title: 'File',
        description: 'Path of the database, relative to the folder of the definition. It must exist',
      },
      busyTimeout: {
        type: 'integer',
        title: 'Busy timeout',
        description: 'Milliseconds to wait for another program that writes the file. Default 2000',
        minimum: 0,
        maximum: 60000,
      },
    },
  },
  example: `connections:
  till:
    connector: sqlite
    file: till.db
workflows:
  stock:
    source: { connection: till, stream: stock }
    target: { connection: till, stream: stock_copy }
    key: [sku, location]
    sync: { mode: upsert }
`,
})
