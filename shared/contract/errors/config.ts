import { describe } from './entry'

/** What is wrong with the definition, the command line and the installation. Numbers 8000-8999. */
export const config = describe({
  DEFINITION_NOT_FOUND: {
    number: 8000,
    title: 'There is no definition file',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The command was started in another folder',
        check: 'Look for tieout.yaml in the folder that the message names',
      },
      {
        cause: 'No definition was made yet',
        check: 'Look for tieout.yaml in the folder that the message names',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Go to the folder of the definition, or name the file with --config. To make one: tieout init --from <source> --to <target>.',
        verify: 'tieout validate',
      },
    ],
  },
  DEFINITION_INVALID: {
    number: 8001,
    title: 'The definition is not valid',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A name is misspelt or stands in the wrong place',
        check: 'Read the line that each message names',
      },
      { cause: 'A value or a secret is missing', check: 'Read the line that each message names' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct each line named; docs/definition.md has an example of every part.',
        verify: 'tieout validate',
      },
    ],
  },
  WORKFLOW_UNKNOWN: {
    number: 8002,
    status: 404,
    title: 'The definition has no workflow of this name',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A mistyped name, or another definition file', check: 'tieout validate' }],
    steps: [{ who: 'you', do: 'Take a name from the list in the message.', verify: 'tieout validate' }],
  },
  CONNECTION_UNKNOWN: {
    number: 8003,
    status: 404,
    title: 'The definition has no connection of this name',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A mistyped name, or another definition file', check: 'tieout validate' }],
    steps: [{ who: 'you', do: 'Take a name from the list in the message.', verify: 'tieout doctor' }],
  },
  SECRETS_FILE_NOT_FOUND: {
    number: 8004,
    title: 'The secrets file is not there',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The path after --secrets is misspelt or relative to another folder',
        check: 'List the folder that the message names',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the path, or leave --secrets out to use .tieout/secrets.env beside the definition.',
        verify: 'tieout validate',
      },
    ],
  },
  COMMAND_INVALID: {
    number: 8005,
    title: 'The command cannot be understood',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A command or an option is misspelt or lacks its value', check: 'tieout --help' }],
    steps: [{ who: 'you', do: 'Correct the command as the message says.', verify: 'tieout --help' }],
  },
  NODE_TOO_OLD: {
    number: 8006,
    title: 'This version of Node.js is too old',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The machine has another Node.js than the one that the repository brings along',
        check: 'node --version',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start Tieout through npm (npm run -s tieout -- <command>), which uses the Node.js of the repository, or install Node.js 24.',
        verify: 'node --version',
      },
    ],
  },
  FILE_EXISTS: {
    number: 8007,
    title: 'A file is there already and would have been overwritten',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A definition was made here before', check: 'Open the file that the message names' }],
    steps: [
      {
        who: 'you',
        do: 'Add the workflow to the existing definition by hand, or make a new one under another name: tieout init --config <file>.',
        verify: 'tieout validate',
      },
    ],
  },
  CONNECTOR_UNDETECTED: {
    number: 8008,
    title: 'No connector fits this file or address',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The ending of the file or the scheme of the address is not known',
        check: 'Compare it with docs/reference/connectors.md',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Name the connector before a colon, such as csv:stock.txt or postgres:postgres://host/database.',
        verify: 'tieout init --from <source> --to <target>',
      },
    ],
  },
  STREAM_UNCLEAR: {
    number: 8009,
    title: 'The system has several streams and none was named',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A database or an API holds more than one table or resource',
        check: 'Read the list in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Name one after a # sign, such as postgres://host/database#stock.',
        verify: 'tieout init --from <source> --to <target>',
      },
    ],
  },
  RECEIPT_NOT_READABLE: {
    number: 8010,
    title: 'The receipt cannot be read',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The file is missing, is not JSON, or the run has no receipt yet', check: 'tieout runs' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Name a file with a receipt, or the id of a run that has ended.',
        verify: 'tieout verify-receipt <file>',
      },
    ],
  },
  CANCELLED: {
    number: 8011,
    title: 'It was stopped before its end',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'Ctrl-C, a call that cancelled it, or the process was asked to end', check: 'tieout runs' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the same again: a sync goes on from its last checkpoint and sends nothing twice.',
        verify: 'tieout runs',
      },
    ],
  },
})
