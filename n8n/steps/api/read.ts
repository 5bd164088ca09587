import type { IExecuteFunctions } from 'n8n-workflow'
import { text } from '../../../shared/core/settings'
import { record, textParameter } from '../../host/parameters'
import { address, common, filled, pointer, type ApiSide, type Side } from './declared'

/** @throws NodeOperationError for an address that is none */
export function sourceApi(node: IExecuteFunctions, prefix: Side, concurrency: number): ApiSide {
  const options = record(node.getNodeParameter(`${prefix}ReadOptions`, 0, {}))
  const [baseUrl, path] = address(node, `${prefix}ReadUrl`)
  const pagingOptions = filled(record(node.getNodeParameter(`${prefix}PagingOptions`, 0, {})))
  const since = text(options, 'sinceParameter') ?? ''
  return {
    ...common(node, prefix, concurrency, options),
    baseUrl,
    stream: {
      path,
      records: pointer(textParameter(node, `${prefix}Records`)),
      paging: { type: textParameter(node, `${prefix}Paging`), ...pagingOptions },
      ...filled({ total: options['total'] ?? '', format: options['format'] ?? '' }),
      ...(since === '' ? {} : { since: { parameter: since, format: text(options, 'sinceFormat') ?? 'iso' } }),
    },
  }
}
