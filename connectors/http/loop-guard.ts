import { MalformedRow } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Row } from '../../shared/core/format/format'
import { sameRecord } from '../../shared/core/record/canonical'
import type { Token } from './paging'

/** Finds listings that repeat: two equal pages in a row, or a token that comes back (Brent's cycle detection). */
export class LoopGuard {
  private previous: readonly Row[] = []
  private kept = ''
  private steps = 0
  private power = 1

  check(rows: readonly Row[], next: Token | undefined, place: string): void {
    const again =
      rows.length > 0 &&
      rows.length === this.previous.length &&
      rows.every((row, index) => same(row, this.previous[index]))
    const token = JSON.stringify(next ?? {})
    if (again || (next !== undefined && token === this.kept)) {
      throw new Fault('LISTING_LOOPS', `${place}: the same page came twice`, { place, rows: rows.length })
    }
    this.previous = rows
    if (++this.steps < this.power) return
    this.kept = token
    this.steps = 0
    this.power *= 2
  }
}

function same(one: Row, two: Row | undefined): boolean {
  if (one instanceof MalformedRow || two instanceof MalformedRow || two === undefined) return false
  return sameRecord(one, two)
}
