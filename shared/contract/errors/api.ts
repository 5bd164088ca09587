import { describe } from './entry'
import { writes } from './writes'

/** What the API of another system answers. Numbers 1000-1099, with `network`. */
export const api = describe({
  ...writes,
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
      {
        cause: 'The answer has its records elsewhere than the stream declares',
        check: 'Compare the answer with `records` and `paging` of the stream',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Declare the format that the service sends (`format`) and where its records are (`records`).',
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
      {
        cause: 'The service sends its last page again when a page beyond it is asked for',
        check: 'Ask for a page far beyond the last one by hand',
      },
    ],
    steps: [
      {
        who: 'you',
        do: 'Correct `paging` of the stream: type and names of the parameters. Where the last page repeats, name in `total` where the service says how many records there are.',
        verify: 'tieout doctor <workflow>',
      },
    ],
  },
})
