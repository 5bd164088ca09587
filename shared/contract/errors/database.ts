import { describe } from './entry'

/** Databases reached through their driver, and database files. Numbers 4000-4999, with `tables`. */
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
