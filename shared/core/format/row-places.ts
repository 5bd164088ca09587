/**
 * Where the rows of a chunk begin in their file. Only a row that does not begin right after the one before it costs
 * memory: after a blank line, after a value with line breaks.
 */
export class RowPlaces {
  private rows = 0
  private next = -1
  private readonly jumps: number[] = []
  private readonly numbers: number[] = []

  /** @param before what stands before the number, such as 'stock.csv line' */
  constructor(private readonly before: string) {}

  /** The row that comes next begins at this line, row or record, from 1. */
  add(number: number): void {
    if (number !== this.next) {
      this.jumps.push(this.rows)
      this.numbers.push(number)
    }
    this.rows++
    this.next = number + 1
  }

  /** @param row from 0 */
  readonly of = (row: number): string => {
    const jump = this.jumps.findLastIndex((from) => from <= row)
    const number = (this.numbers[jump] ?? 1) + row - (this.jumps[jump] ?? 0)
    return `${this.before} ${String(number)}`
  }
}
