import { format as formats, Validator, type Schema } from '@cfworker/json-schema'
import type { ErrorObject, ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020'
import definitionSchema from '../../contract/definition.schema.json'
import mappingSchema from '../../contract/mapping.schema.json'
import type { Finding } from '../../core/definition/finding'
import type { DefinitionCheck } from '../../core/definition/valid-part'
import type { JsonSchema } from '../../core/ports'
import type { Value } from '../../core/record/value'
import type { DefinitionFile } from '../../generated/definition'

/**
 * What a schema says against a value. Nearly all values are valid, which the interpreting validator sees in a tenth of
 * the time that ajv takes to compile; only for what is wrong, ajv finds the words.
 */
class Check {
  private readonly interpreting: Validator
  private compiled: ValidateFunction | undefined

  constructor(private readonly schema: object) {
    this.interpreting = new Validator(copy(schema), '2020-12')
    this.interpreting.addSchema(copy(mappingSchema), MAPPING)
  }

  findings(value: unknown): Finding[] {
    if (this.interpreting.validate(value).valid) return []
    this.compiled ??= ajv().compile(this.schema)
    return this.compiled(value) ? [] : (this.compiled.errors ?? []).map(finding)
  }
}

const MAPPING = 'mapping.schema.json'
const definition = new Check(definitionSchema)
const ofSettings = new WeakMap<object, Check>()

export const isDefinition: DefinitionCheck = (value, found): value is DefinitionFile => {
  const wrong = definition.findings(value)
  if (wrong.length > 0) found(wrong)
  return wrong.length === 0
}

/** What a schema of connector settings says against settings. */
export function findingsOf(schema: JsonSchema, value: Value): Finding[] {
  if (typeof schema === 'boolean') return []
  const check = ofSettings.get(schema) ?? new Check(schema)
  ofSettings.set(schema, check)
  return check.findings(value)
}

let engine: Ajv2020 | undefined

function ajv(): Ajv2020 {
  if (engine) return engine
  // `expected`, `secret`, `personal` and `tsType` stand beside the keywords of JSON Schema
  engine = new Ajv2020({
    strict: false,
    // these schemas are our own, checked by tests
    validateSchema: false,
    code: { optimize: false },
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    // those that records are judged by, too
    formats,
    logger: false,
  })
  engine.addSchema(mappingSchema, MAPPING)
  return engine
}

/** The interpreting validator writes into its schemas. */
function copy(schema: object): Schema {
  const copied: unknown = JSON.parse(JSON.stringify(schema))
  return isSchema(copied) ? copied : {}
}

function isSchema(copied: unknown): copied is Schema {
  return typeof copied === 'object' && copied !== null
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
