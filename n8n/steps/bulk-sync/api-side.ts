import type { IExecuteFunctions } from 'n8n-workflow'
import { http } from '../../../connectors/http'
import type { Connection, Traffic } from '../../../shared/core/connector'
import type { Ports } from '../../../shared/core/ports'
import type { DataRecord } from '../../../shared/core/record/value'
import { flag, number, text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { httpOf } from '../../host/http'
import { record, textParameter } from '../../host/parameters'
import type { Settings } from './settings'

/** An HTTP API as the parameters of one side declare it, in the settings of the connector. */
export interface ApiSide {
  baseUrl: string
  credential: string | undefined
  headers: DataRecord
  rate: string
  concurrency: number
  stream: DataRecord
}

/** @throws NodeOperationError for an address that is none */
export function sourceApi(
  node: IExecuteFunctions,
  prefix: 'source' | 'target',
  concurrency: number,
): ApiSide {
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

/** @throws NodeOperationError for an address that is none */
export function targetApi(node: IExecuteFunctions, mode: Settings['mode'], concurrency: number): ApiSide {
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

export function openApi(
  { baseUrl, credential, headers, rate, concurrency }: ApiSide,
  node: IExecuteFunctions,
  ports: Ports,
  traffic: Traffic,
): Promise<Connection> {
  return http.open({
    name: new URL(baseUrl).host,
    settings: { baseUrl, headers, concurrency, ...filled({ rate }) },
    ports: { ...ports, http: httpOf(node, credential) },
    traffic,
  })
}

function common(
  node: IExecuteFunctions,
  prefix: 'source' | 'target',
  concurrency: number,
  options: DataRecord,
): Pick<ApiSide, 'credential' | 'headers' | 'rate' | 'concurrency'> {
  return {
    credential: credentialOf(node, prefix),
    headers: Object.fromEntries(
      (text(options, 'headers') ?? '')
        .split('\n')
        .map((line) => line.split(/:(.*)/s).map((part) => part.trim()))
        .flatMap(([name, value]) => (name && value ? [[name, value]] : [])),
    ),
    rate: text(options, 'rate') ?? '',
    concurrency,
  }
}

/** The type of the credential: a node has one of each type, so the two sides have types of their own. */
function credentialOf(node: IExecuteFunctions, prefix: 'source' | 'target'): string | undefined {
  const side = prefix === 'source' ? 'Source' : 'Target'
  switch (textParameter(node, `${prefix}Authentication`)) {
    case 'credential':
      return `tieout${side}Api`
    case 'oAuth2':
      return `tieout${side}OAuth2Api`
    default:
      return undefined
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

/** Origin, and everything after it: a path may hold {field}, which an URL would escape. */
function address(node: IExecuteFunctions, parameter: string): [string, string] {
  const url = textParameter(node, parameter)
  const [, origin, path = ''] = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(url) ?? []
  if (origin === undefined)
    throw unusable(
      node.getNode(),
      `'${url}' is not an address`,
      'Give a whole URL, such as https://api.example.com/items.',
    )
  return [origin, path === '' ? '/' : path]
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]+/i, '')
}

/** `data.items` is taken for the JSON pointer `/data/items`. */
function pointer(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed.replaceAll('.', '/')}`
}

/** Without what was left empty. */
function filled(fields: DataRecord): DataRecord {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null))
}
