import { describe } from './entry'

/** JSON and JSON Lines. Numbers 5120-5129. */
export const json = describe({
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
})
