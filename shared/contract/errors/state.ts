import { describe } from './entry'

/** Faults of runs and their saved state. Numbers 6000-6099. */
export const state = describe({
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
        do: 'Mend the source, the mapping or the schema and start the workflow again. If the rejects are right, go on with exactly these: tieout sync <workflow> --approve <hash>.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
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
      { cause: 'The run is an append without a key, or still under way', check: 'tieout runs show <run>' },
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
    title: 'The target no longer holds what the run wrote',
    category: 'state',
    owner: 'you',
    then: 'reject',
    causes: [
      { cause: 'Somebody changed the record after the run', check: 'Look the record up in the target' },
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
  STORE_DAMAGED: {
    number: 6015,
    title: 'The state file is damaged',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Another program wrote into .tieout/state.sqlite, or the disk lost part of it',
        check: 'Open the file with an SQLite tool and run PRAGMA integrity_check',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Restore .tieout from a backup, or move it away: the next run reads and compares everything once.',
        verify: 'tieout runs',
      },
    ],
  },
  STORE_NEWER: {
    number: 6030,
    title: 'The state file was written by a newer Tieout',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'An older version was installed, or another machine with one shares the folder',
        check: 'tieout --version, on each machine that uses the folder',
      },
    ],
    steps: [
      { who: 'you', do: 'Start the version that wrote it, or a newer one.', verify: 'tieout runs' },
      {
        who: 'you',
        do: 'To stay with this version, restore .tieout from a backup of its time, or move it away: the next run compares everything once.',
        verify: 'tieout runs',
      },
    ],
  },
  CURSOR_UNKNOWN: {
    number: 6020,
    status: 400,
    title: 'The cursor of the feed is not known here',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'It was cut or changed on its way', check: 'Compare it with the `next` of the last page' },
      { cause: 'It came from another store, or the store was replaced', check: 'Compare where both run' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Begin without a cursor and leave out the events that you know by their id, or take the `next` of the last page.',
        verify: 'tieout feed',
      },
    ],
  },
  CURSOR_EXPIRED: {
    number: 6021,
    status: 410,
    title: 'The cursor is older than what is remembered',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Nothing was fetched with it for a long time',
        check: 'The evidence has the days that a cursor holds; look when the job ran last',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Read everything once, without changedSince; what you have and that does not come is gone. Go on with the new cursor.',
        verify: 'The answer has a Tieout-Cursor, and that one is taken',
      },
    ],
  },
  EXPORT_UNFINISHED: {
    number: 6022,
    status: 503,
    title: 'The download is still being made',
    category: 'state',
    owner: 'you',
    then: 'wait',
    causes: [
      {
        cause: 'Its source has not given its last record yet',
        check: 'The address of the download is still answering with records',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Ask again after the seconds of Retry-After: the manifest, and a rest by Range, are of a download that is whole.',
        verify: 'GET /v1/exports/{export} answers 200',
      },
    ],
  },
  GATEWAY_ALREADY_GOING: {
    number: 6023,
    title: 'A gateway is at work on this state already',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A second start, by hand or by a service manager', check: 'Look for another `tieout serve`' },
      { cause: 'The one before is still ending', check: 'Its last line is "Stopping: ..."' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Use the gateway that is there, or stop it first. A second one needs a definition in a folder of its own.',
        verify: 'GET /healthz',
      },
    ],
  },
})
