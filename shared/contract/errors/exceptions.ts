import { describe } from './entry'

/** Faults of working on exceptions. Numbers 6016-6019 and 6100-6199. */
export const exceptions = describe({
  EXCEPTION_CHANGED: {
    number: 6016,
    title: 'The exception was changed by somebody else in the meantime',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A colleague or a run changed it after you read it',
        check: 'Read its history: tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Read the exception again, see who did what, and repeat your change if it still makes sense.',
        verify: 'tieout exceptions show <id>',
      },
    ],
  },
  EXCEPTION_UNKNOWN: {
    number: 6017,
    status: 404,
    title: 'No exception of this number is known',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A mistyped number, or another store', check: 'tieout exceptions list --records' }],
    steps: [
      {
        who: 'you',
        do: 'Take the number from the list of exceptions.',
        verify: 'tieout exceptions list --records',
      },
    ],
  },
  EXCEPTION_STATE: {
    number: 6018,
    title: 'The exception is in no state for this change',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'It was resolved meanwhile, by a colleague or because a run moved its record',
        check: 'tieout exceptions show <id>',
      },
      {
        cause: 'Its content was emptied by the retention of its workflow',
        check: 'tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Read its history. If it is not over yet, reopen it first and repeat the change.',
        verify: 'tieout exceptions show <id>',
      },
    ],
  },
  EXCEPTION_CHANGE_INVALID: {
    number: 6019,
    status: 422,
    title: 'The change of an exception lacks something',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A text is empty or too long, or a time has passed',
        check: 'The message names what is missing',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Add what the message names. Who ignores an exception gives a reason and when it ends.',
        verify: 'tieout exceptions show <id>',
      },
    ],
  },
  FIX_INVALID: {
    number: 6100,
    status: 422,
    title: 'The edit cannot be made',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'It is not written as field=value or field:=JSON', check: 'tieout exceptions fix --help' },
      { cause: 'The field holds that already', check: 'tieout exceptions show <id>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write --set field=text, --set field:=JSON (a number, true, null) or --unset field.',
        verify: 'tieout exceptions fix <id> --set field=value --preview',
      },
    ],
  },
  FIX_PERSONAL: {
    number: 6101,
    status: 422,
    title: 'A personal field is corrected one exception at a time',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'The edit is for a group, for the mapping or a decision, and no value of a field with personal: true is kept to compare or repeat',
        check: 'tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the value in the source system, or in one exception with tieout exceptions fix <id> --set; then send the record again.',
        verify: 'tieout exceptions retry <id>',
      },
    ],
  },
  FIX_NOT_SAVEABLE: {
    number: 6102,
    title: 'The edit cannot be written as a mapping rule',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The field is used by an expression, a template or a rule that changes it before',
        check: 'Read the map of the workflow in tieout.yaml',
      },
      {
        cause: 'The field is to be removed, or the value is a list or an object',
        check: 'tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write the rule into the map of the workflow by hand.',
        verify: 'tieout validate',
      },
    ],
  },
  RETRY_EMPTY: {
    number: 6103,
    status: 422,
    title: 'There is nothing to send again',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'No exception fits what was asked for, or none is open', check: 'tieout exceptions list' },
      {
        cause:
          'All that was chosen came in a file that was sent, and a retry reads the source of the workflow',
        check: 'tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Name exceptions by id, or choose others by --group, --code or --state.',
        verify: 'tieout exceptions list',
      },
    ],
  },
  RETRY_AFTER_SYNC: {
    number: 6104,
    title: 'An interrupted sync has to be finished first',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'A sync was killed while it wrote to a target that holds a repeated record twice; only that run knows which records it may have sent',
        check: 'tieout runs <workflow>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the sync: it goes on where it was interrupted. Then retry.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  EXCEPTION_EXPIRED: {
    number: 6106,
    title: 'The content of the exception is no longer kept',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'It was resolved longer ago than the workflow keeps the content of exceptions',
        check: 'tieout exceptions show <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Run the sync: if the record still fails, the exception opens again with its content.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DECISION_NOT_POSSIBLE: {
    number: 6107,
    title: 'This cannot be decided here',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The source has no such record to take over, or the exception has no key that both sides know',
        check: 'tieout exceptions compare <id>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct one of the systems, or ignore the exception with a reason.',
        verify: 'tieout exceptions compare <id>',
      },
    ],
  },
})
