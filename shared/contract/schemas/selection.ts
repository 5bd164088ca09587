import type { Schema } from '../operations/operation'
import { optional } from './entity'

const ids: Schema = { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: 10000 }
const group: Schema = { type: 'string', minLength: 1, maxLength: 128 }
export const short: Schema = { type: 'string', minLength: 1, maxLength: 64 }

/** Which exceptions: some by their numbers, or the open ones that all the others here fit. */
export const which = {
  ids: optional(ids, 'These.', [4711, 4712]),
  group: optional(group, 'All open ones of this group.', 'v1:5f0c1d2e3a4b5c6d'),
  code: optional(short, 'All open ones with this code.', 'UPSTREAM_DOWN'),
  run: optional(short, 'All open ones that last failed in this run.', '5f0c1d2e'),
  assignee: optional(group, 'All open ones assigned to somebody.', 'kim'),
  tag: optional(short, 'All open ones with this tag.', 'supplier'),
  text: optional(
    { type: 'string', minLength: 1, maxLength: 256 },
    'All open ones with this in the key or the message.',
    '00042',
  ),
}
const FILTERS = Object.keys(which).filter((name) => name !== 'ids')
/** Not both ways at once. */
export const ONE_WAY: Schema = {
  if: { required: ['ids'] },
  then: { properties: Object.fromEntries(FILTERS.map((name) => [name, false])) },
}
/** One of both. */
export const SAID: Schema = { anyOf: Object.keys(which).map((name) => ({ required: [name] })) }
/** What an example does without that names a group. */
export const ONLY_GROUP = ['ids', ...FILTERS.filter((name) => name !== 'group')]
