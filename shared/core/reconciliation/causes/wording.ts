import type { Difference } from './common/difference'
import { inEveryField, listed, type CauseRule } from './common/rule'
import { folded, unaccented } from './common/texts'

/** Names that are written more fully on one side, such as 'Abakan Airport' and 'Abakan International Airport'. */
export const wording: CauseRule = {
  id: 'wording',
  title: 'Written more fully',
  atLeast: 3,
  share: 0.1,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) =>
    `${listed(fields)} of the ${param} has all the words of the other side and more`,
  advice: ({ fields }) =>
    `Names are no identity. Decide which side keeps ${listed(fields)}; on the other write it from there, or leave it out ` +
    `of the comparison: "ignore: [${fields.join(', ')}]" under "reconcile".`,
}

function ways({ texts, numbers, instants }: Difference): string[] {
  if (!texts || numbers || instants) return []
  const [one, two] = [wordsOf(texts.source), wordsOf(texts.target)]
  if (one.size > two.size && isWithin(two, one)) return ['source']
  return two.size > one.size && isWithin(one, two) ? ['target'] : []
}

function wordsOf(text: string): Set<string> {
  return new Set(folded(unaccented(text)).match(/[\p{L}\p{N}]+/gu))
}

function isWithin(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  return few.size > 0 && [...few].every((word) => many.has(word))
}
