import type { Parameter } from './operation'

/** Parameters that more than one operation takes. */

export const workflow: Parameter = {
  name: 'workflow',
  in: 'path',
  required: true,
  description: 'Name of the workflow in the definition.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' },
  example: 'inventory',
}

export const run: Parameter = id('run', 'Id of the run, as starting it answered.')
export const exception: Parameter = {
  name: 'exception',
  in: 'path',
  required: true,
  description: 'Number of the exception.',
  schema: { type: 'integer', minimum: 1 },
  example: 4711,
}

export const wait: Parameter = {
  name: 'wait',
  in: 'query',
  required: false,
  description:
    'Seconds to wait for news before answering (long poll). Below 55, so that no proxy on the way gives up first.',
  schema: { type: 'integer', minimum: 0, maximum: 55, default: 0 },
  example: 30,
}

export const limit: Parameter = {
  name: 'limit',
  in: 'query',
  required: false,
  description: 'Most entries of one page; `next` leads to the rest.',
  schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  example: 100,
}

export const after: Parameter = {
  name: 'after',
  in: 'query',
  required: false,
  description: 'The `next` of the page before. A page without `next` is the last.',
  schema: { type: 'string', maxLength: 512 },
  example: 'MTAw',
}

export const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A text of your choice (quoted or not, up to 255 characters) that names this request. The same request with the same key has its effect once and gets the first answer again, for seven days.',
  schema: { type: 'string', minLength: 1, maxLength: 257 },
  example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
}

export const prefer: Parameter = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    '`respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored.',
  schema: { type: 'string', maxLength: 256 },
  example: 'respond-async',
}

export const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The ETag that the change was made on; 412 when it is no longer that.',
  schema: { type: 'string', maxLength: 128 },
  example: '"7"',
}

export function id(name: string, description: string): Parameter {
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    example: '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  }
}

export function query(
  name: string,
  description: string,
  schema: Parameter['schema'],
  example: Parameter['example'],
): Parameter {
  return { name, in: 'query', required: false, description, schema, example }
}
