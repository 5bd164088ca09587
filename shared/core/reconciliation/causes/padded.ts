import { codeOf } from './common/code'
import type { Difference } from './common/difference'
import { inEveryField, inKey, listed, other, type CauseRule } from './common/rule'
import { inMatch } from './common/settings'

export const padded: CauseRule = {
  id: 'padded',
  title: 'Zeros in front',
  atLeast: 1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) =>
    `${listed(fields)} has zeros in front in the ${param} that the ${other(param)} does not have`,
  advice: (variant, context) =>
    inKey(variant, context)
      ? `Set ${inMatch(variant.fields, 'ignore: [zeros]')}.`
      : `Keep ${listed(variant.fields)} as text on the way: a number has no zeros in front.`,
}

function ways({ source, target, numbers }: Difference): string[] {
  const [one, two] = numbers ? [] : [codeOf(source), codeOf(target)]
  if (one === undefined || two === undefined || one === two || stripped(one) !== stripped(two)) return []
  return [one.length > two.length ? 'source' : 'target']
}

function stripped(code: string): string {
  return code.replace(/^0+(?=.)/, '')
}
