import { textOf } from '../../record/value'
import { equalButForLooks } from './common/looks'
import { inEveryField, inKey, listed, type CauseRule } from './common/rule'
import { inMapping, inMatch } from './common/settings'

/** The same record, with the same other values, stands under another location, category or account. */
export const swappedDimension: CauseRule = {
  id: 'swapped-dimension',
  title: 'Under another heading',
  atLeast: 2,
  find: (one, { settings }) =>
    inEveryField(one, ({ field, source, target, instants }) => {
      const isDimension = settings.dimensions.some((dimension) => dimension.field === field)
      return isDimension &&
        !instants &&
        textOf(source) !== '' &&
        textOf(target) !== '' &&
        !equalButForLooks(source, target)
        ? ['']
        : []
    }),
  says: ({ fields }) =>
    `Records stand under another ${listed(fields)} on each side, with the same other values`,
  advice: (variant, context) => {
    const { fields } = variant
    const codes = inKey(variant, context)
      ? inMatch(fields, 'values: { theirs: ours }')
      : inMapping(fields, 'values: { theirs: ours }, otherwise: keep')
    return (
      `See whether ${listed(fields)} was changed on one side only. Where both sides use other codes for the same, ` +
      `list these: ${codes}.`
    )
  },
}
