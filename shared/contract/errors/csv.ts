import { describe } from './entry'

/** CSV files. Numbers 5110-5119. */
export const csv = describe({
  CSV_FIELD_COUNT: {
    number: 5111,
    title: 'A row has more or fewer fields than the header',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A value holds the delimiter and is not in quotes',
        check: 'Look at the raw row in the exception',
      },
      { cause: 'The row was cut short', check: 'Look at the raw row in the exception' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Have the file written with such values in quotes, then start the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  CSV_QUOTE_INVALID: {
    number: 5112,
    title: 'Text stands after a closing quote',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'A quote inside a value is not doubled', check: 'Look at the raw row in the exception' },
      {
        cause: 'The file escapes quotes in another way',
        check: 'Compare with the settings `quote` and `escape`',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Have quotes inside values doubled, or set `quote` and `escape`.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  CSV_QUOTE_NOT_CLOSED: {
    number: 5113,
    title: 'A quote is never closed',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'The file was cut short', check: 'Compare its size with the original' },
      {
        cause: 'A value begins with a quote that means inches or is a typing mistake',
        check: 'Look at the raw row in the exception',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the row in the file, or set `quote: ""` if the file uses no quotes. Every row after it was part of it; start the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  CSV_NEEDS_QUOTES: {
    number: 5114,
    title: 'A value cannot be written without quotes',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: '`quote` is empty and the value holds the delimiter or a line break',
        check: 'Look at the value in the exception',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set `quote`, or take another delimiter, or replace the sign in the mapping.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
})
