import { format as formats } from '@cfworker/json-schema'
import type { ErrorObject, ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020'
import definitionSchema from '../../contract/definition.schema.json'
import mappingSchema from '../../contract/mapping.schema.json'
import type { Finding } from '../../core/definition/finding'
import type { DefinitionCheck } from '../../core/definition/valid-part'
import type { JsonSchema } from '../../core/ports'
import type { Value } from '../../core/record/value'
import type { DefinitionFile } from '../../generated/definition'

// `expected`, `secret`, `personal` and `tsType` stand beside the keywords of JSON Schema
const ajv = new Ajv2020({
  strict: false,
  // these schemas are our own, checked by tests; that check and smaller code would cost every start 60 ms
  validateSchema: false,
  code: { optimize: false },
  allErrors: true,
  verbose: true,
  addUsedSchema: false,
  // those that records are judged by, too
  formats,
  logger: false,
})
ajv.addSchema(mappingSchema, 'mapping.schema.json')

const validDefinition = ajv.compile<DefinitionFile>(definitionSchema)
const compiled = new WeakMap<object, ValidateFunction>()

export const isDefinition: DefinitionCheck = (value, found): value is DefinitionFile => {
  if (validDefinition(value)) return true
  found(findings(validDefinition.errors))
  return false
}

/** What a schema of connector settings says against settings. */
export function findingsOf(schema: JsonSchema, value: Value): Finding[] {
  if (typeof schema === 'boolean') return []
  const validate = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, validate)
  return validate(value) ? [] : findings(validate.errors)
}

function findings(errors: ErrorObject[] | null | undefined): Finding[] {
  return (errors ?? []).map(finding)
}

function finding(error: ErrorObject<string, Readonly<Record<string, Value>>>): Finding {
  const path = error.instancePath.split('/').slice(1).map(unescaped)
  return {
    keyword: error.keyword,
    path: error.propertyName === undefined ? path : [...path, error.propertyName],
    params: error.params,
    schema: error.parentSchema ?? null,
    found: error.data,
    message: error.message ?? 'is not valid',
  }
}

/** A step of an RFC 6901 pointer. */
function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
