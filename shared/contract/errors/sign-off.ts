import { describe } from './entry'

/** Faults of reports and their signatures. Numbers 6200-6299. */
export const signOff = describe({
  RECONCILIATION_UNKNOWN: {
    number: 6200,
    status: 404,
    title: 'There is no such reconciliation',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The workflow was never reconciled', check: 'tieout reconcile <workflow>' },
      { cause: 'A mistyped id, or another state file', check: 'tieout report <workflow> --json' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Reconcile the workflow, or name the id that an earlier report shows.',
        verify: 'tieout report <workflow>',
      },
    ],
  },
  PERIOD_CLOSED: {
    number: 6201,
    title: 'The period is signed already',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Somebody signed it; the message says who, when and which reconciliation',
        check: 'tieout report <workflow>',
      },
      { cause: 'The wrong month', check: 'Compare it with the as-of time of the report' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Leave the period as it is: a signature is not taken back. What was found later belongs to the next period.',
        verify: 'tieout report <workflow>',
      },
    ],
  },
  PERIOD_INVALID: {
    number: 6202,
    status: 422,
    title: 'A period is a month',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'Another form than year, hyphen, month', check: 'Compare it with 2026-11' }],
    steps: [
      {
        who: 'you',
        do: 'Write the period as year and month, such as 2026-11.',
        verify: 'tieout sign-off <id> --period 2026-11 --as <name>',
      },
    ],
  },
  REPORT_CHANGED: {
    number: 6203,
    title: 'The report is not what the reconciliation found',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Its summary or its breaks were changed in the state file after it ended',
        check: 'tieout report <id> --format json: compare it with the file kept when it ran',
      },
      {
        cause: 'Its breaks are no longer kept, because enough newer reconciliations followed',
        check: 'tieout report <id> --format json: it has no breaks',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Reconcile again and sign the new report. Find out who can write to the state file.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  SIGN_OFF_NEEDS_COMMENT: {
    number: 6204,
    status: 422,
    title: 'Open breaks are signed with a comment only',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'The reconciliation has breaks that nobody settled', check: 'tieout report <id>' }],
    steps: [
      {
        who: 'you',
        do: 'Settle the breaks and reconcile again, or say in a comment why the period may be closed with them: they are carried forward with their age.',
        verify: 'tieout sign-off <id> --period <period> --as <name> --comment <text>',
      },
    ],
  },
  SIGN_OFF_NOT_POSSIBLE: {
    number: 6205,
    title: 'A reconciliation that did not end cannot be signed',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'It failed; its report names the fault', check: 'tieout report <id>' }],
    steps: [
      {
        who: 'you',
        do: 'Mend what the report names, reconcile again and sign that.',
        verify: 'tieout reconcile <workflow>',
      },
    ],
  },
  BREAK_FILTER_UNKNOWN: {
    number: 6206,
    status: 400,
    title: 'The report has nothing of this name to look into',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A misspelt dimension or cause', check: 'tieout report <workflow>: it lists both' },
      { cause: 'The cause was found in another reconciliation', check: 'tieout report <id>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Take the name from the report that you look into.',
        verify: 'tieout report <workflow>',
      },
    ],
  },
})
