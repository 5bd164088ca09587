import { nodePorts } from '../../../shared/adapters/ports'
import type { SyncMode } from '../../../shared/core/connector'
import type { DataRecord } from '../../../shared/core/record/value'
import { startFaultyApi, type FaultyApi } from '../../support/faulty-api'
import type { Driver } from '../driver'

const WORDS: Readonly<Record<SyncMode, string>> = {
  append: 'append',
  'insert-only': 'insert',
  'update-only': 'update',
  upsert: 'upsert',
  mirror: 'upsert',
}

/** Every stream is a service of its own; the connection leads to the one made last. */
export const driver: Driver = {
  start: () => {
    const services: FaultyApi[] = []
    const settings: DataRecord = { proxy: 'none' }
    return Promise.resolve({
      ports: nodePorts('.', () => undefined),
      settings,
      stream: async (records) => {
        const service = await startFaultyApi({ records, key: ['id'], pageSize: 7 })
        services.push(service)
        settings['baseUrl'] = service.url
        settings['streams'] = {
          items: {
            path: '/items',
            key: ['id'],
            read: { records: '/items', total: '/total', paging: { type: 'page', sizeParameter: 'limit' } },
          },
        }
        return 'items'
      },
      targetSettings: (mode) => ({
        path: '/items/batch',
        query: { mode: WORDS[mode] },
        results: { at: '/results', status: 'status' },
        idempotency: { header: 'Idempotency-Key' },
        delete: { query: { mode: 'delete' } },
      }),
      stop: async () => {
        for (const service of services) await service.close()
      },
    })
  },
}
