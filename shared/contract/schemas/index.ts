import type { Schema } from '../operations/operation'
import * as access from './access'
import * as decisions from './decisions'
import type { Entity } from './entity'
import * as exceptions from './exceptions'
import * as problem from './problem'
import * as reconciliation from './reconciliation'
import * as work from './work'

/** The objects of the API by name. */
export const entities: Readonly<Record<EntityName, Entity>> = {
  ...access,
  ...decisions,
  ...exceptions,
  ...problem,
  ...reconciliation,
  ...work,
}

export type EntityName =
  | keyof typeof access
  | keyof typeof decisions
  | keyof typeof exceptions
  | keyof typeof problem
  | keyof typeof reconciliation
  | keyof typeof work

/** A schema by its name in `components`. */
export function ref(name: EntityName): Schema {
  return { $ref: `#/components/schemas/${name}` }
}
