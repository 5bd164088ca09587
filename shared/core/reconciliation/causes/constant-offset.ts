import { DAY, type Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'

export const constantOffset: CauseRule = {
  id: 'constant-offset',
  title: 'Constant difference',
  atLeast: 3,
  share: 0.1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) =>
    `${listed(fields)} of the target is always the source's ${param.startsWith('-') ? `minus ${param.slice(1)}` : `plus ${param}`}`,
  advice: ({ fields }) =>
    `Find what adds the same to each ${listed(fields)}, such as a fee, a deposit or an opening balance, and correct it ` +
    `where it comes from.`,
}

function ways({ numbers, instants }: Difference): string[] {
  if (numbers) return [numbers.target.minus(numbers.source).toFixed()]
  if (!instants?.days) return []
  const days = (instants.target - instants.source) / DAY
  return Math.abs(days) === 1 ? [] : [`${days} days`]
}
