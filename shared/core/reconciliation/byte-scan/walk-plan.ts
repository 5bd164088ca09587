// Read by both compilers, that of TypeScript and that of AssemblyScript: only what both understand.

/** What a field holds, mixed into its hash, so that absent, null, '' and 0 stay apart. */
export enum Kind {
  absent = 0,
  null = 1,
  text = 2,
  number = 3,
  boolean = 4,
}

/** What the walk does with a field beside finding where it stands; bits. */
export enum Work {
  number = 1,
  integer = 2,
  boolean = 4,
  instant = 8,
  measure = 16,
  /** Its hash is needed. */
  hashed = 32,
}

/** How a part of a key is made alike; bits. */
export enum Alike {
  trim = 1,
  fold = 2,
  stripZeros = 4,
  /** Its text is put in by who has the rule. */
  byText = 8,
}

/** What a row is grouped by, of the text of a field. */
export enum Cut {
  none = 0,
  first = 1,
  date = 2,
  /** The record has to be looked at. */
  byRecord = 3,
}

/** Why rows were taken in no further. */
export enum Stop {
  /** No other row ends in the block. */
  end = 0,
  /** The entries have to be taken away. */
  full = 1,
  /** The row has to be looked at as a record. */
  record = 2,
  /** The key of the row has to be put in. */
  key = 3,
  /** The row was taken in; it may be the newest. */
  newest = 4,
}
