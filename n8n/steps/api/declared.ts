import type { DataRecord } from '../../../shared/core/record/value'
import { parseRate } from '../../../shared/core/resilience/rate-budget'
import { text } from '../../../shared/core/settings'
import { unusable } from '../../host/errors'
import { textParameter, type Configured } from '../../host/parameters'

export type Side = 'source' | 'target'

/** An HTTP API as the parameters of one side declare it, in the settings of the connector. */
export interface ApiSide {
  baseUrl: string
  credential: string | undefined
  headers: DataRecord
  rate: string
  concurrency: number
  stream: DataRecord
}

export function common(
  node: Configured,
  prefix: Side,
  concurrency: number,
  options: DataRecord,
): Pick<ApiSide, 'credential' | 'headers' | 'rate' | 'concurrency'> {
  return {
    credential: credentialOf(node, prefix),
    headers: headersOf(node, text(options, 'headers') ?? ''),
    rate: rateOf(node, text(options, 'rate')?.trim() ?? ''),
    concurrency,
  }
}

/** Without their values in a message: one may be a secret. */
function headersOf(node: Configured, lines: string): DataRecord {
  const given = lines.split('\n').filter((line) => line.trim() !== '')
  return Object.fromEntries(
    given.map((line, at) => {
      const [, name, value] = /^([^:]+):(.*)$/s.exec(line)?.map((part) => part.trim()) ?? []
      if (
        name !== undefined &&
        value !== undefined &&
        isHeaderName(name) &&
        !/[^\t -~\u0080-\u00ff]/.test(value)
      )
        return [name, value]
      throw unusable(
        node.getNode(),
        `Line ${at + 1} of Headers is no header`,
        'Give one header on each line, its name, a colon and its value, such as Accept-Language: en.',
      )
    }),
  )
}

/** RFC 9110, section 5.6.2. */
export function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name)
}

function rateOf(node: Configured, rate: string): string {
  if (rate === '' || parseRate(rate)) return rate
  throw unusable(
    node.getNode(),
    `Rate is '${rate}', which is no rate`,
    'Give how many requests the service allows in what time, such as 100/min, 5/s or 1000/h.',
  )
}

/** The type of the credential: a node has one of each type, so the two sides have types of their own. */
function credentialOf(node: Configured, prefix: Side): string | undefined {
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

/** Origin, and everything after it: a path may hold {field}, which an URL would escape. */
export function address(node: Configured, parameter: string): [string, string] {
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

/** `data.items` is taken for the JSON pointer `/data/items`. */
export function pointer(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed.replaceAll('.', '/')}`
}

/** Without what was left empty. */
export function filled(fields: DataRecord): DataRecord {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== null))
}
