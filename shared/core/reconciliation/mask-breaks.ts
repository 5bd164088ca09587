import { hashOfKey, keyText } from '../record/key'
import { maskRecord } from '../record/mask'
import type { Value } from '../record/value'
import type { Workflow } from '../workflow'
import type { Break, BreakLog, FieldBreak } from './break'
import { breakHash } from './decisions'

/**
 * Masks the personal fields in all breaks of a log, at the end: until then causes are found in what they really hold,
 * afterwards their `hash` says what that was.
 */
export async function maskBreaks(log: BreakLog, workflow: Pick<Workflow, 'personal' | 'key'>): Promise<void> {
  if (workflow.personal.length === 0) return
  for await (const page of log.read()) await log.update(page.map((one) => maskBreak(one, workflow)))
}

function maskBreak<T extends Break>(one: T, { personal, key }: Pick<Workflow, 'personal' | 'key'>): T {
  const { source, target, fields } = one
  const isPersonal = key.some((field) => personal.includes(field))
  const text = isPersonal ? keyText(source ?? target ?? {}, key) : undefined
  return {
    ...one,
    hash: breakHash(one),
    ...(text === undefined ? {} : { keyHash: hashOfKey(text) }),
    ...(source ? { source: maskRecord(source, personal) } : {}),
    ...(target ? { target: maskRecord(target, personal) } : {}),
    fields: fields.map((field) => (personal.includes(field.field) ? maskField(field) : field)),
  }
}

/** A difference would tell one value to who knows the other. */
function maskField({ field, source, target }: FieldBreak): FieldBreak {
  const mask = (value: Value): Value => maskRecord({ field: value }, ['field'])['field'] ?? null
  return {
    field,
    ...(source === undefined ? {} : { source: mask(source) }),
    ...(target === undefined ? {} : { target: mask(target) }),
  }
}
