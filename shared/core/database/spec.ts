import type { ConnectorSpec } from '../connector'

export type DatabaseSpec = Pick<ConnectorSpec, 'name' | 'title' | 'summary' | 'settings' | 'example'>

/** The spec of a connector for tables of a database that has transactions. */
export function databaseSpec({ name, title, summary, settings, example }: DatabaseSpec): ConnectorSpec {
  return {
    name,
    title,
    summary,
    settings,
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
    example,
  }
}
