import { Fault } from '../fault'
import type { JsonSchema } from '../ports'
import { textOf } from '../record/value'

export type Draft = '2020-12' | '7'

const drafts: Readonly<Record<string, Draft>> = {
  '': '2020-12',
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'http://json-schema.org/draft-07/schema': '7',
}

/** @throws Fault SCHEMA_INVALID for a draft that is not supported */
export function draftOf(schema: JsonSchema): Draft {
  const named = typeof schema === 'object' ? textOf(schema['$schema']) : ''
  const draft = drafts[named.replace(/#$/, '')]
  if (draft) return draft
  throw schemaInvalid(
    '/$schema',
    `names ${named}; write https://json-schema.org/draft/2020-12/schema or draft-07`,
  )
}

/** @param problem follows the place in the schema */
export function schemaInvalid(pointer: string, problem: string, cause?: unknown): Fault {
  const place = pointer === '' ? 'its root' : pointer
  return new Fault('SCHEMA_INVALID', `schema: ${place} ${problem}`, { pointer }, undefined, { cause })
}
