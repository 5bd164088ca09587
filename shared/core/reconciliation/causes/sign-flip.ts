import { inEveryField, listed, type CauseRule } from './common/rule'
import { inMapping } from './common/settings'

export const signFlip: CauseRule = {
  id: 'sign-flip',
  title: 'Sign turned round',
  atLeast: 1,
  find: (one) => inEveryField(one, ({ numbers }) => (numbers?.source.eq(numbers.target.neg()) ? [''] : [])),
  says: ({ fields }) => `The sign of ${listed(fields)} is turned round`,
  advice: ({ fields }) =>
    `Find out which side books with the opposite sign. Where that is how both are meant to be, turn it in the mapping: ` +
    `${inMapping(fields, 'factor: -1')}.`,
}
