import { describe } from './entry'

/** What is wrong with records, mappings and schemas. Numbers 7000-7999. */
export const data = describe({
  VALUE_NOT_CONVERTIBLE: {
    number: 7001,
    title: 'A value cannot become what the mapping asks for',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The source holds another notation, such as a decimal comma',
        check: 'Read the value in the message',
      },
      {
        cause: 'A date-time has no zone and the mapping names none',
        check: 'Look for `zone` at the field in map',
      },
      {
        cause: 'An empty text stands where a value is expected',
        check: 'Look for `emptyAs` at the field in map',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the value in the source, or say in map how to read it (type, format, zone, emptyAs; for a decimal comma see docs/mapping.md), then send the record again.',
        verify: 'tieout plan <workflow>',
      },
    ],
  },
  VALUE_NOT_IN_LOOKUP: {
    number: 7002,
    title: 'A code is not in the lookup of the mapping',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'The source has a new code', check: 'Compare the code in the message with `values` in map' },
      { cause: 'The code differs in case or has spaces around it', check: 'Compare it letter by letter' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Add the code to `values`, or say with `otherwise` what to do with codes that are not listed, then send the record again.',
        verify: 'tieout plan <workflow>',
      },
    ],
  },
  EXPRESSION_FAILED: {
    number: 7003,
    title: 'An expression of the mapping has no result for this record',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The expression reads a field that this record does not have',
        check: 'Test it with has(record.field) first',
      },
      {
        cause: 'It compares or adds values of different kinds, such as a text and a number',
        check: 'Convert the text first: decimal(record.qty)',
      },
      { cause: 'It divides by zero', check: 'Look at the record in the exception' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Make the expression answer for such records too, then send the record again.',
        verify: 'tieout plan <workflow>',
      },
    ],
  },
  VALIDATION_FAILED: {
    number: 7004,
    title: 'The record does not fit the schema of the workflow',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'The record is wrong in the source', check: 'Read which field the message names' },
      {
        cause: 'The schema is stricter than the business is',
        check: 'Read the field in the schema of the workflow',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the record in the source, or convert it in map, or relax the schema, then send the record again.',
        verify: 'tieout plan <workflow>',
      },
    ],
  },
  KEY_MISSING: {
    number: 7005,
    title: 'A record has no key',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A key field is absent, null or an empty text (0 is a key)',
        check: 'Read which field the message names',
      },
      { cause: 'The mapping renames the key field', check: 'Compare `key` with the target names in map' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Fill the key in the source, or name other key fields in the workflow, then send the record again.',
        verify: 'tieout plan <workflow>',
      },
    ],
  },
  KEY_DUPLICATE: {
    number: 7006,
    title: 'Two records of one run have the same key and different values',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The key does not identify a record: a field is missing from it',
        check: 'Compare the two records',
      },
      { cause: 'The source lists a record twice', check: 'Look the key up in the source' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Add the field that tells the records apart to the key of the workflow, or remove the wrong record from the source.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  SCHEMA_INVALID: {
    number: 7007,
    title: 'The schema of the workflow is not a valid JSON Schema',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A keyword has a value that it cannot have', check: 'Read the place that the message names' },
      {
        cause: 'A $ref points to something that is not in the schema (schemas are never fetched)',
        check: 'Look for the target of the $ref',
      },
    ],
    steps: [{ who: 'you', do: 'Correct the schema at the place named.', verify: 'tieout validate' }],
  },
  FIELD_NAME_REFUSED: {
    number: 7008,
    title: 'A field has a name that cannot be written safely',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'A field is called __proto__, or a path in map leads through constructor or prototype',
        check: 'Read the name in the message',
      },
    ],
    steps: [{ who: 'you', do: 'Rename the field in the source or in map.', verify: 'tieout validate' }],
  },
  VALUE_TOO_LONG: {
    number: 7009,
    title: 'A value is longer than the target takes',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The column or field of the target is shorter than the value',
        check: 'Compare the length with the target',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Shorten the value in the source, or widen the field in the target, then send the record again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  MAPPING_INVALID: {
    number: 7012,
    title: 'The mapping of the workflow cannot be used',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A path, an expression, a template or a zone is misspelt',
        check: 'Read the field and the place in the message',
      },
      { cause: 'A field has two origins, such as `from` and `value`', check: 'Look at the field in map' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the entry named; docs/mapping.md has an example of each rule.',
        verify: 'tieout validate',
      },
    ],
  },
})
