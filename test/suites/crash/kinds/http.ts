import { startStockApi } from '../stock-api'
import type { Kind } from './kind'

/** A service that recognises a batch by its idempotency key. */
export const keyedKind = apiKind('HTTP with idempotency keys', 'recognised', {
  path: '/batch',
  query: { mode: 'upsert' },
  idempotency: { header: 'Idempotency-Key' },
  delete: { query: { mode: 'delete' } },
})

/** One request per record: PUT and DELETE leave the same state when they arrive again. */
export const putKind = apiKind('HTTP with PUT by id', 'harmless', {
  path: '/items/{sku}',
  method: 'PUT',
  delete: { method: 'DELETE' },
})

/** A service that writes again whatever arrives again, but can be asked what it holds. */
export const doublingKind = apiKind('HTTP with plain POST and a look-up', 'recognised', {
  path: '/items',
  lookup: { path: '/items', list: 'ids', records: '/items' },
})

function apiKind(name: string, repeats: Kind['repeats'], write: Record<string, unknown>): Kind {
  return {
    name,
    repeats,
    open: async () => {
      const api = await startStockApi()
      return {
        connection: { connector: 'http', baseUrl: api.url, proxy: 'none', streams: { stock: { write } } },
        stream: 'stock',
        content: () => Promise.resolve(api.records),
        save: () => {
          const saved = [...api.records]
          return Promise.resolve(() => {
            api.records = [...saved]
            api.writes.clear()
            return Promise.resolve()
          })
        },
        writes: api.writes,
        close: () => api.close(),
      }
    },
  }
}
