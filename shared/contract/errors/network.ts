import { describe } from './entry'

/** Names, connections and answers. Numbers 1000-1099; proxies have 1100-1199, certificates 1200-1299. */
export const network = describe({
  DNS_NAME_UNKNOWN: {
    number: 1000,
    title: 'The host name does not exist',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      { cause: 'A typing mistake in the address', check: 'nslookup <host>' },
      {
        cause: 'The name exists only in an internal DNS that this computer does not ask',
        check: 'nslookup <host> <internal DNS server>',
      },
      {
        cause: 'Names outside are resolved by the proxy only, and none is set',
        check: 'Look at HTTPS_PROXY and at `proxy` of the connection',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the host in the address of the connection.',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'your-network-team',
        do: 'Let this computer resolve the name, or name the proxy that does.',
        verify: 'nslookup <host>',
      },
    ],
  },
  DNS_UNAVAILABLE: {
    number: 1001,
    title: 'The name service does not answer',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [{ cause: 'The DNS server is down or cannot be reached from here', check: 'nslookup <host>' }],
    steps: [
      {
        who: 'your-network-team',
        do: 'Restore the DNS service for this computer.',
        verify: 'nslookup <host>',
      },
    ],
  },
  CONNECTION_REFUSED: {
    number: 1002,
    title: 'Nobody listens at this host and port',
    category: 'network',
    owner: 'other-system',
    then: 'wait',
    causes: [
      { cause: 'The service is stopped or restarting', check: 'nc -vz <host> <port>' },
      {
        cause: 'The port in the address is wrong',
        check: 'Compare it with the documentation of the service',
      },
    ],
    steps: [
      { who: 'you', do: 'Check host and port of the connection.', verify: 'tieout doctor <workflow>' },
      { who: 'other-system', do: 'Start the service.', verify: 'nc -vz <host> <port>' },
    ],
  },
  CONNECT_TIMEOUT: {
    number: 1003,
    title: 'No connection within the time allowed',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      {
        cause: 'A firewall drops outbound packets to this host and port',
        check: 'nc -vz -w 10 <host> <port>',
      },
      {
        cause: 'The network needs a proxy and none is set',
        check: 'Look at HTTPS_PROXY and at `proxy` of the connection',
      },
      {
        cause: 'The other side does not know the address that this network shows to the world',
        check: 'Ask the other side for its list of allowed addresses',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Open outbound TCP to the host and port in the message, or name the proxy to use.',
        verify: 'nc -vz -w 10 <host> <port>',
      },
      {
        who: 'you',
        do: 'Set `proxy` of the connection or HTTPS_PROXY if the network has one.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  HOST_UNREACHABLE: {
    number: 1004,
    title: 'There is no way to this host',
    category: 'network',
    owner: 'your-network-team',
    then: 'wait',
    causes: [
      { cause: 'A firewall rejects the connection, or a VPN is down', check: 'nc -vz <host> <port>' },
      {
        cause: 'The name has an IPv6 address, but IPv6 does not work here',
        check: 'nslookup -type=AAAA <host>',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Open the way to the host and port in the message.',
        verify: 'nc -vz <host> <port>',
      },
    ],
  },
  CONNECTION_LOST: {
    number: 1005,
    title: 'The connection broke before the answer was complete, and nothing was changed by it',
    category: 'network',
    owner: 'other-system',
    then: 'wait',
    causes: [
      {
        cause: 'A firewall or load balancer cut an idle connection',
        check: 'See whether it happens after a pause of a minute or more',
      },
      { cause: 'The service crashed or was restarted', check: 'Ask for its log at the time of the message' },
      {
        cause: 'A filter on the way reset the connection because of the content',
        check: 'See whether it is always the same page',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the workflow again: it goes on where it stopped.',
        verify: 'tieout sync <workflow>',
      },
      {
        who: 'other-system',
        do: 'Look up the request in the log of the service at the time of the message.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  ANSWER_TIMEOUT: {
    number: 1006,
    title: 'No complete answer within the time allowed, and nothing was changed by the request',
    category: 'network',
    owner: 'other-system',
    then: 'wait',
    causes: [
      { cause: 'The page is too large for the service', check: 'Try with a smaller `paging.size`' },
      {
        cause: 'A proxy holds the answer back until it has scanned it',
        check: 'Compare with a call that bypasses the proxy',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Make `paging.size` smaller or `timeoutMs` larger.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  RESPONSE_LOST: {
    number: 1007,
    title: 'The request was sent, but its answer did not arrive',
    category: 'network',
    owner: 'other-system',
    then: 'verify',
    causes: [
      {
        cause: 'The service needed longer than `timeoutMs`',
        check: 'Look for the duration in the log of the service',
      },
      {
        cause: 'The connection broke while the service was at work',
        check: 'Look up a record of the batch in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Start the workflow again: it reads back what was written before it repeats anything.',
        verify: 'tieout sync <workflow>',
      },
      {
        who: 'you',
        do: 'If it happens often, make `size` of the batch smaller or `timeoutMs` larger.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  ANSWER_NOT_HTTP: {
    number: 1008,
    title: 'What answered does not speak HTTP',
    category: 'network',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The port belongs to another service', check: 'curl -v <address>' },
      { cause: 'http:// is used for a port that expects https://', check: 'curl -v https://<host>:<port>' },
    ],
    steps: [{ who: 'you', do: 'Correct scheme and port of the address.', verify: 'curl -v <address>' }],
  },
  ANSWER_UNREADABLE: {
    number: 1009,
    title: 'The answer could not be read',
    category: 'network',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'A proxy changed the encoding but not the header that names it',
        check: 'curl -v --compressed <address>',
      },
      {
        cause: 'The service answers another format than the connection declares',
        check: 'Compare content-type in the message with `format` of the stream',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Declare the format that the service sends (`format`).',
        verify: 'tieout doctor <workflow>',
      },
      {
        who: 'your-network-team',
        do: 'Exempt the host from changes on the way.',
        verify: 'curl -v --compressed <address>',
      },
    ],
  },
  HTML_ANSWER: {
    number: 1010,
    title: 'A web page came instead of data',
    category: 'network',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The address is that of the web site, not of the API',
        check: 'Open the address in a browser',
      },
      {
        cause: 'A device on the way answered instead of the API',
        check: 'Look at `product` and `title` in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the address, or send the evidence to whoever runs the device that answered.',
        verify: 'curl -v <address>',
      },
    ],
  },
  LOGIN_PAGE: {
    number: 1011,
    title: 'A login page came instead of data',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      { cause: 'A portal or single sign-on stands before the API', check: 'curl -v <address>' },
      {
        cause: 'The credentials are sent in a form that the API does not know',
        check: 'Compare `auth` of the connection with the documentation of the API',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Exempt the service account from the portal, or give the address that bypasses it.',
        verify: 'curl -v <address>',
      },
    ],
  },
  REDIRECTED: {
    number: 1012,
    title: 'The request was sent on to another address',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The API moved, or wants https:// or another path', check: 'curl -v <address>' },
      { cause: 'A login stands before the API', check: 'Look at `location` in the evidence' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Use the address in the evidence, if it is one you trust. Credentials are not sent to other hosts by themselves.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  PATH_UNKNOWN: {
    number: 1013,
    title: 'The service does not know this path or method',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The path of the stream is mistyped or belongs to another version of the API',
        check: 'curl -v <address>',
      },
      { cause: 'The method is blocked on the way', check: 'Look at the header `allow` in the evidence' },
    ],
    steps: [
      { who: 'you', do: 'Correct `path` and `method` of the stream.', verify: 'tieout doctor <workflow>' },
    ],
  },
  REQUEST_REFUSED: {
    number: 1014,
    title: 'The service refuses the request itself',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'A parameter, header or format of the request is not what the service expects',
        check: 'Read `answer` in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the settings of the stream by the answer of the service.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  UPSTREAM_ERROR: {
    number: 1015,
    title: 'The service failed',
    category: 'network',
    owner: 'other-system',
    then: 'wait',
    causes: [
      { cause: 'The service is down, overloaded or being maintained', check: 'Look at its status page' },
      {
        cause: 'A gateway before the service could not reach it',
        check: 'Look at `server` and `via` in the evidence',
      },
    ],
    steps: [
      { who: 'other-system', do: 'Restore the service.', verify: 'curl -v <address>' },
      {
        who: 'you',
        do: 'Start the workflow again when the service is back: it goes on where it stopped.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  UPSTREAM_DOWN: {
    number: 1016,
    title: 'The service failed so often in a row that it is left alone for a while',
    category: 'network',
    owner: 'other-system',
    then: 'wait',
    causes: [
      { cause: 'An outage of the service or of the way to it', check: 'Look at the first fault of the run' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Wait until the time in the message; the next call tries again by itself.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  CLOCK_OFF: {
    number: 1017,
    title: 'The clock of this computer is off',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'Time is not synchronised', check: 'timedatectl (Windows: w32tm /query /status)' }],
    steps: [
      {
        who: 'you',
        do: 'Synchronise the clock (chrony, Windows: w32tm /resync).',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  ADDRESS_INVALID: {
    number: 1018,
    title: 'The address is not a complete http or https URL',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [
      {
        cause: 'The scheme is missing or a variable was not filled in',
        check: 'Read the address in the message',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Write the address like https://api.example.com/v1.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  LISTING_LOOPS: {
    number: 1019,
    title: 'The pages of the listing repeat',
    category: 'config',
    owner: 'other-system',
    then: 'stop',
    causes: [
      {
        cause: 'The service ignores the page parameter and always sends the first page',
        check: 'Compare two pages by hand',
      },
      {
        cause: 'The cursor in the answer is the one that was asked with',
        check: 'Look at the answer at the place named in `paging`',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct `paging` of the stream: type and names of the parameters.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  OPERATION_NOT_DECLARED: {
    number: 1020,
    title: 'The connection does not say how to do this to the target',
    category: 'config',
    owner: 'you',
    then: 'stop',
    causes: [{ cause: 'The stream has no `write` for this operation', check: 'Read `write` of the stream' }],
    steps: [
      {
        who: 'you',
        do: 'Declare the operation, such as write.delete: {method: DELETE, path: /items/{id}}.',
        verify: 'tieout validate',
      },
    ],
  },
  BATCH_REFUSED: {
    number: 1021,
    title: 'The service refused the batch because of its content',
    category: 'data',
    owner: 'you',
    then: 'bisect',
    causes: [
      {
        cause: 'At least one record of the batch is not acceptable to the service',
        check: 'Read `answer` in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Look at the exceptions of the run: the records at fault are searched for and reported one by one.',
        verify: 'tieout runs show <run>',
      },
    ],
  },
  RECORD_REFUSED: {
    number: 1022,
    title: 'The service refused the record',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'The service checks something that the workflow does not',
        check: 'Read the answer of the service in the exception',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct the record in the source, or the mapping, by the answer of the service.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_CONFLICT: {
    number: 1023,
    title: 'The record conflicts with what the service holds',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'It exists already, or somebody changed it meanwhile',
        check: 'Look the record up in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Decide which side is right, then run the workflow again.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  RECORD_NOT_THERE: {
    number: 1024,
    title: 'The service does not have the record',
    category: 'data',
    owner: 'you',
    then: 'reject',
    causes: [
      {
        cause: 'It was deleted in the target, or never created there',
        check: 'Look the record up in the target by its key',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Use mode upsert if missing records should be created.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  BODY_CHANGED: {
    number: 1025,
    title: 'What arrived is not what was sent',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'A proxy or filter on the way rewrites, unpacks or masks bodies',
        check:
          'tieout doctor --gateway <url> compares what was sent with what arrived; its ticket has both digests',
      },
      {
        cause: 'Middleware writes the body anew: other line ends, another charset, another order of fields',
        check: 'POST /v1/diagnostics with the header Content-Digest of the body',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Exempt the host from inspection and rewriting.',
        verify: 'tieout doctor --gateway <url>',
      },
    ],
  },
  HEADERS_LOST: {
    number: 1026,
    title: 'Headers that were sent did not arrive',
    category: 'network',
    owner: 'your-network-team',
    then: 'stop',
    causes: [
      {
        cause: 'A proxy lets only headers pass that it knows',
        check: 'GET /v1/diagnostics with the header Tieout-Sent, which lists the names that were sent',
      },
    ],
    steps: [
      {
        who: 'your-network-team',
        do: 'Let the headers pass that the evidence names.',
        verify: 'tieout doctor --gateway <url>',
      },
      {
        who: 'you',
        do: 'Until then: X-API-Key and Authorization stand for each other, X-Idempotency-Key for Idempotency-Key.',
        verify: 'tieout doctor --gateway <url>',
      },
    ],
  },
})
