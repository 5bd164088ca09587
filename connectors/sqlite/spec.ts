import type { ConnectorSpec } from '../../shared/core/connector'

export const spec: ConnectorSpec = {
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
  sourceSettings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      query: {
        type: 'string',
        title: 'Query',
        description: 'A SELECT to read instead of the table that the stream names',
      },
    },
  },
  targetSettings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ledger: {
        type: 'string',
        title: 'Ledger',
        description:
          'auto keeps the key of each written batch in the table tieout_ledger for 7 days, so that a repeated batch is answered as the first time; off does not',
        enum: ['auto', 'off'],
      },
    },
  },
  reads: true,
  writes: true,
  incremental: true,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
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
}
