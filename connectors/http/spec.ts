import type { ConnectorSpec } from '../../shared/core/connector'
import type { DataRecord } from '../../shared/core/record/value'
import { text } from '../../shared/core/settings'
import { connectionSchema, readSchema, writeSchema } from './schema'

export const spec: ConnectorSpec = {
  name: 'http',
  title: 'HTTP API',
  summary:
    'Reads paged listings and writes records, in batches or one by one, of any JSON, XML or CSV API over HTTP.',
  settings: connectionSchema,
  sourceSettings: readSchema,
  targetSettings: writeSchema,
  reads: true,
  writes: true,
  readBack,
  incremental: true,
  modes: ['append', 'insert-only', 'update-only', 'upsert', 'mirror'],
  example: `connections:
  shop:
    connector: http
    baseUrl: https://api.example.com/v1
    auth: { type: bearer, token: '\${SHOP_TOKEN}' }
    rate: 100/min
    streams:
      products:
        path: /products
        key: [sku]
        read: { records: /items, total: /total, paging: { type: page, sizeParameter: limit } }
      stock-levels:
        path: /stock-levels
        key: [sku]
        write: { wrap: /items, idempotency: { header: Idempotency-Key }, results: { at: /results, status: status } }
workflows:
  stock:
    source: { connection: shop, stream: products }
    target: { connection: shop, stream: stock-levels }
    key: [sku]
    sync: { mode: upsert }
`,
}

/** A method that writes must not be used to read; a path with {field} is that of one record, and no listing. */
function readBack(target: DataRecord): DataRecord | undefined {
  if (text(target, 'path')?.includes('{') === true) return undefined
  const same = Object.entries(target).filter(([name]) =>
    ['path', 'query', 'headers', 'lookup', 'format', 'csv', 'xml'].includes(name),
  )
  const wrap = text(target, 'format') === 'xml' ? text(target, 'wrap') : undefined
  return { ...Object.fromEntries(same), ...(wrap === undefined ? {} : { records: wrap }) }
}
