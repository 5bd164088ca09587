import type { FieldBreak } from '../break'
import { DAY, instantsOf } from './instants'
import { numbersOf } from './numbers'
import { inEveryField, listed, type CauseRule } from './rule'

export const constantOffset: CauseRule = {
  id: 'constant-offset',
  title: 'Constant difference',
  atLeast: 3,
  byChance: true,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => `${listed(fields)} of the target is always the source's plus ${param}`,
  advice: ({ fields }) =>
    `Find what adds the same to each ${listed(fields)}, such as a fee, a deposit or an opening balance; correct it at ` +
    `its origin, or set "tolerance" if it may stay.`,
}

function ways(field: FieldBreak): string[] {
  const numbers = numbersOf(field)
  if (numbers) return [numbers.target.minus(numbers.source).toFixed()]
  const instants = instantsOf(field)
  if (!instants?.days) return []
  const days = (instants.target - instants.source) / DAY
  return Math.abs(days) === 1 ? [] : [`${days} days`]
}
