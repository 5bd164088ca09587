import type { Difference } from './difference'
import { inEveryField, inKey, listed, type CauseRule } from './rule'
import { folded, spaced } from './texts'

export const spaceAndCase: CauseRule = {
  id: 'space-and-case',
  title: 'Spaces and case',
  atLeast: 1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => `${listed(fields)} differs only in ${param}`,
  advice: (variant, context) => {
    const settings = inKey(variant, context) ? ['trim: true', 'fold: true'] : ['space: true', 'fold: true']
    const wanted = settings.filter((_, i) => variant.param.includes(i === 0 ? 'spaces' : 'case'))
    const where = inKey(variant, context) ? 'in the match rule' : 'under "compare"'
    return `Set ${wanted.map((one) => `"${one}"`).join(' and ')} for ${listed(variant.fields)} ${where}, or clean it in the mapping.`
  },
}

/** A difference in one of them is also one in both: so a mixture has one cause, and one of a kind its own. */
function ways({ texts }: Difference): string[] {
  if (!texts || spaced(texts.source) === '' || spaced(texts.target) === '') return []
  const { source, target } = texts
  if (spaced(source) === spaced(target)) return ['spaces', 'spaces and case']
  if (folded(source) === folded(target)) return ['case', 'spaces and case']
  return folded(spaced(source)) === folded(spaced(target)) ? ['spaces and case'] : []
}
