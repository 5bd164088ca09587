import { textOf } from '../../record/value'
import { equalButForLooks } from './looks'
import { inEveryField, listed, type CauseRule } from './rule'

/** The same record, with the same other values, stands under another location, category or account. */
export const swappedDimension: CauseRule = {
  id: 'swapped-dimension',
  title: 'Under another heading',
  atLeast: 2,
  find: (one, { settings }) =>
    inEveryField(one, ({ field, source, target }) => {
      const isDimension = settings.dimensions.some((dimension) => dimension.field === field)
      return isDimension &&
        textOf(source) !== '' &&
        textOf(target) !== '' &&
        !equalButForLooks(source, target)
        ? ['']
        : []
    }),
  says: ({ fields }) =>
    `Records stand under another ${listed(fields)} on each side, with the same other values`,
  advice: ({ fields }) =>
    `See whether ${listed(fields)} was moved on one side only, or whether both use other codes for the same: then ` +
    `list those in "values" of the mapping or of the match rule.`,
}
