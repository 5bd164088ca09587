import { VERSION_HEADER } from '../versions'
import type { Operation, Parameter, ResponseHeader } from './operation'

/** Headers that belong to every request or answer, whatever the operation. */

export const version: Parameter = {
  name: VERSION_HEADER,
  in: 'header',
  required: false,
  description: 'Version of the API for this request; without it, the one of the first call of the key.',
  schema: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  example: '2026-11-23',
}

export const answerHeaders = {
  'X-Request-Id': {
    description: 'Names this request; say it when you ask for help.',
    schema: { type: 'string' },
    example: 'req_5f0c1d2e3a4b5c6d',
  },
  RateLimit: {
    description:
      'What is left of each limit, and in how many seconds there is more (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string' },
    example: '"records";r=150000;t=3600',
  },
  'RateLimit-Policy': {
    description: 'Every limit that can refuse: quota `q` in a window of `w` seconds.',
    schema: { type: 'string' },
    example: '"records";q=200000;w=86400',
  },
  'Retry-After': {
    description: 'Seconds until the same request is worth sending again.',
    schema: { type: 'integer', minimum: 0 },
    example: 30,
  },
  'WWW-Authenticate': {
    description: 'The ways of saying who calls.',
    schema: { type: 'string' },
    example: 'Bearer realm="tieout"',
  },
  Deprecation: {
    description: 'Since when the operation is deprecated (RFC 9745).',
    schema: { type: 'string' },
    example: '@1795392000',
  },
  Sunset: {
    description: 'Until when it works (RFC 8594).',
    schema: { type: 'string' },
    example: 'Tue, 23 Nov 2027 00:00:00 GMT',
  },
} as const satisfies Readonly<Record<string, ResponseHeader>>

export type AnswerHeader = keyof typeof answerHeaders

/** Statuses whose answer says when to come again. */
const WAITING = [408, 409, 429, 503]

/** Those of `answerHeaders` that an answer of the operation with this status can have. */
export function headersOf(operation: Operation, status: number): AnswerHeader[] {
  return [
    'X-Request-Id',
    ...(operation.access === 'public' ? [] : (['RateLimit', 'RateLimit-Policy'] as const)),
    ...(WAITING.includes(status) ? (['Retry-After'] as const) : []),
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(operation.deprecated ? (['Deprecation', 'Sunset'] as const) : []),
  ]
}
