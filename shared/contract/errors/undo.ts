import { describe } from './entry'

/** Taking back what a run wrote. Numbers 6012-6014. */
export const undo = describe({
  UNDO_NOT_POSSIBLE: {
    number: 6012,
    title: 'This run cannot be undone',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'The target cannot be read back by key, so nobody can tell whether it still holds what the run wrote',
        check: 'Look for "looks up records" in the README of its connector',
      },
      { cause: 'The run is an append, or still under way', check: 'tieout runs show <run>' },
      {
        cause: 'The workflow writes to another place than the run did',
        check: 'Compare the two places in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Declare a look-up for the stream, turn the workflow to where the run wrote, or restore the target from its own backup.',
        verify: 'tieout undo <run>',
      },
    ],
  },
  CHANGED_SINCE: {
    number: 6013,
    title: 'The target holds something else than the run sent',
    category: 'state',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'Somebody changed the record after the run', check: 'Look the record up in the target' },
      {
        cause:
          'The target keeps a value otherwise than it was sent: it rounds (counted as altered in the receipt), char(n) adds spaces, time adds seconds',
        check: 'Compare the record in the target with the source',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Decide by hand which value is right: undo leaves this record as it is.',
        verify: 'Look the record up in the target',
      },
    ],
  },
  BEFORE_UNKNOWN: {
    number: 6014,
    title: 'What the target held before is not known',
    category: 'state',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The target does not tell what it held before a write',
        check: 'Look at the README of its connector',
      },
    ],
    steps: [{ who: 'you', do: 'Restore this record by hand.', verify: 'Look the record up in the target' }],
  },
})
