import type { ErrorCode } from '../errors'
import { retryableOf, statusOf } from '../errors/answer'
import { entryOverHttp } from '../errors/over-http'
import type { Operation } from './operation'

/** What an operation can answer beside its own `errors`, by what it is. */

const ANY: readonly ErrorCode[] = [
  'REQUEST_MALFORMED',
  'VERSION_UNKNOWN',
  'NOT_ACCEPTABLE',
  'REQUEST_TOO_SLOW',
  'ADDRESS_TOO_LONG',
  'HEADERS_TOO_LARGE',
  'UNEXPECTED',
  'GATEWAY_BUSY',
]
const WITH_CREDENTIALS: readonly ErrorCode[] = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_INVALID',
  'KEY_REVOKED',
  'KEY_EXPIRED',
  'CERTIFICATE_UNKNOWN',
  'TOKEN_INVALID',
  'ADDRESS_NOT_ALLOWED',
  'SCOPE_NEEDED',
  'CREDENTIALS_LOCKED',
  'LIMIT_REACHED',
]
const WITH_BODY: readonly ErrorCode[] = [
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'TEXT_ENCODING_INVALID',
  'FILE_DAMAGED',
  'BODY_INVALID',
]
const WITH_KEY: readonly ErrorCode[] = [
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_BUSY',
  'IDEMPOTENCY_KEY_REUSED',
]

/** Every code that the operation can answer; what the systems behind it answer comes on top. */
export function problemCodes(operation: Operation): ErrorCode[] {
  const { parameters, access, request, repeat, errors } = operation
  const codes: readonly ErrorCode[] = [
    ...ANY,
    ...(access === 'public' ? [] : WITH_CREDENTIALS),
    ...(parameters.length > 0 ? (['PARAMETER_INVALID'] as const) : []),
    ...(parameters.some(({ name }) => name === 'workflow') ? (['WORKFLOW_UNKNOWN'] as const) : []),
    ...(request ? WITH_BODY : []),
    ...(request?.content['application/json']
      ? (['JSON_INVALID', 'JSON_DUPLICATE_FIELD', 'FIELD_NAME_FORBIDDEN'] as const)
      : []),
    ...(request?.required === true ? (['BODY_EMPTY'] as const) : []),
    ...(repeat === 'key' ? WITH_KEY : []),
    ...errors,
  ]
  return [...new Set(codes)].sort((one, other) => statusOf(one) - statusOf(other))
}

/** The same by the status of the answer, lowest first. */
export function problemsByStatus(operation: Operation): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of problemCodes(operation))
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code])
  return byStatus
}

/** `Problem` with this code, as an example. */
export function problemExample(code: ErrorCode): object {
  const entry = entryOverHttp(code)
  const docs = `https://tieout.example.com/errors/${code}`
  return {
    type: docs,
    title: entry.title,
    status: statusOf(code),
    detail: `${entry.title}.`,
    instance: '/v1/workflows/inventory/records',
    code,
    number: entry.number,
    owner: entry.owner,
    retryable: retryableOf(entry),
    causes: entry.causes,
    steps: entry.steps,
    evidence: {},
    requestId: 'req_5f0c1d2e3a4b5c6d',
    requestLogUrl: 'https://tieout.example.com/v1/requests/req_5f0c1d2e3a4b5c6d',
    docs,
    hasErrors: true,
  }
}
