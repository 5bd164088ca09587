import { createAjvValidator } from '../../shared/adapters/validator'
import { compileMapping } from '../../shared/core/mapping/compile'
import type { Mapper } from '../../shared/core/mapping/mapper'
import type { Violation } from '../../shared/core/ports'
import { missingKeyFields } from '../../shared/core/record/key'
import { CountingLedger } from '../../shared/core/record/ledger'
import { maskText } from '../../shared/core/record/mask'
import { Rejection } from '../../shared/core/record/rejection'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import { Fault } from '../../shared/core/fault'
import type { FieldProblem } from '../problem'

const validator = createAjvValidator()

interface Compiled {
  mapper: Mapper
  validate: (record: DataRecord) => readonly Violation[] | undefined
}

const compiled = new WeakMap<Workflow, Compiled>()

/**
 * A record as a workflow would send it.
 * @throws Fault VALIDATION_FAILED with the fields that are at fault
 */
export function examined(workflow: Workflow, source: DataRecord): DataRecord {
  const { mapper, validate } = compiledOf(workflow)
  const mapped = mapper.map(source, new CountingLedger())
  const problems =
    mapped instanceof Rejection ? [ofRejection(mapped)] : problemsOf(mapped, workflow.key, validate(mapped))
  if (!(mapped instanceof Rejection) && problems.length === 0) return mapped
  const seen = mapped instanceof Rejection ? [source] : [source, mapped]
  const fields = problems.map((one) => ({ ...one, detail: maskText(one.detail, seen, workflow.personal) }))
  const detail = fields.map(({ pointer = '#', detail }) => `${pointer.slice(2)} ${detail}`.trim()).join('; ')
  throw Object.assign(new Fault('VALIDATION_FAILED', `${detail}.`, { workflow: workflow.name }), { fields })
}

function compiledOf(workflow: Workflow): Compiled {
  let one = compiled.get(workflow)
  if (!one) {
    const { schema, map } = workflow
    const mapper = compileMapping(map, { ...(schema === undefined ? {} : { schema }), typed: true })
    one = { mapper, validate: schema === undefined ? () => undefined : validator.compile(schema) }
    compiled.set(workflow, one)
  }
  return one
}

function ofRejection({ message, pointer }: Rejection): FieldProblem {
  return { ...(pointer === undefined ? {} : { pointer: `#${pointer}` }), detail: message }
}

function problemsOf(
  record: DataRecord,
  key: readonly string[],
  violations: readonly Violation[] = [],
): FieldProblem[] {
  const missing = missingKeyFields(record, key).map((field) => `#/${field}`)
  return [
    ...violations.map(({ pointer, message }) => ({ pointer: `#${pointer}`, detail: message })),
    ...missing
      .filter((pointer) => !violations.some((violation) => `#${violation.pointer}` === pointer))
      .map((pointer) => ({ pointer, detail: 'is needed: it is part of the key' })),
  ]
}
