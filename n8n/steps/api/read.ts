import { text } from '../../../shared/core/settings'
import { parameter, record, textParameter, type Configured } from '../../host/parameters'
import { address, common, filled, pointer, type ApiSide, type Side } from './declared'

/** @throws NodeOperationError for an address that is none */
export function sourceApi(node: Configured, prefix: Side, concurrency: number): ApiSide {
  const options = record(parameter(node, `${prefix}ReadOptions`, {}))
  const [baseUrl, path] = address(node, `${prefix}ReadUrl`)
  const pagingOptions = filled(record(parameter(node, `${prefix}PagingOptions`, {})))
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
