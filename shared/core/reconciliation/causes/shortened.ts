import { Decimal } from '../../record/decimal'
import type { Value } from '../../record/value'
import type { Difference } from './difference'
import { inEveryField, inKey, listed, other, type CauseRule } from './rule'
import { inMatch } from './settings'

/** Texts that were cut to a width, and codes that lost or gained the zeros in front. */
export const shortened: CauseRule = {
  id: 'shortened',
  title: 'Truncated or padded',
  atLeast: 2,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) => {
    const [way, side = '', width = ''] = param.split(' ')
    return way === 'padded'
      ? `${listed(fields)} has zeros in front in the ${side} that the ${other(side)} does not have`
      : `${listed(fields)} is cut to ${width} characters in the ${side}`
  },
  advice: (variant, context) => {
    const [way, side = ''] = variant.param.split(' ')
    const fields = listed(variant.fields)
    if (way === 'cut') return `Widen ${fields} in the ${side}, and send the records again that were cut.`
    return inKey(variant, context)
      ? `Set ${inMatch(variant.fields, 'ignore: [zeros]')}.`
      : `Keep ${fields} as text on the way: a number has no zeros in front.`
  },
}

function ways({ source, target, numbers }: Difference): string[] {
  if (numbers) return []
  const one = codeOf(source)
  const two = codeOf(target)
  if (one === undefined || two === undefined || one === two) return []
  if (stripped(one) === stripped(two)) return [`padded ${one.length > two.length ? 'source' : 'target'}`]
  if (isCut(one, two)) return [`cut target ${two.length}`]
  return isCut(two, one) ? [`cut source ${one.length}`] : []
}

function codeOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || value instanceof Decimal ? String(value) : undefined
}

function stripped(code: string): string {
  return code.replace(/^0+(?=.)/, '')
}

/** What is cut off are more than spaces. */
function isCut(whole: string, part: string): boolean {
  return part !== '' && part.length < whole.trimEnd().length && whole.startsWith(part)
}
