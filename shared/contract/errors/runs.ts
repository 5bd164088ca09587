import { describe } from './entry'

/** What ends a run or holds it. Numbers 6000-6019. */
export const runs = describe({
  UNEXPECTED: {
    number: 6000,
    title: 'Something happened that Tieout does not know',
    category: 'ours',
    owner: 'us',
    then: 'stop',
    causes: [
      { cause: 'A defect in Tieout or an answer that nobody has met yet', check: 'tieout runs --json' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the run again: it goes on from its last checkpoint and sends nothing twice.',
        verify: 'tieout sync <workflow>',
      },
      {
        who: 'us',
        do: 'If it happens again, report the code, the detail and the receipt.',
        verify: 'tieout runs --json',
      },
    ],
  },
  RUN_ALREADY_GOING: {
    number: 6001,
    title: 'This workflow is already running',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A second start while the first is still at work', check: 'tieout runs' },
      { cause: 'The first was killed less than a lease ago', check: 'tieout runs' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Wait until the named run has ended. If it was killed, wait until its lease ends (the time is in the message), then start again.',
        verify: 'tieout runs',
      },
    ],
  },
  LEASE_LOST: {
    number: 6002,
    title: 'The run lost its lock',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause:
          'The computer slept or the process was stopped for longer than the lease, and another run took over',
        check: 'tieout runs',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Nothing if the other run is at work; else start the workflow again.',
        verify: 'tieout runs',
      },
    ],
  },
  RUN_UNKNOWN: {
    number: 6004,
    status: 404,
    title: 'No run of this name is known',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A mistyped run id, or another store', check: 'tieout runs' }],
    steps: [{ who: 'you', do: 'Take the run id from the list of runs.', verify: 'tieout runs' }],
  },
  SOURCE_CHANGED: {
    number: 6005,
    title: 'The source is not the one the run began with',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The file was replaced after the run was interrupted',
        check: 'Compare its time and size with the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the workflow with --restart: it reads the new source from its beginning; what was already written is recognised.',
        verify: 'tieout sync <workflow> --restart',
      },
    ],
  },
  OUTCOME_UNKNOWN: {
    number: 6006,
    title: 'Nobody knows whether this record was written',
    category: 'state',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause:
          'The connection broke after the request was sent, and the target can neither be read back nor asked again safely',
        check: 'Look the record up in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Look the record up in the target. Start the workflow again afterwards: a record that is missing is sent, one that is there is recognised.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  ANSWER_NOT_UNDERSTOOD: {
    number: 6007,
    title: 'The target answered something that does not say what became of the records',
    category: 'data',
    owner: 'you',
    then: 'verify',
    causes: [
      {
        cause: 'The connection does not say where the answer keeps its results',
        check: 'Compare the answer in the evidence with `write.results` of the stream',
      },
      {
        cause: 'The answer has fewer or more results than the batch had records',
        check: 'Count them in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Declare the place of the results (write.results) or say that a 2xx answer means all were accepted (write.results: all).',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  BISECTION_BUDGET: {
    number: 6008,
    title: 'The bad records of refused batches were not all found',
    category: 'limit',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause:
          'The target refuses whole batches, and so many records are bad that finding each would cost too many calls',
        check: 'Look at the rejected records of this run: they share a cause',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Mend the cause that the rejected records share and start the workflow again: unprocessed records are sent then. Or raise sync.bisectionBudget.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_PUT_OFF: {
    number: 6011,
    title: 'The target asked again and again to send the record later',
    category: 'data',
    owner: 'other-system',
    then: 'reject',
    causes: [
      {
        cause: 'The target fails at this record, and says 5xx of it as if it were busy',
        check: 'Look in its log for the time of the run',
      },
      { cause: 'It allows fewer records than are sent', check: 'Look whether the records differ every time' },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Find out why the record is not taken, and mend it.',
        verify: 'tieout sync <workflow>',
      },
      {
        who: 'you',
        do: 'Start the workflow again: every run sends it anew. Where the target is only slow, raise sync.retry.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RUN_STOPPED: {
    number: 6009,
    title: 'The run ended before this record was sent',
    category: 'state',
    owner: 'you',
    then: 'reject',
    causes: [{ cause: 'An outage or a fault ended the run; the receipt names it', check: 'tieout runs' }],
    steps: [
      {
        who: 'you',
        do: 'Mend what the receipt names and start the workflow again: it goes on from its last checkpoint.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  GUARD_REJECTS: {
    number: 6010,
    status: 422,
    title: 'Too many records are being rejected',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The source changed its format, or the target its rules',
        check: 'Look at what the rejected records share: tieout runs show <run>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Mend the source, the mapping or the schema and start the workflow again. If the rejects are right, go on with exactly these: tieout sync <workflow> --approve <hash>, or POST /v1/runs/{run}/resume with {"approve":"<hash>"}.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
})
