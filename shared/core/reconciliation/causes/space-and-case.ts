import type { Difference } from './common/difference'
import { inEveryField, inKey, listed, type CauseRule } from './common/rule'
import { bare, folded, spaced, visible } from './common/texts'
import { inMatch, underCompare } from './common/settings'

const PUNCTUATION = 'punctuation'
const INVISIBLE = 'characters that take no room'

export const spaceAndCase: CauseRule = {
  id: 'space-and-case',
  title: 'Spaces and case',
  atLeast: 1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => `${listed(fields)} differs only in ${param}`,
  advice: (variant, context) => {
    if (variant.param === INVISIBLE)
      return `Remove what cannot be seen from ${listed(variant.fields)} where it is entered or copied from.`
    if (variant.param === PUNCTUATION)
      return `Write ${listed(variant.fields)} in one way: take the punctuation out in the mapping.`
    const kinds = [
      ...(variant.param.includes('case') ? ['case'] : []),
      ...(variant.param.includes('spaces') ? ['space'] : []),
    ]
    const rule = `ignore: [${kinds.join(', ')}]`
    const setting = inKey(variant, context)
      ? inMatch(variant.fields, rule)
      : underCompare(variant.fields, rule)
    return `Where that does not matter, set ${setting}; else clean it in the mapping.`
  },
}

/** A difference in one of them is also one in both: so a mixture has one cause, and one of a kind its own. */
function ways({ texts, numbers, instants }: Difference): string[] {
  if (!texts || spaced(texts.source) === '' || spaced(texts.target) === '') return []
  const { source, target } = texts
  if (spaced(source) === spaced(target)) return ['spaces', 'spaces and case']
  if (folded(source) === folded(target)) return ['case', 'spaces and case']
  if (folded(spaced(source)) === folded(spaced(target))) return ['spaces and case']
  if (spaced(visible(source)) === spaced(visible(target))) return [INVISIBLE]
  return !numbers && !instants && bare(source) === bare(target) && bare(source) !== '' ? [PUNCTUATION] : []
}
