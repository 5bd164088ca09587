import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import type { Operation, Parameter } from '../shared/contract/operations/operation'
import { Fault } from '../shared/core/fault'
import { isValue, type DataRecord } from '../shared/core/record/value'
import type { FieldProblem } from './problem'

/** Everything in a request that parameters are taken from. */
export interface RawParameters {
  path: Readonly<Record<string, string>>
  query: URLSearchParams
  /** In lower case. */
  headers: Readonly<Record<string, string>>
}

export class RefusedParameters extends Fault {
  constructor(readonly fields: readonly FieldProblem[]) {
    const detail = fields.map(({ parameter, detail }) => `${parameter ?? ''} ${detail}`).join('; ')
    super('PARAMETER_INVALID', `${detail}.`, {
      parameters: fields.map((field) => field.parameter).join(', '),
    })
  }
}

/** The schemas are the contract's own, which its tests check: ajv need not, which would take longer than all else. */
const ajv = new Ajv2020({
  coerceTypes: true,
  useDefaults: true,
  allErrors: true,
  strict: false,
  meta: false,
  validateSchema: false,
})

/**
 * Reads the parameters of one operation: converted to the types of their schemas, defaults filled in. Query parameters
 * that it does not know are left alone: whatever middleware adds does no harm.
 */
export class ParameterReader {
  private compiled: ValidateFunction | undefined

  constructor(private readonly operation: Operation) {}

  /** Compiled with the first request: a gateway starts sooner than all of its operations are needed. */
  private get validate(): ValidateFunction {
    const { parameters } = this.operation
    return (this.compiled ??= ajv.compile({
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    }))
  }

  /** @throws RefusedParameters */
  read(raw: RawParameters): DataRecord {
    const values: DataRecord = {}
    for (const parameter of this.operation.parameters) {
      const text = textOf(parameter, raw)
      if (text !== undefined) values[parameter.name] = text
    }
    const data: unknown = values
    if (!this.validate(data)) throw new RefusedParameters(this.problems())
    return isRecord(data) ? data : {}
  }

  private problems(): FieldProblem[] {
    return (this.validate.errors ?? []).map(({ instancePath, params, message = '' }) => {
      const missing: unknown = params['missingProperty']
      if (typeof missing === 'string') return { parameter: missing, detail: 'is missing' }
      const name = instancePath.slice(1)
      const allowed: unknown = params['allowedValues']
      const detail = Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : message
      return { parameter: name, detail }
    })
  }
}

function textOf({ in: where, name }: Parameter, { path, query, headers }: RawParameters): string | undefined {
  if (where === 'path') return path[name]
  const text = where === 'query' ? query.get(name) : headers[name.toLowerCase()]
  // middleware sends what it has no value for as an empty text
  return text === null || text === '' ? undefined : text
}

function isRecord(data: unknown): data is DataRecord {
  return isValue(data) && typeof data === 'object' && data !== null && !Array.isArray(data)
}
