import type { IExecuteFunctions } from 'n8n-workflow'
import type { SyncMode } from '../../../shared/core/connector'
import type { DataRecord } from '../../../shared/core/record/value'
import { flag, number, text } from '../../../shared/core/settings'
import { record, textParameter } from '../../host/parameters'
import { unusable } from '../../host/errors'
import { address, common, filled, isHeaderName, pointer, type ApiSide } from './declared'

/** @throws NodeOperationError for an address that is none */
export function targetApi(node: IExecuteFunctions, mode: SyncMode, concurrency: number): ApiSide {
  const options = record(node.getNodeParameter('targetOptions', 0, {}))
  const [baseUrl, path] = address(node, 'targetUrl')
  const size = number(record({ size: node.getNodeParameter('targetBatchSize', 0, 500) }), 'size') ?? 500
  const results = node.getNodeParameter('targetResults', 0, 'auto')
  const idempotency = text(options, 'idempotencyHeader')?.trim() ?? ''
  if (idempotency !== '' && !isHeaderName(idempotency))
    throw unusable(
      node.getNode(),
      `Idempotency Header is '${idempotency}', which is no name of a header`,
      'Give the name that the service documents, such as Idempotency-Key.',
    )
  const remove = text(options, 'deleteUrl')?.trim() ?? ''
  if (mode === 'mirror' && remove === '')
    throw unusable(
      node.getNode(),
      'Mirror deletes what the source no longer has, and nothing says how',
      'Give the Delete URL under Target Options, such as https://api.example.com/items/{sku}, or choose the mode Create or Update, which deletes nothing.',
    )
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
        : {
            delete: {
              path: pathOf(node, remove, baseUrl),
              method: text(options, 'deleteMethod') ?? 'DELETE',
            },
          }),
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

/** One credential goes with all requests to the target, so they go to one place. */
function pathOf(node: IExecuteFunctions, url: string, baseUrl: string): string {
  const [, origin = baseUrl, path = ''] = /^(https?:\/\/[^/?#]+)?(.*)$/i.exec(url) ?? []
  if (origin.toLowerCase() === baseUrl.toLowerCase()) return path
  throw unusable(
    node.getNode(),
    `Delete URL leads to ${origin}, and Target URL to ${baseUrl}`,
    'Give an address of the same service.',
  )
}
