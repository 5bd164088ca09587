import { describe } from './entry'

/** What another system says of records that are written to it. Numbers 1020-1029. */
export const writes = describe({
  OPERATION_NOT_DECLARED: {
    number: 1020,
    title: 'The connection does not say how to do this to the target',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'The stream has no `write` for this operation', check: 'Read `write` of the stream' }],
    steps: [
      {
        who: 'you',
        do: 'Declare the operation, such as write.delete: {method: DELETE, path: /items/{id}}.',
        verify: 'tieout validate',
      },
    ],
  },
  BATCH_REFUSED: {
    number: 1021,
    title: 'The service refused the batch because of its content',
    category: 'data',
    owner: 'you',
    then: 'bisect',
    causes: [
      {
        cause: 'At least one record of the batch is not acceptable to the service',
        check: 'Read `answer` in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Look at the exceptions of the run: the records at fault are searched for and reported one by one.',
        verify: 'tieout runs show <run>',
      },
    ],
  },
  RECORD_REFUSED: {
    number: 1022,
    title: 'The service refused the record',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The service checks something that the workflow does not',
        check: 'Read the answer of the service in the exception',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the record in the source, or the mapping, by the answer of the service.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_CONFLICT: {
    number: 1023,
    title: 'The record conflicts with what the service holds',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'It exists already, or somebody changed it meanwhile',
        check: 'Look the record up in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Decide which side is right, then run the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_NOT_THERE: {
    number: 1024,
    title: 'The service does not have the record',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'It was deleted in the target, or never created there',
        check: 'Look the record up in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Use mode upsert if missing records should be created.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
})
