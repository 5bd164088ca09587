import type { ConnectorSpec } from '../../shared/core/connector'

export const spec: ConnectorSpec = {
  name: 'http',
  title: 'HTTP API',
  summary: 'Reads paged listings and writes records, in batches or one by one, of any JSON API over HTTP',
  settings: true,
  sourceSettings: true,
  targetSettings: true,
  reads: true,
  writes: true,
  incremental: true,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: '',
}
