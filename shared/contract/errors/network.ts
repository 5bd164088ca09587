import { describe } from './entry'

/** Names and connections, and what is lost on the way. Numbers 1000-1099, with `api`; proxies have 1100-1199, certificates 1200-1299. */
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
