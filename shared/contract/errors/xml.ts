import { describe } from './entry'

/** XML documents. Numbers 5130-5139. */
export const xml = describe({
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
})
