import { describe } from './entry'

/** Faults of databases reached through their driver, and of database files. Numbers 4000-4999. */
export const database = describe({
  DATABASE_UNREACHABLE: {
    number: 4000,
    title: 'The database cannot be reached',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      {
        cause: 'The host name or port is wrong',
        check: 'Compare host and port in the message with the connection',
      },
      {
        cause: 'A firewall between here and the database drops the connection',
        check: 'tieout doctor <connection>',
      },
      { cause: 'The server is down or starting', check: 'pg_isready -h <host> -p <port>' },
    ],
    steps: [
      { who: 'you', do: 'Check host and port of the connection.', verify: 'tieout doctor <connection>' },
      {
        who: 'your-network-team',
        do: 'Open the way from this machine to the host and port in the message (TCP).',
        verify: 'tieout doctor <connection>',
      },
    ],
  },
  DATABASE_TLS_REFUSED: {
    number: 4001,
    title: 'The encrypted connection to the database could not be made',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: "The server's certificate comes from a private authority",
        check: 'tieout doctor <connection>',
      },
      {
        cause: 'The certificate is for another host name',
        check: 'Compare the host with the names in the message',
      },
      { cause: 'The server has TLS switched off', check: 'SHOW ssl; on the server' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Put the PEM file of the authority into ssl.ca of the connection. For a server without TLS set ssl.mode: disable.',
        verify: 'tieout doctor <connection>',
      },
    ],
  },
  DATABASE_LOGIN_REFUSED: {
    number: 4002,
    title: 'The database refused the login',
    category: 'auth',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'User or password is wrong, or the password has expired',
        check: 'psql -h <host> -U <user> <database>',
      },
      {
        cause: 'pg_hba.conf has no line for this user, database and address',
        check: 'The message of the server names them',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct user and password of the connection.',
        verify: 'tieout doctor <connection>',
      },
      {
        who: 'other-system',
        do: 'Let the user in from this address (pg_hba.conf), then reload the server.',
        verify: 'tieout doctor <connection>',
      },
    ],
  },
  DATABASE_UNKNOWN: {
    number: 4003,
    title: 'The server has no database of this name',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'A mistyped database name', check: 'psql -h <host> -U <user> -l' }],
    steps: [
      { who: 'you', do: 'Correct the database of the connection.', verify: 'tieout doctor <connection>' },
    ],
  },
  DATABASE_BUSY: {
    number: 4004,
    title: 'The database has no room for this right now',
    category: 'limit',
    owner: 'other-system',
    then: 'wait',
    causes: [
      { cause: 'All connections of the server are in use', check: 'SELECT count(*) FROM pg_stat_activity' },
      {
        cause: 'Another program holds a lock on the table or file',
        check: "SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      },
      {
        cause: 'Disk or memory of the server is full, or it is starting or stopping',
        check: 'The message of the server says which',
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: 'End idle sessions, free disk space, or close the program that holds the lock.',
        verify: 'tieout doctor <connection>',
      },
    ],
  },
  DATABASE_CONNECTION_LOST: {
    number: 4005,
    title: 'The connection to the database broke',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      {
        cause: 'The server was restarted or an administrator ended the session',
        check: "The server's log at the time of the fault",
      },
      {
        cause: 'A firewall or proxy cuts long or idle connections',
        check: 'Does it always break after the same time?',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Let connections to the database stay open while they are in use. Nothing was written: the run repeats the batch.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_CONFLICT: {
    number: 4006,
    title: 'Another program changed the same rows at the same time',
    category: 'state',
    owner: 'other-system',
    then: 'wait',
    causes: [{ cause: 'A job or user writes the same table now', check: 'SELECT * FROM pg_stat_activity' }],
    steps: [
      {
        who: 'you',
        do: 'Nothing if it passes: the batch was rolled back and is repeated. If it happens every night, move one of the two jobs.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  DATABASE_COMMIT_UNKNOWN: {
    number: 4007,
    title: 'The connection broke while the database confirmed a batch',
    category: 'network',
    owner: 'your-network-team',
    then: 'verify',
    causes: [
      {
        cause: 'The server was restarted or the network failed at that moment',
        check: "The server's log at the time of the fault",
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Nothing: the run repeats the batch with the same key, which is safe whether it was written or not.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
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
        do: 'Run the GRANT in the message as owner of the table.',
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
  DATABASE_TIMEOUT: {
    number: 4016,
    title: 'A statement took longer than allowed',
    category: 'limit',
    owner: 'you',
    then: 'wait',
    causes: [
      {
        cause: 'Another session holds a lock that the statement waits for',
        check: "SELECT * FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      },
      { cause: 'The table has no index on the key or cursor', check: 'The indexes of the table' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Add the index, write smaller batches, or raise statementTimeout of the connection.',
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
  DATABASE_FAILED: {
    number: 4019,
    title: 'The database failed',
    category: 'state',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'A defect or damage of the server, its disk or the database file',
        check: "The server's log at the time of the fault",
      },
    ],
    steps: [
      {
        who: 'other-system',
        do: "Find the cause in the server's log; check the disk.",
        verify: 'tieout doctor <connection>',
      },
    ],
  },
  DATABASE_FILE_UNUSABLE: {
    number: 4020,
    title: 'The database file cannot be opened',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'There is no file of this name; paths are relative to the folder of the definition',
        check: 'The path in the message',
      },
      {
        cause: 'The file is not a SQLite database, or is encrypted',
        check: "Its first bytes are 'SQLite format 3'",
      },
      { cause: 'The user of this process may not read it', check: 'The permissions of the file' },
    ],
    steps: [{ who: 'you', do: 'Correct `file` of the connection.', verify: 'tieout doctor <connection>' }],
  },
})
