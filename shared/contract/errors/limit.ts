import { describe } from './entry'

/** Limits of time, size and number. Numbers 3000-3999. */
export const limit = describe({
  RATE_LIMITED: {
    number: 3000,
    title: 'The service takes no more calls for now',
    category: 'limit',
    owner: 'other-system',
    then: 'wait',
    causes: [
      {
        cause: 'More calls than the contract allows, perhaps together with other clients of the same account',
        check: 'Look at the rate limit headers in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set `rate` of the connection to your share of the limit, or make batches larger.',
        verify: 'tieout doctor <workflow>',
      },
      { who: 'other-system', do: 'Raise the limit of the account.', verify: 'tieout doctor <workflow>' },
    ],
  },
  BATCH_TOO_LARGE: {
    number: 3001,
    title: 'The batch is too large for the service',
    category: 'limit',
    owner: 'you',
    then: 'bisect',
    causes: [
      {
        cause: 'The service, or a filter before it, limits the size of a request',
        check: 'Look at `product` and `bytes` in the evidence',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Set `write.size` of the stream to fewer records.',
        verify: 'tieout sync <workflow>',
      },
    ],
  },
  REQUEST_TOO_LONG: {
    number: 3002,
    title: 'The address or the headers are too long for the service',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'Many keys in one look-up, or a very long token', check: 'Look at `length` in the evidence' },
    ],
    steps: [{ who: 'you', do: 'Make `lookup.size` smaller.', verify: 'tieout doctor <workflow>' }],
  },
  ANSWER_TOO_LARGE: {
    number: 3003,
    title: 'The answer is larger than a page may be',
    category: 'limit',
    owner: 'you',
    then: 'stop',
    causes: [
      { cause: 'The service sends everything in one answer', check: 'Look at `bytes` in the evidence' },
    ],
    steps: [
      {
        who: 'you',
        do: 'Declare `paging`, make its `size` smaller, or read the listing as ndjson or csv.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
  LOCAL_CONNECTIONS_EXHAUSTED: {
    number: 3004,
    title: 'This computer has no free port or file handle',
    category: 'limit',
    owner: 'you',
    then: 'wait',
    causes: [{ cause: 'Too many connections at once on this computer', check: 'ss -s; ulimit -n' }],
    steps: [
      {
        who: 'you',
        do: 'Lower `concurrency` of the connections or raise the limit of the system.',
        verify: 'ulimit -n',
      },
    ],
  },
})
