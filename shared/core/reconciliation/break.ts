import type { DataRecord, Value } from '../record/value'

export type BreakKind = 'missing-in-source' | 'missing-in-target' | 'duplicate' | 'differs'

/** One disagreement. Records are as they were compared: mapped; once the reconciliation is over, personal fields are masked. */
export interface Break {
  kind: BreakKind
  /**
   * The parts of the workflow's key as one text, as `keyText` gives it; of what the first rule matched by where the record
   * has none. Of the source where both have one.
   */
  key: string
  /** Which match rule brought the records together, from 1; for missing records the last. */
  rule: number
  source?: DataRecord
  target?: DataRecord
  /** Records of this key on each side, where they are not one and one. */
  records?: { source: number; target: number }
  /** Of `differs`: the target has it under another key of the workflow, so what is sent there would be one more record. */
  otherKey?: true
  /** Only for `differs`. */
  fields: readonly FieldBreak[]
  /** By dimension in the order of the settings: of the source where it has the record. */
  dimensions: readonly string[]
  /** By measure in the order of the settings: what this break adds to source minus target, as decimal text; '' where that is personal. */
  effect: readonly string[]
  /** `pending`: too young to say; `accepted`: somebody decided that it may stay as long as it is just this. */
  state: 'open' | 'pending' | 'accepted'
  /** Id of the probable cause. */
  cause?: string
  /** When an earlier reconciliation first found it. */
  firstSeen?: number
  /** Of a masked one: what `breakHash` gave before. */
  hash?: string
  /** Of a masked one whose records have a personal key: by what that is found again, as `hashOfKey` gives it. */
  keyHash?: string
  /** Of a masked one with anything personal in its key: how people see that. */
  maskedKey?: string
}

export interface FieldBreak {
  field: string
  source?: Value
  target?: Value
  /** Source minus target where both are numbers, as decimal text. */
  difference?: string
}

/** Where breaks are kept while they are counted, explained and reported: the store, or memory. */
export interface BreakLog {
  add(breaks: readonly Break[]): Promise<void>
  /** By key, then kind: the order does not depend on that of the input. Changed ones are saved when the consumer goes on. */
  read(): AsyncIterable<readonly KeptBreak[]>
  /** Saves cause, state and age. */
  update(breaks: readonly KeptBreak[]): Promise<void>
  count(): Promise<number>
}

export interface KeptBreak extends Break {
  id: number
}
