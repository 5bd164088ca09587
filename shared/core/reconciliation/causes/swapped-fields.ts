import { sameValue } from '../../record/canonical'
import { listed, type CauseRule } from './common/rule'

export const swappedFields: CauseRule = {
  id: 'swapped-fields',
  title: 'Two fields swapped',
  atLeast: 1,
  find: ({ kind, fields }) => {
    const [one, two] = fields
    if (kind !== 'differs' || fields.length !== 2 || !one || !two) return []
    if (one.source === undefined || two.source === undefined) return []
    if (!sameValue(one.source, two.target) || !sameValue(two.source, one.target)) return []
    return [{ fields: [one.field, two.field].sort(), param: '' }]
  },
  says: ({ fields }) => `${listed(fields)} hold one another's values`,
  advice: ({ fields }) =>
    `${listed(fields)} are mixed up in the mapping or where one side is filled: swap them there.`,
}
