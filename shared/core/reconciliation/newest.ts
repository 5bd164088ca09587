import type { DataRecord } from '../record/value'
import { momentOf } from './moment'

/** The latest that records have in the field that says when they changed. */
export class Newest {
  text: string | undefined
  private moment = -Infinity

  /** @param field without one there is nothing to note */
  constructor(private readonly field: string | undefined) {}

  note(record: DataRecord): void {
    if (this.field === undefined) return
    const value = record[this.field]
    const moment = momentOf(value)
    if (moment === undefined || moment <= this.moment || typeof value !== 'string') return
    this.moment = moment
    this.text = value
  }
}
