import Big, { type RoundingMode } from 'big.js'
import { decimalsOf, type Difference } from './common/difference'
import { inEveryField, listed, other, type CauseRule } from './common/rule'
import { underCompare } from './common/settings'

const MODES: readonly RoundingMode[] = [Big.roundHalfUp, Big.roundHalfEven, Big.roundDown]
/** Coarser values than this are no rounding but another number. */
const MOST_LOST_ZEROS = 6

export const rounding: CauseRule = {
  id: 'rounding',
  title: 'Rounding',
  atLeast: 1,
  share: 0.01,
  find: (one) => inEveryField(one, ways),
  says: ({ fields, param }) =>
    `${listed(fields)} has fewer decimals in the ${param} than in the ${other(param)}`,
  advice: ({ fields, param }) =>
    `Where that is all right, compare only as many decimals as the ${param} keeps, such as ` +
    `${underCompare(fields, 'decimals: 2')}; else send them all.`,
}

function ways({ numbers }: Difference): string[] {
  if (!numbers) return []
  if (isRounded(numbers.source, numbers.target)) return ['target']
  return isRounded(numbers.target, numbers.source) ? ['source'] : []
}

/** Trailing zeros of what was kept are not there any more, so more decimals than are seen are tried, too. */
function isRounded(exact: Big, kept: Big): boolean {
  const seen = decimalsOf(kept)
  const most = Math.min(decimalsOf(exact) - 1, seen + MOST_LOST_ZEROS)
  for (let decimals = seen; decimals <= most; decimals++) {
    if (MODES.some((mode) => exact.round(decimals, mode).eq(kept))) return true
  }
  return false
}
