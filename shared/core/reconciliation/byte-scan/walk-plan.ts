import type { Kind } from './lanes'

/** What the walk does with a field beside finding where it stands and its lanes; bits of `FieldPlan.work`. */
export const Work = { number: 1, integer: 2, boolean: 4, instant: 8, measure: 16 } as const

/** How a file is written: signs as bytes. */
export interface ByteSigns {
  delimiter: number
  /** -1 where nothing is quoted. */
  quote: number
  escape: number
  /** What nothing between two delimiters means. */
  empty: Kind
  nullText: Uint8Array | undefined
  /** An apostrophe in front may have to go. */
  unescape: boolean
}
