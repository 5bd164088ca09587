import { describe } from './entry'
import { feed } from './feed'
import { runs } from './runs'
import { undo } from './undo'

/** Saved state, with `runs`, `undo` and `feed`. Numbers 6000-6099. */
export const state = describe({
  ...runs,
  ...undo,
  ...feed,
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
  TARGET_MOVED: {
    number: 6031,
    status: 409,
    title: 'The target stands at another address, or its records have another key',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The same system got another name, host or path',
        check: 'Look up a record in the target that an earlier run sent',
      },
      {
        cause: 'A reference such as ${SHOP_URL} or the stream leads to another system',
        check: 'The addresses in the message',
      },
      { cause: '`key` of the workflow names other fields', check: '`key` in the definition' },
    ],
    steps: [
      {
        who: 'you',
        do: 'The same system: approve the hash `same`. What it was given before is not sent again.',
        verify: 'tieout sync <workflow> --approve <hash>',
      },
      {
        who: 'you',
        do: 'Another system, or everything is to be sent once more: approve the hash `other`.',
        verify: 'tieout sync <workflow> --approve <hash>',
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
