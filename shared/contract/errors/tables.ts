import { describe } from './entry'

/** What a database says of tables and of what is written to them. Numbers 4000-4999, with `database`. */
export const tables = describe({
  DATABASE_TABLE_UNKNOWN: {
    number: 4008,
    title: 'The database has no table of this name',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'A mistyped name, or upper and lower case differ', check: 'tieout streams <connection>' },
      {
        cause: 'The table is in another schema, or the user may not see it',
        check: 'tieout streams <connection>',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the stream; write schema.table if it is not in the default schema.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DATABASE_COLUMN_UNKNOWN: {
    number: 4009,
    title: 'The table has no column of this name',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The mapping makes a field that the table does not have',
        check: 'tieout streams <connection>',
      },
      { cause: 'The column was renamed or dropped', check: 'tieout streams <connection>' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the field in the mapping, or add the column to the table.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DATABASE_PERMISSION_DENIED: {
    number: 4010,
    title: 'The database user lacks a privilege',
    category: 'auth',
    owner: 'other-system',
    then: 'stop',
    causes: [{ cause: 'The user was never granted what this step needs', check: 'tieout doctor <workflow>' }],
    steps: [
      {
        who: 'other-system',
        do: 'Run the GRANT that the check prints, as owner of the table.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DATABASE_LEDGER_REFUSED: {
    number: 4011,
    title: 'Append mode needs a ledger table and may not create it',
    category: 'auth',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The user may not create tables in the schema of the target',
        check: 'tieout doctor <workflow>',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Run the GRANT in the message. Tieout then keeps the key of each written batch in tieout_ledger for 7 days, so that a repeated batch is not appended twice.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'you',
        do: 'Or choose a mode that finds rows by their key (upsert, insert-only), or set ledger: off and accept that a batch in doubt may stand twice.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_KEY_NOT_UNIQUE: {
    number: 4012,
    title: 'The key has no unique index in the target table',
    category: 'config',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The table has no primary key or unique index over exactly the key fields',
        check: 'The indexes of the table, such as \\d <table> in psql',
      },
      {
        cause: 'The key of the workflow names other fields than the table',
        check: 'Compare `key` of the workflow with the primary key',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Run the CREATE UNIQUE INDEX in the message.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DATABASE_VALUE_REFUSED: {
    number: 4013,
    title: 'The database cannot store a value of this record',
    category: 'data',
    owner: 'you',
    then: 'bisect',
    causes: [
      {
        cause: 'The value has another type than the column, is too long or out of range',
        check: 'Compare the column in the message with the record',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Convert the field in the mapping, or change the type of the column; then re-drive the exception.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_CONSTRAINT_BROKEN: {
    number: 4014,
    title: 'A rule of the database refused this record',
    category: 'data',
    owner: 'you',
    then: 'bisect',
    causes: [
      { cause: 'A required column is null or missing', check: 'The column in the message' },
      {
        cause: 'A referenced row does not exist yet',
        check: 'The constraint in the message: load the parent stream first',
      },
      {
        cause: 'Another row already has a value that must be unique, or a check or trigger said no',
        check: 'The constraint in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the record or load what it refers to, then re-drive the exception.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_WRITE_SUPPRESSED: {
    number: 4015,
    title: 'The database took the record and did not write it',
    category: 'data',
    owner: 'other-system',
    then: 'bisect',
    causes: [
      {
        cause: 'A trigger returns NULL, a rule redirects the row, or row level security hides it',
        check: 'The triggers, rules and policies of the table',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'Let the user of the connection bypass the trigger, rule or policy, or correct it.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_READ_ONLY: {
    number: 4017,
    title: 'This database can only be read',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The connection leads to a standby server', check: 'SELECT pg_is_in_recovery()' },
      {
        cause: 'The database, the user or the file is set to read only',
        check: 'SHOW default_transaction_read_only',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Connect to the primary server, or make the file writable.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  DATABASE_STATEMENT_REFUSED: {
    number: 4018,
    title: 'The database does not accept the statement',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The query of the source is wrong', check: 'Run the query in a client of the database' },
      { cause: 'The mapping writes a generated or identity column', check: 'The column in the message' },
      { cause: 'The server is older than Tieout supports', check: 'SHOW server_version' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the query or the mapping by the message of the server.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
})
