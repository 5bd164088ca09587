import { hashOfKey, keyText } from '../record/key'
import { maskKey } from '../record/key-mask'
import { maskRecord } from '../record/mask'
import type { DataRecord, Value } from '../record/value'
import type { Workflow } from '../workflow'
import type { Break, BreakLog, FieldBreak } from './break'
import { breakHash } from './decisions'
import type { SideTotals } from './first-pass'
import type { MeasureTotals } from './measure-totals'
import type { GroupTie, MeasureTie } from './reconciliation'

type Masking = Pick<Workflow, 'personal' | 'key' | 'reconcile'>

/**
 * Masks the personal fields in all breaks of a log, at the end: until then causes are found in what they really hold,
 * afterwards their `hash` says what that was. The key stays, because the next reconciliation and exceptions know the
 * record by it; `shownBreak` is the break for people.
 */
export async function maskBreaks(log: BreakLog, workflow: Masking): Promise<void> {
  if (workflow.personal.length === 0) return
  for await (const page of log.read()) await log.update(page.map((one) => maskBreak(one, workflow)))
}

/** A break that was masked, as people may see it: without hashes of what could be guessed. */
export function shownBreak<T extends Break>(one: T): T {
  const shown: T = { ...one, key: one.maskedKey ?? one.key }
  delete shown.hash
  delete shown.otherKey
  delete shown.keyHash
  delete shown.maskedKey
  return shown
}

/**
 * The key of a break as people may see it.
 * @param text the key
 * @param record of which it is the key, masked or not; none of a row that could not be read, whose key is its place
 */
export function maskBreakKey(
  text: string,
  record: DataRecord | undefined,
  { personal, key, reconcile }: Masking,
): string {
  if (!record || Object.keys(record).length === 0) return text
  const matched = reconcile.match[0]?.on.map(({ field }) => field) ?? []
  return maskKey(text, keyText(record, key) === undefined ? matched : key, personal)
}

/** Of a personal measure the sum is told, but not the least and the most, which are those of single records. */
export function maskTotals(
  { measures, totals }: { measures: readonly MeasureTie[]; totals: readonly GroupTie[] },
  workflow: Masking,
): { measures: readonly MeasureTie[]; totals: readonly GroupTie[] } {
  const hidden = personalMeasures(workflow)
  if (!hidden.includes(true)) return { measures, totals }
  const shown = (one: MeasureTotals, at: number): MeasureTotals => (hidden[at] === true ? sumOnly(one) : one)
  const side = (one: SideTotals): SideTotals => ({ ...one, measures: one.measures.map(shown) })
  return {
    measures: measures.map((one, at) => ({
      ...one,
      source: shown(one.source, at),
      target: shown(one.target, at),
    })),
    totals: totals.map((one) => ({ ...one, source: side(one.source), target: side(one.target) })),
  }
}

function sumOnly({ count, sum }: MeasureTotals): MeasureTotals {
  return { count, sum }
}

function personalMeasures({ personal, reconcile }: Masking): boolean[] {
  return reconcile.measures.map(({ fields }) => fields.some((field) => personal.includes(field)))
}

function maskBreak<T extends Break>(one: T, workflow: Masking): T {
  const { personal, key } = workflow
  const { source, target, fields, effect } = one
  const isPersonal = key.some((field) => personal.includes(field))
  const text = isPersonal ? keyText(source ?? target ?? {}, key) : undefined
  const hidden = personalMeasures(workflow)
  const shown = maskBreakKey(one.key, source ?? target, workflow)
  return {
    ...one,
    hash: breakHash(one),
    ...(text === undefined ? {} : { keyHash: hashOfKey(text) }),
    ...(shown === one.key ? {} : { maskedKey: shown }),
    ...(source ? { source: maskRecord(source, personal) } : {}),
    ...(target ? { target: maskRecord(target, personal) } : {}),
    fields: fields.map((field) => (personal.includes(field.field) ? maskField(field) : field)),
    effect: effect.map((text, at) => (hidden[at] === true ? '' : text)),
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
