import type { Value } from '../../record/value'
import { inEveryField, listed, type CauseRule } from './common/rule'
import { underCompare } from './common/settings'

/** Nothing, written in another way on each side. */
export const nothing: CauseRule = {
  id: 'nothing',
  title: 'Absent, null or empty',
  atLeast: 1,
  find: (one) =>
    inEveryField(one, ({ source, target }) => {
      const [left, right] = [formOf(source), formOf(target)]
      return left !== undefined && right !== undefined && left !== right ? [`${left} ${right}`] : []
    }),
  says: ({ fields, param }) => {
    const [source = '', target = ''] = param.split(' ')
    return `${listed(fields)} is ${source} at the source and ${target} at the target`
  },
  advice: ({ fields, param }) =>
    `Where both mean the same, set ${underCompare(fields, `alike: [${param.replace(' ', ', ')}]`)}; "emptyAs" in the ` +
    `mapping makes them one.`,
}

function formOf(value: Value | undefined): 'absent' | 'null' | 'empty' | undefined {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  return value === '' ? 'empty' : undefined
}
