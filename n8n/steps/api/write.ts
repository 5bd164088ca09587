import type { IExecuteFunctions } from 'n8n-workflow'
import type { SyncMode } from '../../../shared/core/connector'
import type { DataRecord } from '../../../shared/core/record/value'
import { flag, number, text } from '../../../shared/core/settings'
import { record, textParameter } from '../../host/parameters'
import { address, common, filled, pointer, type ApiSide } from './declared'

/** @throws NodeOperationError for an address that is none */
export function targetApi(node: IExecuteFunctions, mode: SyncMode, concurrency: number): ApiSide {
  const options = record(node.getNodeParameter('targetOptions', 0, {}))
  const [baseUrl, path] = address(node, 'targetUrl')
  const size = number(record({ size: node.getNodeParameter('targetBatchSize', 0, 500) }), 'size') ?? 500
  const results = node.getNodeParameter('targetResults', 0, 'auto')
  const idempotency = text(options, 'idempotencyHeader') ?? ''
  const remove = text(options, 'deleteUrl') ?? ''
  const upserts = mode !== 'append' && mode !== 'insert-only' && flag(options, 'doubles') !== true
  return {
    ...common(node, 'target', concurrency, options),
    baseUrl,
    stream: {
      path,
      method: textParameter(node, 'targetMethod'),
      ...(size <= 1 ? { batch: false } : { size }),
      ...filled({ wrap: pointer(text(options, 'wrap') ?? '') }),
      ...(upserts ? { upsert: {} } : {}),
      ...(flag(options, 'atomic') === true ? { atomic: true } : {}),
      ...(idempotency === '' ? {} : { idempotency: { header: idempotency } }),
      ...(results === 'all'
        ? { results: 'all' }
        : results === 'list'
          ? { results: resultList(options) }
          : {}),
      ...(remove === ''
        ? {}
        : { delete: { path: pathOf(remove), method: text(options, 'deleteMethod') ?? 'DELETE' } }),
    },
  }
}

function resultList(options: DataRecord): DataRecord {
  return {
    at: pointer(text(options, 'resultsAt') ?? ''),
    ...filled({
      status: options['resultStatus'] ?? 'status',
      id: options['resultId'] ?? '',
      message: options['resultMessage'] ?? '',
    }),
    ...(text(options, 'resultId') ? { match: 'id' } : {}),
  }
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]+/i, '')
}
