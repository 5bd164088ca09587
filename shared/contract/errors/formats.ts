import { describe } from './entry'
import { csv } from './csv'
import { json } from './json'
import { xlsx } from './xlsx'
import { xml } from './xml'

/** What a reader or writer of a file format can meet. Numbers 5100-5199. */
export const formats = describe({
  ...csv,
  ...json,
  ...xml,
  ...xlsx,
  TEXT_ENCODING_INVALID: {
    number: 5100,
    status: 400,
    title: 'The file is not in the encoding that it is read with',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'It comes from a program that writes Windows-1252 or UTF-16', check: 'file <file>' },
      { cause: 'It is not a text file at all', check: 'file <file>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set `encoding` to what the message suggests, or have the file sent as UTF-8.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  ROW_TOO_LONG: {
    number: 5101,
    title: 'A row does not end',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A quote that opens a value is never closed', check: 'Look at the line in the message' },
      {
        cause: '`quote` or `path` does not fit the file',
        check: 'Compare the first lines with the settings',
      },
    ],
    steps: [{ who: 'you', do: 'Correct the row, or the setting.', verify: 'tieout doctor <workflow>' }],
  },
  HEADER_INVALID: {
    number: 5102,
    title: 'The header row cannot be used',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A column has no name, or two have the same', check: 'Look at the first row of the file' },
      { cause: 'The file has no header row', check: 'Look at the first row of the file' },
      { cause: 'Titles stand above the header row', check: 'Look at the first lines of the file' },
      {
        cause: 'It is a web page, XML or JSON that was sent in place of the file',
        check: 'Look at the first lines of the file',
      },
      {
        cause: 'Another delimiter than the one that was found out',
        check: 'Look at the first row of the file',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the header row; or name the fields with `columns`, with `header: true` to pass over the one that is there; or set `headerRow` or `delimiter`.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
})
