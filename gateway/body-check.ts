import { createAjvValidator } from '../shared/adapters/validator'
import { operations, type Operation, type OperationId } from '../shared/contract/operations'
import { entities } from '../shared/contract/schemas'
import { Fault } from '../shared/core/fault'
import type { Violation } from '../shared/core/ports'
import { isObject, isValue } from '../shared/core/record/value'
import type { Body } from './call'
import type { FieldProblem } from './problem'
import { invalid, RefusedBody } from './refused-body'

type Validate = ReturnType<ReturnType<typeof createAjvValidator>['compile']>

/** What clients send as JSON under another name: nothing at all, `curl -d`, and those that know only text. */
const MEANS_JSON = /^$|[/+]json$|^text\/plain$|^application\/(octet-stream|x-www-form-urlencoded)$/

const validator = createAjvValidator()
const schemas = Object.fromEntries(Object.entries(entities).map(([name, { schema }]) => [name, schema]))
const compiled = new Map<OperationId, Validate>()

/**
 * Holds a body against the schema of its operation before anything is done. Members that it does not know are left alone.
 * @throws RefusedBody; Fault MEDIA_TYPE_UNSUPPORTED, JSON_INVALID, BODY_EMPTY
 */
export async function checkBody(id: OperationId, body: Body): Promise<void> {
  const { request }: Operation = operations[id]
  const schema = request?.content['application/json']?.schema
  if (!request || !schema) return
  if (!MEANS_JSON.test(body.mediaType))
    throw new Fault('MEDIA_TYPE_UNSUPPORTED', `The body is ${body.mediaType}; send application/json.`, {
      contentType: body.mediaType,
      formats: 'application/json',
    })
  const value = request.required ? await body.json() : await body.jsonOr({})
  if (!isObject(value)) throw invalid('#', 'must be a JSON object')
  const violations = validateOf(id, schema)({ ...value })
  if (violations) throw new RefusedBody(plain(violations).map(fieldProblem))
}

function validateOf(id: OperationId, schema: object): Validate {
  let validate = compiled.get(id)
  if (!validate) {
    const whole: unknown = { ...schema, components: { schemas } }
    if (!isValue(whole) || !isObject(whole)) throw new TypeError(`The schema of ${id} is no JSON.`)
    compiled.set(id, (validate = validator.compile(whole)))
  }
  return validate
}

/** Where one of several fields is needed, that is said once. */
function plain(violations: readonly Violation[]): readonly Violation[] {
  const choices = violations.flatMap(({ pointer, message }) => {
    const names = /^needs one of (.*)$/.exec(message)?.[1]?.split(', ') ?? []
    return names.map((name) => `${pointer}/${name}`)
  })
  return violations.filter(({ keyword, pointer }) => keyword !== 'required' || !choices.includes(pointer))
}

function fieldProblem({ pointer, message }: Violation): FieldProblem {
  return { pointer: `#${pointer}`, detail: message }
}
