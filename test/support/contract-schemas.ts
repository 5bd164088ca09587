import { format as formats } from '@cfworker/json-schema'
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import type { Schema } from '../../shared/contract/operations/operation'
import { entities } from '../../shared/contract/schemas'

const ajv = new Ajv2020({ strict: false, allErrors: true, formats, logger: false })
ajv.addSchema({
  $id: 'https://tieout.example.com/openapi',
  components: {
    schemas: Object.fromEntries(Object.entries(entities).map(([name, { schema }]) => [name, schema])),
  },
})

const compiled = new WeakMap<Schema, ValidateFunction>()

/** What a value has against a schema of the contract, in words; none where it fits. */
export function misfits(schema: Schema, value: unknown): string[] {
  let validate = compiled.get(schema)
  if (!validate) {
    const absolute: unknown = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components', '"https://tieout.example.com/openapi#/components'),
    )
    if (typeof absolute !== 'object' || absolute === null) throw new TypeError('A schema is an object.')
    compiled.set(schema, (validate = ajv.compile(absolute)))
  }
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`)
}
