/** A value that arrived in one form and left in another. The receipt counts them by field. */
export type Alteration =
  | 'ROUNDED'
  | 'TRUNCATED'
  | 'TRIMMED'
  | 'CASE_CHANGED'
  | 'ZONE_ASSUMED'
  | 'EMPTY_TO_NULL'
  | 'EMPTY_TO_ABSENT'
  | 'NULL_TO_ABSENT'
  | 'ABSENT_TO_NULL'
  | 'NULL_TO_EMPTY'
  | 'ENCODING_REPLACED'
  | 'BIGINT_TO_TEXT'
  | 'NUMBER_TO_TEXT'
  | 'TEXT_TO_NUMBER'
  | 'TEXT_TO_BOOLEAN'
  | 'TEXT_TO_DATE_TIME'
  | 'FORMULA_ESCAPED'
  | 'DEFAULTED'

/** Counts of altered values: `field` -> alteration -> count. */
export type LedgerCounts = Record<string, Partial<Record<Alteration, number>>>

export interface Ledger {
  note(field: string, alteration: Alteration): void
  add(counts: LedgerCounts): void
}

/** For what is counted elsewhere, or not at all. */
export const UNCOUNTED: Ledger = { note: () => undefined, add: () => undefined }

export class CountingLedger implements Ledger {
  private counts = new Map<string, Map<string, number>>()

  note(field: string, alteration: Alteration): void {
    this.count(field, alteration, 1)
  }

  add(counts: LedgerCounts): void {
    for (const [field, changes] of Object.entries(counts)) {
      for (const [alteration, count] of Object.entries(changes)) this.count(field, alteration, count)
    }
  }

  counted(): LedgerCounts {
    const counts: LedgerCounts = {}
    for (const [field, changes] of this.counts) counts[field] = Object.fromEntries(changes)
    return counts
  }

  /** The counts so far; the ledger starts again from nothing. */
  take(): LedgerCounts {
    const counts = this.counted()
    this.counts = new Map()
    return counts
  }

  private count(field: string, alteration: string, by: number): void {
    const byField = this.counts.get(field) ?? new Map<string, number>()
    this.counts.set(field, byField)
    byField.set(alteration, (byField.get(alteration) ?? 0) + by)
  }
}
