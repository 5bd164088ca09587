import { describe } from './entry'

/** What a reader or writer of a file format can meet. Numbers 5100-5199. */
export const formats = describe({
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
      {
        cause: 'Another delimiter than the one that was found out',
        check: 'Look at the first row of the file',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the header row; or name the fields with `columns`, with `header: true` to pass over the one that is there; or set `delimiter`.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
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
  JSON_INVALID: {
    number: 5120,
    status: 400,
    title: 'This is not JSON',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A line or record was cut short, or written by hand',
        check: 'Look at the raw row in the exception',
      },
      {
        cause: 'The connector `json` reads one document, `ndjson` one record per line',
        check: 'Look at the first lines of the file',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the record, or use the connector that fits the file.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  JSON_DUPLICATE_FIELD: {
    number: 5121,
    title: 'A JSON object has the same field twice',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The program that wrote it merges two sources, or writes differing letters of one name',
        check: 'Look at the raw row in the exception',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Write each field once: which of the two values counts is not defined (RFC 8259, section 4).',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  FIELD_NAME_FORBIDDEN: {
    number: 5122,
    title: 'A field name cannot be used',
    category: 'data',
    owner: 'other-system',
    then: 'reject',
    causes: [
      {
        cause: 'The record has a field named __proto__, which is used to attack programs',
        check: 'Look at the raw row in the exception',
      },
    ],
    steps: [{ who: 'other-system', do: 'Remove or rename the field.', verify: 'tieout sync <workflow>' }],
  },
  JSON_TRUNCATED: {
    number: 5123,
    title: 'The JSON document ends before it is complete',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The transfer stopped before its end', check: 'Compare the size with the original' },
      { cause: 'A bracket or quote is missing', check: 'Check the document with a JSON tool' },
    ],
    steps: [{ who: 'you', do: 'Fetch the file again.', verify: 'tieout sync <workflow>' }],
  },
  JSON_STRUCTURE_INVALID: {
    number: 5124,
    title: 'The JSON document is broken between its records',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A comma or bracket is missing or doubled', check: 'Look at the byte in the message' },
      { cause: 'The file has one record per line', check: 'Use the connector `ndjson`' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the document, or use the connector that fits the file.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_PATH_NOT_FOUND: {
    number: 5125,
    title: 'The file has no records at the path',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: '`path` does not fit the file', check: 'Compare it with the fields in the message' },
      { cause: 'The file is an error report instead of data', check: 'Look at the file' },
    ],
    steps: [{ who: 'you', do: 'Set `path` to where the records are.', verify: 'tieout doctor <workflow>' }],
  },
  NOT_A_RECORD: {
    number: 5126,
    title: 'An entry is not an object',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The list holds plain values instead of objects',
        check: 'Look at the raw row in the exception',
      },
      { cause: '`path` leads to another list', check: 'Compare it with the file' },
    ],
    steps: [{ who: 'you', do: 'Set `path` to the list of objects.', verify: 'tieout doctor <workflow>' }],
  },
  XML_INVALID: {
    number: 5130,
    title: 'This is not well-formed XML',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The transfer stopped before its end', check: 'Compare the size with the original' },
      {
        cause: 'A tag is not closed or a sign such as & stands there as it is',
        check: 'Look at the line in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Have the file written by an XML library, or fetch it again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  XML_DOCTYPE_REFUSED: {
    number: 5131,
    title: 'The XML file has a DOCTYPE',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Old programs write one; attackers use it to read files or exhaust memory',
        check: 'Look at the first lines of the file',
      },
    ],
    steps: [
      { who: 'you', do: 'Have the file written without a DOCTYPE.', verify: 'tieout doctor <workflow>' },
    ],
  },
  XML_TOO_DEEP: {
    number: 5132,
    status: 422,
    title: 'The XML is nested too deeply or a record is too big',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: '`path` names an element that holds the whole document', check: 'Compare it with the file' },
      { cause: 'A file made to exhaust memory', check: 'Look at the file' },
    ],
    steps: [
      { who: 'you', do: 'Set `path` to the element that is one record.', verify: 'tieout doctor <workflow>' },
    ],
  },
  XML_NAME_INVALID: {
    number: 5133,
    title: 'A field name cannot be an XML element',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'The name has a space or begins with a digit', check: 'Look at the field in the message' },
    ],
    steps: [{ who: 'you', do: 'Rename the field in the mapping.', verify: 'tieout sync <workflow>' }],
  },
  XLSX_SHEET_NOT_FOUND: {
    number: 5140,
    title: 'The workbook has no such sheet',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A typing mistake, or the sheet was renamed',
        check: 'Compare it with the names in the message',
      },
    ],
    steps: [{ who: 'you', do: 'Set `sheet` to one of them.', verify: 'tieout doctor <workflow>' }],
  },
  XLSX_CELL_ERROR: {
    number: 5141,
    title: 'A cell holds an error instead of a value',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A formula failed (#N/A, #REF!, #DIV/0!)',
        check: 'Open the workbook at the cell in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the formula, save the workbook and start the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  XLSX_CELL_OUTSIDE: {
    number: 5143,
    title: 'A cell has a value but its column has no name',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The header row is another one than the settings say',
        check: 'Look at the cell in the message',
      },
      { cause: 'A note or a total stands beside the table', check: 'Look at the cell in the message' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Give the column a name, set `headerRow`, or remove the cell.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  XLSX_LIMIT: {
    number: 5142,
    title: 'The data does not fit into a sheet',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A sheet has at most 1,048,576 rows and 16,384 columns, a cell 32,767 characters',
        check: 'Compare with the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write CSV or NDJSON instead, or split the workflow.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
})
