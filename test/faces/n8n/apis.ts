import { mapping } from '../../../bench/lib/n8n/run-data'
import { startFaultyApi, type FaultyApi, type FaultyApiOptions } from '../../support/faulty-api'

/** Starts APIs of records with a `sku`; each ends with its test. */
export function apisOfTests(): (options: FaultyApiOptions) => Promise<FaultyApi> {
  let apis: FaultyApi[] = []
  afterEach(async () => {
    await Promise.all(apis.map((one) => one.close()))
    apis = []
  })
  return async (options) => {
    const started = await startFaultyApi({ key: ['sku'], ...options })
    apis.push(started)
    return started
  }
}

/** Parameters of a sync from the pages of one to the batches of the other. */
export function fromTo(from: FaultyApi, to: FaultyApi): Record<string, unknown> {
  return {
    operation: 'sync',
    source: 'api',
    sourceReadUrl: `${from.url}/items`,
    sourceRecords: 'items',
    sourcePaging: 'page',
    sourcePagingOptions: { parameter: 'page', sizeParameter: 'limit', size: 50 },
    sourceReadOptions: { total: '/total' },
    targetUrl: `${to.url}/items/batch`,
    mapping: mapping(['sku']),
  }
}
