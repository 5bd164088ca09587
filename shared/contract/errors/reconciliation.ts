import { describe } from './entry'

/** Faults of reconciling. Numbers 6300-6399. */
export const reconciliation = describe({
  SIDE_INCOMPLETE: {
    number: 6300,
    title: 'A side was not read whole',
    category: 'state',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The system listed fewer records than it says there are, or records changed between its pages',
        check: 'tieout reconcile <workflow> --json',
      },
      { cause: 'The connection ended before the last page', check: 'tieout doctor <connection>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Reconcile again when nothing else writes to the system. If it happens each time, choose a way of paging or an order that the system keeps stable.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  TARGET_NOT_READABLE: {
    number: 6301,
    title: 'The target cannot be read as it is written',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The connector can only write, or the settings of the target mean nothing to a reader',
        check: 'tieout validate',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Say under reconcile.read of the workflow which stream to read and with which settings of a source.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  SIDE_NOT_SORTED: {
    number: 6302,
    title: 'A side does not come in the order of the key',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'The database sorts by the rules of a language, or the file as people do: case and accents count less',
        check: 'Look at the rows that the message names',
      },
      {
        cause: 'Numbers are sorted as texts, 10 before 9, or texts of digits as numbers',
        check: 'Look at the rows that the message names',
      },
      { cause: 'The side is not sorted, or by other fields', check: 'tieout validate' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Sort that side by the key: numbers by their value, texts by their bytes (LC_ALL=C sort; in PostgreSQL ORDER BY the key COLLATE "C"). Where one side has numbers and the other texts, say the type in the schema of the workflow.',
        verify: 'tieout reconcile <workflow>',
      },
      {
        who: 'you',
        do: 'Or take sorted out of reconcile: then the order does not matter, and what memory does not hold goes to disk.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  MEMORY_REFUSED: {
    number: 6303,
    title: 'There is less memory than matching may take',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'The process, its container or the machine is allowed less memory than `memory` under reconcile',
        check: 'ulimit -v, the limits of the container, free memory of the machine',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set memory under reconcile of the workflow to less than there is: what goes beyond it goes to disk and the result is the same.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  BREAK_MISSING_IN_TARGET: {
    number: 6310,
    title: 'The target does not have a record of the source',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'The sync has not run since, or it rejected the record', check: 'tieout runs <workflow>' },
      { cause: 'Somebody deleted it in the target', check: 'tieout report <workflow>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Retry the exception: the record is read again and sent.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  BREAK_MISSING_IN_SOURCE: {
    number: 6311,
    title: 'The source does not have a record of the target',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'It was deleted in the source and the sync deletes nothing', check: 'tieout plan <workflow>' },
      { cause: 'It was made in the target by somebody else', check: 'tieout report <workflow>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Delete it in the target, add it to the source, or ignore the exception with a reason.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  BREAK_DUPLICATE: {
    number: 6312,
    title: 'One key has more records on one side than on the other',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The record was sent twice to a system that takes everything',
        check: 'tieout report <workflow>',
      },
      { cause: 'The key of the workflow does not tell the records apart', check: 'tieout report <workflow>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Remove the surplus record, or add a field to the key that tells them apart.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  BREAK_DIFFERS: {
    number: 6313,
    title: 'Both sides have the record, and it differs',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'One side was changed after the last sync', check: 'tieout report <workflow>' },
      { cause: 'The mapping leaves the field out or converts it', check: 'tieout plan <workflow>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Say which side is right: retry sends what the source holds; accept the target with a reason keeps it as it is.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
})
