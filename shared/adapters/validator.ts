import { format as formats } from '@cfworker/json-schema'
import Ajv, { type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020'
import { toPointer } from '../core/mapping/path'
import type { JsonSchema, Validator, Violation } from '../core/ports'
import { isValue } from '../core/record/value'
import { checkSchema } from '../core/validation/check-schema'
import { multipleOf, withDecimals, type Validate } from '../core/validation/decimals'
import { draftOf, type Draft } from '../core/validation/draft'
import { createInterpretingValidator } from '../core/validation/interpreting'
import { maxViolations, violation } from '../core/validation/message'

type Engine = Ajv | Ajv2020

const options: Options = {
  // `personal`, `secret` and other keywords that only Tieout knows stand beside those of JSON Schema
  strict: false,
  // `checkSchema` does it for both validators
  validateSchema: false,
  allErrors: true,
  // errors then carry the keyword's value and the value found, for messages
  verbose: true,
  // those of the interpreting validator: a record is judged alike on every platform
  formats,
  logger: false,
}

/**
 * What ajv 8 judges otherwise than JSON Schema says: unevaluated items beside `contains` and `if`, and fields that have
 * the name of something that every object inherits. The public test suite shows it.
 */
const beyondAjv = new RegExp(
  `"(?:unevaluatedItems|unevaluatedProperties|${Object.getOwnPropertyNames(Object.prototype).join('|')})"`,
)

/** Nearly all date-times (RFC 3339) at a glance; what is rare, such as the 29th of February, gets the full check. */
const PLAIN_DATE_TIME =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * Compiled validation by ajv; for hosts that refuse generated code there is `createInterpretingValidator`, which also
 * judges here by the schemas that are beyond ajv.
 *
 * @param known schemas that `$ref` may reach by their address; nothing is ever fetched
 */
export function createAjvValidator(known: Readonly<Record<string, JsonSchema>> = {}): Validator {
  const interpreting = createInterpretingValidator(known)
  const engines = new Map<Draft, Engine>()
  const engineOf = (draft: Draft): Engine => {
    const engine = engines.get(draft) ?? createEngine(draft, known)
    engines.set(draft, engine)
    return engine
  }
  return {
    compile(schema) {
      const engine = engineOf(draftOf(schema))
      checkSchema(schema)
      const compiled = beyondAjv.test(JSON.stringify(schema)) ? undefined : tryCompile(engine, schema)
      return compiled ? withDecimals(schema, withEngine(compiled)) : interpreting.compile(schema)
    },
  }
}

function createEngine(draft: Draft, known: Readonly<Record<string, JsonSchema>>): Engine {
  const engine: Engine = draft === '7' ? new Ajv(options) : new Ajv2020(options)
  engine.addFormat(
    'date-time',
    (text: string) => PLAIN_DATE_TIME.test(text) || formats['date-time']?.(text) === true,
  )
  engine.removeKeyword('multipleOf')
  engine.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: multipleOf,
  })
  for (const [address, schema] of Object.entries(known)) engine.addSchema(schema, address)
  return engine
}

/** @returns undefined when ajv can't: the schema is wrong or beyond it, and the interpreting validator tells which */
function tryCompile(engine: Engine, schema: JsonSchema): ValidateFunction | undefined {
  try {
    return engine.compile(schema)
  } catch {
    return undefined
  } finally {
    // two workflows may use the same $id
    if (typeof schema === 'object') engine.removeSchema(schema)
  }
}

function withEngine(validate: ValidateFunction): Validate {
  return (record) => {
    if (validate(record)) return undefined
    const found: Violation[] = []
    for (const error of validate.errors ?? []) {
      const each = toViolation(error)
      if (each) found.push(each)
      if (found.length === maxViolations) break
    }
    return found
  }
}

function toViolation(error: ErrorObject): Violation | undefined {
  const { instancePath, keyword } = error
  const params: Readonly<Record<string, unknown>> = error.params
  const name = params['missingProperty'] ?? params['additionalProperty']
  const pointer = typeof name === 'string' ? instancePath + toPointer([name]) : instancePath
  return violation(pointer, keyword === 'false schema' ? 'false' : keyword, {
    expected: isValue(error.schema) ? error.schema : undefined,
    found: isValue(error.data) ? error.data : undefined,
  })
}
