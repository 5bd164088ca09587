import { codeOf } from './common/code'
import type { Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'

/** All cut to the same width. That one text goes on where the other ends is chance with texts of any length. */
export const truncated: CauseRule = {
  id: 'truncated',
  title: 'Truncated',
  atLeast: 3,
  share: 0.1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => {
    const [side = '', width = ''] = param.split(' ')
    return `${listed(fields)} is cut to ${width} characters in the ${side}`
  },
  advice: ({ fields, param }) =>
    `Widen ${listed(fields)} in the ${param.split(' ')[0] ?? ''}, and send the records again that were cut.`,
}

function ways({ source, target, numbers }: Difference): string[] {
  const [one, two] = numbers ? [] : [codeOf(source), codeOf(target)]
  if (one === undefined || two === undefined) return []
  if (isCut(one, two)) return [`target ${two.length}`]
  return isCut(two, one) ? [`source ${one.length}`] : []
}

/** What is cut off are more than spaces. */
function isCut(whole: string, part: string): boolean {
  return part !== '' && part.length < whole.trimEnd().length && whole.startsWith(part)
}
