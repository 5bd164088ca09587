import { describe, type ErrorEntry } from './entry'

/** What the gateway answers by itself, before or beside the work. Numbers 9000-9999. */
export const gateway = describe({
  CREDENTIALS_MISSING: refused(9000, 401, 'auth', {
    title: 'The request has no credentials',
    cause: 'The header was not sent, or a proxy on the way took it out',
    check: 'GET /v1/diagnostics shows which headers arrive',
    do: 'Send the key in `X-API-Key` or `Authorization`, or use another of the ways in WWW-Authenticate.',
    verify: 'GET /v1/caller',
  }),
  CREDENTIALS_INVALID: refused(9001, 401, 'auth', {
    title: 'The credentials are not known here',
    cause:
      'The key was cut when it was copied, has a space or quotes around it, or belongs to another gateway',
    check: 'GET /v1/diagnostics names what is wrong with its form',
    do: 'Copy the key again, or have a new one made with `tieout keys create`.',
    verify: 'GET /v1/caller',
  }),
  KEY_REVOKED: refused(9002, 401, 'auth', {
    title: 'The key was revoked',
    cause: 'Somebody revoked or replaced it',
    check: 'tieout keys list',
    do: 'Use the new key; whoever runs the gateway has it or makes one.',
    verify: 'GET /v1/caller',
  }),
  KEY_EXPIRED: refused(9003, 401, 'auth', {
    title: 'The key has expired',
    cause: 'Its end date has passed',
    check: 'tieout keys list',
    do: 'Have it rotated: `tieout keys rotate` makes a new one while the old one still works.',
    verify: 'GET /v1/caller',
  }),
  CREDENTIALS_LOCKED: refused(9004, 429, 'auth', {
    title: 'Too many failed attempts; no more are taken for a while',
    cause: 'A job keeps sending an old key',
    check: 'Look in the logs of your middleware for answers 401',
    do: 'Stop the job, correct its credentials, and wait as long as Retry-After says.',
    verify: 'GET /v1/caller',
  }),
  CERTIFICATE_UNKNOWN: refused(9005, 401, 'auth', {
    title: 'The client certificate is not registered',
    cause: 'It was renewed, and the new one was not registered',
    check: 'Compare the fingerprint in the evidence with `tieout keys list`',
    do: 'Register the certificate beside the old one with `tieout keys create --certificate`.',
    verify: 'GET /v1/caller',
  }),
  TOKEN_INVALID: refused(9006, 401, 'auth', {
    title: 'The token cannot be used',
    cause: 'It has expired, is for another audience, or is bound to another certificate',
    check: 'Look at `reason` in the evidence',
    do: 'Get a new token for every job, or when the old one is nearly over.',
    verify: 'GET /v1/caller',
  }),
  OAUTH_REFUSED: refused(9007, 400, 'auth', {
    title: 'The token request was refused',
    cause: 'A wrong secret, a secret that was not percent-encoded, or a scope that the client does not have',
    check: 'Look at `error` and `reason` in the evidence',
    do: 'Correct the request: RFC 6749 wants client id and secret percent-encoded before they are joined for Basic.',
    verify: 'POST /oauth/token',
  }),
  ADDRESS_NOT_ALLOWED: refused(9008, 403, 'auth', {
    title: 'The key may not be used from this address',
    cause: 'The way out of your network changed its address',
    check: 'The evidence has the address that was seen',
    do: 'Have that address added to the allow list of the key.',
    verify: 'GET /v1/caller',
  }),
  SCOPE_NEEDED: refused(9009, 403, 'auth', {
    title: 'The key may not do this',
    cause: 'It was made with fewer scopes',
    check: 'GET /v1/caller lists its scopes',
    do: 'Have a key made with the scope that the evidence names.',
    verify: 'GET /v1/caller',
  }),
  ROUTE_UNKNOWN: refused(9010, 404, 'config', {
    title: 'There is no such address',
    cause: 'A typing error, or a base address that already has /v1',
    check: 'Compare the path in the evidence with /openapi.json',
    do: 'Correct the address; the evidence has the nearest that exists.',
    verify: 'GET /v1',
  }),
  METHOD_NOT_ALLOWED: refused(9011, 405, 'config', {
    title: 'The address does not take this method',
    cause: 'Another method is meant, or a proxy changed it',
    check: 'The header Allow lists the methods',
    do: 'Use one of those; where only GET and POST pass, send POST with X-HTTP-Method-Override.',
    verify: 'OPTIONS on the same address',
  }),
  NOT_ACCEPTABLE: refused(9012, 406, 'config', {
    title: 'The answer cannot be given in the format asked for',
    cause: '`Accept` names a format that this operation does not have',
    check: 'The evidence lists the formats',
    do: 'Ask for one of those in `Accept` or `format`.',
    verify: 'The same request again',
  }),
  MEDIA_TYPE_UNSUPPORTED: refused(9013, 415, 'config', {
    title: 'The body is in a format that is not taken here',
    cause:
      '`Content-Type` or `Content-Encoding` names another format than the body has, or none of those taken',
    check: 'The evidence lists the formats',
    do: 'Send one of those and say so in Content-Type.',
    verify: 'POST /v1/diagnostics with the same body',
  }),
  BODY_TOO_LARGE: refused(9014, 413, 'limit', {
    title: 'The body is larger than is taken here',
    cause: 'A file beyond the limit, or an archive that unpacks to more',
    check: 'The evidence has the limit',
    do: 'Split the file, or send it with gzip.',
    verify: 'GET /v1/limits',
  }),
  HEADERS_TOO_LARGE: refused(9015, 431, 'limit', {
    title: 'The headers are too large',
    cause: 'Cookies or a Kerberos ticket that another system added',
    check: 'GET /v1/diagnostics without them',
    do: 'Leave out cookies and tickets; this API does not use them.',
    verify: 'GET /v1/diagnostics',
  }),
  ADDRESS_TOO_LONG: refused(9016, 414, 'limit', {
    title: 'The address is too long',
    cause: 'Many values in the query',
    check: 'Look at the length in the evidence',
    do: 'Send the values in the body of the operation that takes many.',
    verify: 'The same request again',
  }),
  REQUEST_MALFORMED: refused(9017, 400, 'config', {
    title: 'What arrived is not a request in HTTP',
    cause: 'https was spoken to the http port or the other way round, or a proxy garbled the request',
    check: 'tieout doctor --gateway <address>',
    do: 'Correct scheme and port; if a proxy is on the way, show its owner the evidence.',
    verify: 'GET /healthz',
  }),
  REQUEST_TOO_SLOW: refused(9018, 408, 'network', {
    title: 'The request did not arrive in time',
    cause: 'The connection stalled, or a filter on the way holds the body back',
    check: 'POST /v1/diagnostics with a small body',
    do: 'Send it again with the same Idempotency-Key.',
    verify: 'POST /v1/diagnostics',
    retry: 'wait',
  }),
  BODY_EMPTY: refused(9019, 400, 'data', {
    title: 'The body is empty',
    cause: 'The file had no content, or a redirect lost the body',
    check: 'POST /v1/diagnostics with the same body tells how many bytes arrive',
    do: 'Send the records in the body.',
    verify: 'POST /v1/diagnostics',
  }),
  BODY_INVALID: refused(9020, 422, 'data', {
    title: 'The body does not say what the operation needs',
    cause: 'A field is missing, misspelt or of another type',
    check: '`errors` names each field',
    do: 'Correct the fields that `errors` names.',
    verify: 'The same request again',
  }),
  PARAMETER_INVALID: refused(9021, 400, 'data', {
    title: 'A parameter has a value that is not taken',
    cause: 'A typing error or a value beyond its limits',
    check: '`errors` names the parameter and what it takes',
    do: 'Correct the parameter.',
    verify: 'The same request again',
  }),
  IDEMPOTENCY_KEY_INVALID: refused(9022, 400, 'data', {
    title: 'The idempotency key cannot be used',
    cause: 'It is empty, longer than 255 characters, or has characters beyond ASCII',
    check: 'Look at the header in GET /v1/diagnostics',
    do: 'Send a UUID of your own for every job, the same for its repeats.',
    verify: 'The same request again',
  }),
  IDEMPOTENCY_KEY_BUSY: refused(9023, 409, 'state', {
    title: 'The first request with this key is still at work',
    cause: 'A repeat was sent before the first answer came',
    check: 'GET /v1/runs',
    do: 'Wait as long as Retry-After says and repeat the request with the same key.',
    verify: 'The same request again',
    retry: 'wait',
  }),
  IDEMPOTENCY_KEY_REUSED: refused(9024, 422, 'state', {
    title: 'The key was used before, for another request',
    cause: 'A fixed key in the definition of the job, or a body that changed between repeats',
    check: 'Compare the body with the first one',
    do: 'Use a new key for a new request; a repeat has to be the same byte for byte.',
    verify: 'The same request with a new key',
  }),
  PRECONDITION_FAILED: refused(9025, 412, 'state', {
    title: 'It is no longer the version that the change was made on',
    cause: 'Somebody else changed it in the meantime',
    check: 'Read it again and compare',
    do: 'Read it again, decide again, and send the new ETag in If-Match.',
    verify: 'The same request with the new ETag',
  }),
  RANGE_NOT_SATISFIABLE: refused(9026, 416, 'data', {
    title: 'The download has no such bytes',
    cause: 'It was complete already, or the range belongs to another download',
    check: 'Compare with `bytes` in the manifest',
    do: 'Ask for a range within the bytes that Content-Range names, or begin again without Range.',
    verify: 'GET /v1/exports/{export}',
  }),
  EXPORT_UNKNOWN: refused(9027, 404, 'state', {
    title: 'There is no such download any more',
    cause: 'Downloads are kept for a day',
    check: 'Look at its time',
    do: 'Begin a new one.',
    verify: 'GET /v1/workflows/{workflow}/records',
  }),
  UPLOAD_GONE: refused(9028, 410, 'state', {
    title: 'The uploaded file is not kept any more',
    cause: 'Uploads are kept for seven days',
    check: 'Look at the time of the run',
    do: 'Use your own copy of the file; the run still tells which rows failed and why.',
    verify: 'GET /v1/exceptions?run={run}',
  }),
  RUN_IS_OVER: refused(9029, 409, 'state', {
    title: 'The run is over',
    cause: 'It ended before the request came',
    check: 'GET /v1/runs/{run}',
    do: 'Start a new run if there is more to do.',
    verify: 'GET /v1/runs/{run}',
  }),
  RECORDS_REFUSED: refused(9030, 422, 'data', {
    title: 'Some records were refused',
    cause: 'They do not fit the schema, or the target refused them',
    check: 'GET /v1/runs/{run}/records/failed has each of them with its reason',
    do: 'Correct the rows of that file and send it alone.',
    verify: 'GET /v1/exceptions?run={run}',
  }),
  KEY_MISMATCH: refused(9031, 422, 'data', {
    title: 'The key in the address is not that of the record',
    cause: 'Parts of a composite key in another order, or a comma that was not percent-encoded',
    check: 'GET /v1/workflows/{workflow} lists the fields of the key in their order',
    do: 'Give the parts in that order.',
    verify: 'The same request again',
  }),
  WEBHOOK_UNKNOWN: refused(9032, 404, 'state', {
    title: 'There is no such webhook',
    cause: 'It was deleted',
    check: 'GET /v1/webhooks',
    do: 'Make it anew if events are to be sent.',
    verify: 'GET /v1/webhooks',
  }),
  ADDRESS_REFUSED: refused(9033, 422, 'config', {
    title: 'The gateway does not call this address',
    cause: 'It is not https, or leads into a network that is not public',
    check: 'nslookup of the name from outside',
    do: 'Give a public https address, or have whoever runs the gateway allow this one.',
    verify: 'POST /v1/webhooks',
  }),
  ERROR_UNKNOWN: refused(9034, 404, 'config', {
    title: 'There is no such code',
    cause: 'A typing error',
    check: 'GET /errors lists all',
    do: 'Look it up in the list.',
    verify: 'GET /errors',
  }),
  LIMIT_REACHED: refused(9035, 429, 'limit', {
    title: 'A limit of the key is used up',
    cause: 'More calls, records, bytes or runs at once than the key may have in this window',
    check: 'GET /v1/limits names the limit and when there is more',
    do: 'Wait as long as Retry-After says; put many records into one call.',
    verify: 'GET /v1/limits',
    retry: 'wait',
  }),
  GATEWAY_BUSY: refused(9036, 503, 'limit', {
    title: 'The gateway has more work than it can take now',
    cause: 'Many large requests at once',
    check: 'GET /healthz',
    do: 'Send the same request again after Retry-After, with the same Idempotency-Key.',
    verify: 'GET /healthz',
    retry: 'wait',
  }),
  VERSION_UNKNOWN: refused(9037, 400, 'config', {
    title: 'There is no such version of the API',
    cause: 'A typing error in Tieout-Version',
    check: 'The evidence lists the versions',
    do: 'Leave the header out, or name one of those.',
    verify: 'GET /v1/caller',
  }),
})

interface Words {
  title: string
  cause: string
  check: string
  do: string
  verify: string
  retry?: 'wait'
}

function refused(
  number: number,
  status: number,
  category: ErrorEntry['category'],
  { title, cause, check, do: what, verify, retry }: Words,
): ErrorEntry {
  return {
    number,
    status,
    title,
    category,
    owner: 'you',
    then: retry ?? 'stop',
    causes: [{ cause, check }],
    steps: [{ who: 'you', do: what, verify }],
  }
}
