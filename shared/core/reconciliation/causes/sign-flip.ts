import { inEveryField, listed, type CauseRule } from './rule'

export const signFlip: CauseRule = {
  id: 'sign-flip',
  title: 'Sign turned round',
  atLeast: 1,
  find: (one) => inEveryField(one, ({ numbers }) => (numbers?.source.eq(numbers.target.neg()) ? [''] : [])),
  says: ({ fields }) => `The sign of ${listed(fields)} is turned round`,
  advice: ({ fields }) =>
    `Find out which side books with the opposite sign; then set "factor: -1" for ${listed(fields)} under ` +
    `"compare" or, where the target is to be corrected, in the mapping.`,
}
