import { Decimal } from '../../../record/decimal'
import { textOf, type Value } from '../../../record/value'
import { encodingFaults } from '../encoding'
import { folded, spaced, visible } from './texts'

/** Whether two values are the same but for spaces, case, zeros in front, or the encoding. */
export function equalButForLooks(one: Value | undefined, two: Value | undefined): boolean {
  const [left, right] = [plain(one), plain(two)]
  return left === right || encodingFaults({ source: left, target: right }).length > 0
}

function plain(value: Value | undefined): string {
  const text = value instanceof Decimal ? value.canonical() : textOf(value)
  return folded(spaced(visible(text.normalize('NFKC')))).replace(/^0+(?=.)/, '')
}
