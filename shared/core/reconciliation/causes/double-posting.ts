import type { Difference } from './common/difference'
import { inEveryField, listed, other, type Case, type CauseRule, type Variant } from './common/rule'

export const doublePosting: CauseRule = {
  id: 'double-posting',
  title: 'Posted twice',
  atLeast: 1,
  share: 0.02,
  find: (one) => (one.kind === 'duplicate' ? repeated(one) : inEveryField(one, doubled)),
  says: ({ fields, param }) =>
    fields.length === 0
      ? `The ${param} has records more than once`
      : `${listed(fields)} of the ${param} is exactly twice that of the ${other(param)}`,
  advice: ({ fields, param }) =>
    fields.length === 0
      ? `Remove what was posted again in the ${param}, and make the key unique there so that a repeat is refused. ` +
        `Rows that belong together, such as a booking, its reversal and the right one, are added up by a match rule ` +
        `with "pairing: ${param === 'source' ? 'many-to-one' : 'one-to-many'}" and "sum".`
      : `Look in the ${param} whether ${listed(fields)} was posted twice, and take one posting back.`,
}

function repeated({ records }: Case): Variant[] {
  if (!records || records.source === records.target) return []
  return [{ fields: [], param: records.source > records.target ? 'source' : 'target' }]
}

function doubled({ numbers }: Difference): string[] {
  if (!numbers) return []
  if (numbers.source.eq(numbers.target.times(2))) return ['source']
  return numbers.target.eq(numbers.source.times(2)) ? ['target'] : []
}
