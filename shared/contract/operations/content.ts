import { entities, ref, type EntityName } from '../schemas'
import type { Content, Schema } from './operation'

/** Shapes of answers that more than one operation has. */

export function json(schema: Schema, example: unknown): Readonly<Record<string, Content>> {
  return { 'application/json': { schema, examples: { example } } }
}

/** An object of the API. */
export function entity(name: EntityName): Readonly<Record<string, Content>> {
  return json(ref(name), entities[name].example)
}

/** `{items: [...], next?}`: objects at the top, never arrays; `next` is absent on the last page. */
export function page(name: EntityName): Readonly<Record<string, Content>> {
  const schema = {
    type: 'object',
    properties: {
      items: { type: 'array', items: ref(name) },
      next: { type: 'string', description: 'The `after` of the next page; absent on the last.' },
    },
    required: ['items'],
  }
  return json(schema, { items: [entities[name].example] })
}

/** Bytes in a format of records. */
export function bytes(example: string): Content {
  return { schema: { type: 'string', contentMediaType: 'application/octet-stream' }, examples: { example } }
}

export const ETAG = {
  ETag: {
    description: 'Version of what was answered, for If-Match.',
    schema: { type: 'string' },
    example: '"7"',
  },
}

export const POLL = {
  Location: {
    description: 'Where the run is to be followed; also `statusUrl` in the body.',
    schema: { type: 'string', format: 'uri' },
    example: 'https://tieout.example.com/v1/runs/5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  },
  'Retry-After': {
    description: 'Seconds until asking again is worthwhile; also `pollAfterSeconds` in the body.',
    schema: { type: 'integer' },
    example: 2,
  },
}
