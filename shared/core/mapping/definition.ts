import type { Value } from '../record/value'

/**
 * The mapping language: target field -> where its value comes from and what is done to it. `docs/mapping.md` tells it
 * to people, `shared/contract/mapping.schema.json` to programs. The name '*' is no field: `'*': drop` keeps source
 * fields that no entry uses out of the record, `'*': pass` lets them through although the schema doesn't list them.
 */
export type MappingDefinition = Readonly<Record<string, FieldMapping>>

/** A text is a source path: `qty`, `address.city`, `items[0].sku`, `/items/0/sku`; a dot in a name is `\.`. */
export type FieldMapping = string | FieldRule

/**
 * At most one origin (`from` to `fields`; none means the source field of the same name), then any steps. The steps run in
 * the order in which they stand here, whatever their order in the definition.
 */
export interface FieldRule extends ValueSteps {
  from?: string
  value?: Value
  template?: string
  concat?: readonly FieldMapping[]
  when?: readonly Branch[]
  cel?: string
  /** An object made of fields. */
  fields?: MappingDefinition

  /** Between the parts of `concat`; default none. */
  separator?: string

  /** Maps every item of a list of objects. */
  each?: MappingDefinition
  /** Makes one text of a list. */
  join?: string
  /** Instead of absent and of null. */
  default?: Value
}

/** What is done to one value, or to every item of a list. */
interface ValueSteps {
  /** Makes a list of a text; with `take` (from 0, or from the end with -1) one part of it. */
  split?: string
  take?: number
  trim?: boolean
  /** null and 'null' are the same: YAML reads `null` without quotes as its own. */
  emptyAs?: null | 'null' | 'absent'
  case?: 'upper' | 'lower'
  /** Code -> value. */
  values?: Readonly<Record<string, Value>>
  /** What becomes of a value that `values` doesn't have; default `reject`. */
  otherwise?: 'keep' | 'reject' | { readonly value: Value }
  type?: FieldType
  /** Luxon tokens of the text that arrives, for `date` and `date-time`; without it ISO 8601. */
  format?: string
  /** IANA name of the zone of date-times that arrive without one. */
  zone?: string
  /** Multiplies. A text keeps more digits than YAML's numbers. */
  factor?: number | string
  /** Rounds to so many decimals. */
  decimals?: number
  /** Default `half-up` (away from zero). */
  round?: 'half-up' | 'half-even'
}

export type FieldType = 'text' | 'integer' | 'number' | 'decimal' | 'boolean' | 'date' | 'date-time'

/** The first branch whose condition is true gives the value; none gives absent. */
type Branch = { readonly if: string; readonly then: FieldMapping } | { readonly else: FieldMapping }
