/** What texts are looked at for, beside their values. */
export const patterns = {
  'decimal-comma': /^[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d+),\d+$/,
  'end-spaces': /^\s|\s$/,
  'non-ascii': /[^\0-\x7f]/,
  control: /[\0-\x1f\x7f]/,
  number: /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/,
  'iso-date': /^\d{4}-\d\d-\d\d(?:[T ].*)?$/,
  'dotted-date': /^\d{1,2}\.\d{1,2}\.\d{2,4}(?: .*)?$/,
  'slashed-date': /^\d{1,2}\/\d{1,2}\/\d{2,4}(?: .*)?$/,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
} satisfies Readonly<Record<string, RegExp>>

export type PatternName = keyof typeof patterns

export const patternNames = [
  'decimal-comma',
  'end-spaces',
  'non-ascii',
  'control',
  'dotted-date',
  'slashed-date',
  'iso-date',
  'number',
  'email',
] as const satisfies readonly PatternName[]

/** Of these it also tells something when a text is not one. */
export const expectable = ['number', 'iso-date', 'email'] as const satisfies readonly PatternName[]
