import { exactNumber } from '../../record/decimal'
import { sameValue } from '../../record/canonical'
import { Decimal } from '../../record/decimal'
import type { Value } from '../../record/value'
import type { Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'
import { inMapping } from './common/settings'

/** The same number, and at least one side has it as text: 3 and "3", "3" and "3.0". */
export const numberAsText: CauseRule = {
  id: 'number-as-text',
  title: 'Number as text',
  atLeast: 1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => `${listed(fields)} is the same number, but text ${param}`,
  advice: ({ fields }) =>
    `Say in the schema that ${listed(fields)} is a number, or make it one in the mapping: ${inMapping(fields, 'type: number')}.`,
}

function ways({ source, target }: Difference): string[] {
  const [one, two] = [numberIn(source), numberIn(target)]
  if (one === undefined || two === undefined || source === target || !sameValue(one, two)) return []
  const texts = [typeof source === 'string', typeof target === 'string']
  if (texts[0] && texts[1]) return ['on both sides']
  return texts[0] ? ['at the source'] : texts[1] ? ['at the target'] : []
}

/** Zeros in front make a text a code, not a number. */
function numberIn(value: Value | undefined): number | Decimal | undefined {
  if (typeof value === 'number' || value instanceof Decimal) return value
  return typeof value === 'string' && !/^-?0\d/.test(value) ? exactNumber(value) : undefined
}
