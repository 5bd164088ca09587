import { describe } from './entry'
import { formats } from './formats'

/** Files that cannot be reached, read or written. Numbers 5000-5099; what is in them has 5100-5199. */
export const files = describe({
  FILE_NOT_FOUND: {
    number: 5000,
    title: 'There is no such file',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A typing mistake in the name, or another case of letters',
        check: 'Compare it with the names in the message',
      },
      {
        cause: 'The path is relative to the folder of the definition, not to where the command was started',
        check: 'Look for the path of the message in the folder of the definition',
      },
      { cause: 'The export that writes the file has not run', check: 'Look at the time of its last run' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the path in the workflow or in `folder` of the connection.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  FILE_NOT_READABLE: {
    number: 5001,
    title: 'The file cannot be read',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The user that runs Tieout has no right to read it', check: 'ls -l <file>' },
      { cause: 'It is a folder, or a network drive is gone', check: 'ls -ld <file>' },
    ],
    steps: [
      { who: 'you', do: 'Give that user the right to read the file.', verify: 'tieout doctor <workflow>' },
    ],
  },
  FILE_NOT_WRITABLE: {
    number: 5002,
    title: 'The file cannot be written',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The user that runs Tieout may not write to the folder', check: 'ls -ld <folder>' },
      { cause: 'The folder does not exist, or the file system is read-only', check: 'ls -ld <folder>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Create the folder, or give that user the right to write to it.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DISK_FULL: {
    number: 5003,
    title: 'The disk is full',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'No room for the new file beside the old one', check: 'df -h <folder>' },
      { cause: 'A quota is used up', check: 'quota' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Make room (about twice the size of the file) and start the workflow again: it goes on where it stopped.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  FILE_LOCKED: {
    number: 5004,
    title: 'Another program holds the file',
    category: 'state',
    owner: 'you',
    then: 'wait',
    causes: [
      { cause: 'The file is open in a spreadsheet program', check: 'Close it there' },
      { cause: 'Another run writes the same file', check: 'tieout runs' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Close the file in the other program, or wait until the other run has ended.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  FILE_UNPACKS_TOO_BIG: {
    number: 5005,
    status: 422,
    title: 'The packed file unpacks to more than is sensible',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A zip bomb: a small file made to fill the disk', check: 'gzip -l <file> or unzip -l <file>' },
      { cause: 'A real file that is very repetitive', check: 'gzip -l <file> or unzip -l <file>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'If you trust the file, unpack it yourself and read the unpacked one; else delete it.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  FILE_DAMAGED: {
    number: 5006,
    status: 400,
    title: 'The packed file is damaged or incomplete',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The transfer stopped before its end', check: 'Compare size and checksum with the original' },
      { cause: 'The file is not of the type that its name says', check: 'file <file>' },
    ],
    steps: [{ who: 'you', do: 'Fetch the file again.', verify: 'tieout sync <workflow>' }],
  },
  FILE_CHANGED_MEANWHILE: {
    number: 5007,
    title: 'Somebody else changed the target file during the run',
    category: 'state',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'Another program or another workflow writes the same file',
        check: 'Look at the time of its last change',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Let only this workflow write the file. Delete `<file>.tieout-stage` if the changed file is the right one, then start the workflow again with --restart.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  TARGET_FILE_NOT_REWRITABLE: {
    number: 5008,
    title: 'The target file holds rows that would be lost',
    category: 'data',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A row of the file cannot be read, so it could not be written again',
        check: 'Look at the line in the message',
      },
      { cause: 'Two rows have the same key, or a row has none', check: 'Look at the key in the message' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the row in the file, or move the file away to begin with a new one.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  ...formats,
})
