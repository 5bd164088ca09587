import {
  choice,
  count,
  entity,
  flag,
  instant,
  integer,
  map,
  object,
  optional,
  property,
  shape,
  text,
  texts,
  uri,
} from './entity'

export const Service = entity('The gateway.', {
  name: property(text, 'Tieout.', 'Tieout gateway'),
  version: property(text, 'Of the software.', '0.1.0'),
  apiVersion: property(text, 'Newest version of the API.', '2026-11-23'),
  time: property(instant, 'Of its clock.', '2026-11-23T01:00:00.000Z'),
  links: property(map(uri), 'Where things are.', {
    openapi: 'https://tieout.example.com/openapi.json',
    errors: 'https://tieout.example.com/errors',
    token: 'https://tieout.example.com/oauth/token',
    diagnostics: 'https://tieout.example.com/v1/diagnostics',
  }),
})

export const Health = entity('Whether it is up.', {
  status: property(choice('up'), 'Up.', 'up'),
})

export const Diagnostics = entity('What arrived of a request.', {
  requestId: property(text, 'Of this request.', 'req_5f0c1d2e3a4b5c6d'),
  address: property(text, 'Where it came from, as seen here.', '203.0.113.7'),
  method: property(text, 'As it arrived.', 'POST'),
  path: property(text, 'As it arrived.', '/v1/diagnostics'),
  httpVersion: property(text, 'As it arrived.', '1.1'),
  tls: optional(
    shape({ version: text, cipher: text, certificate: object }),
    'Version, cipher, client certificate.',
    {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
    },
  ),
  headers: property(map(text), 'Names and values; credentials only by their length.', { accept: '*/*' }),
  credentials: property(texts, 'Which kinds of credentials arrived, and what is wrong with their form.', [
    'api key',
  ]),
  body: optional(
    shape({ bytes: count, sha256: text, encoding: text, begins: text }, ['bytes', 'sha256']),
    'Bytes, SHA-256, encoding, how they begin in hex.',
    {
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      encoding: 'utf-8',
      begins: '616263',
    },
  ),
  clock: optional(shape({ differenceSeconds: integer }), 'Seconds between the Date header and our clock.', {
    differenceSeconds: 2,
  }),
  notes: property(texts, 'What was lost or changed on the way, and what to do.', []),
})

export const TokenRequest = entity('A request for a token (RFC 6749 section 4.4).', {
  grant_type: property(
    { type: 'string', const: 'client_credentials' },
    'Always client_credentials.',
    'client_credentials',
  ),
  scope: optional(text, 'Separated by spaces; default: all that the client has.', 'runs:read runs:write'),
  client_id: optional(text, 'For client_secret_post and certificates.', 'acme'),
  client_secret: optional(text, 'For client_secret_post.', 'secret'),
  client_assertion_type: optional(
    text,
    'For private_key_jwt.',
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  ),
  client_assertion: optional(text, 'For private_key_jwt.', 'eyJ'),
})

export const Token = entity('A token.', {
  access_token: property(text, 'For `Authorization: Bearer`.', 'eyJ'),
  token_type: property({ type: 'string', const: 'Bearer' }, 'Always Bearer.', 'Bearer'),
  expires_in: property(count, 'Seconds.', 3600),
  scope: property(text, 'What it may do.', 'runs:read runs:write'),
})

export const Caller = entity('Who one is here.', {
  client: property(text, 'The client.', 'acme'),
  tenant: property(text, 'Whose data.', 'acme'),
  key: property(text, 'Which credential, by its visible part.', 'tk_5f0c1d2e'),
  method: property(text, 'How one was recognised.', 'api-key'),
  scopes: property(texts, 'What it may do.', ['runs:read']),
  workflows: property(texts, 'With which workflows; * for all.', ['inventory']),
  apiVersion: property(text, 'Pinned by the first call.', '2026-11-23'),
  expires: optional(instant, 'When the credential ends.', '2027-11-23T00:00:00.000Z'),
})

export const Limit = entity('A limit and what is left of it.', {
  name: property(text, 'As in the RateLimit headers.', 'records'),
  unit: property(
    choice('requests', 'records', 'content-bytes', 'concurrent-requests'),
    'What is counted.',
    'records',
  ),
  quota: property(count, 'In one window.', 200000),
  windowSeconds: property(count, 'Length of the window.', 86400),
  left: property(count, 'Now.', 150000),
  resetSeconds: property(count, 'Until there is more.', 3600),
})

export const LoggedRequest = entity(
  'What came and what became of it; never what was in it.',
  {
    id: property(text, 'As in X-Request-Id.', 'req_5f0c1d2e3a4b5c6d'),
    at: property(instant, 'When it came, UTC.', '2026-11-23T01:00:00.000Z'),
    client: property(text, 'The client.', 'acme'),
    key: property(text, 'Which credential, by its visible part.', 'tk_5f0c1d2e'),
    operation: property(text, 'What was asked for.', 'startRun'),
    method: property(text, 'Of HTTP.', 'POST'),
    path: property(
      text,
      'Without the values of its query; personal keys of records are masked.',
      '/v1/workflows/inventory/runs',
    ),
    status: property({ type: 'integer', minimum: 100, maximum: 599 }, 'Of the answer.', 202),
    code: optional(text, 'Of the problem, if it was one.', 'LIMIT_REACHED'),
    milliseconds: property(count, 'Until the answer was sent.', 118),
    bytesIn: property(
      count,
      'Of its body, packed as it arrived; of one that nobody read, as Content-Length says.',
      17,
    ),
    bytesOut: property(count, 'Of the answer with its headers.', 1250),
    complete: property(flag, 'Whether the whole answer was taken.', true),
    idempotencyKeySha256: optional(
      text,
      'SHA-256 of the idempotency key, in hex.',
      '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    ),
    run: optional(text, 'The run that it is about.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  },
  { notInExample: ['code'] },
)

export const Webhook = entity('An address that events are sent to.', {
  id: property(text, 'For its address.', 'wh_5f0c1d2e'),
  url: property(uri, 'Where to.', 'https://erp.example.com/tieout'),
  types: property(texts, 'Which events; empty: all.', ['run.ended']),
  state: property(choice('active', 'failing', 'off'), 'How it fares.', 'active'),
  secret: optional(text, 'Shown once, when it is made.', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
  lastDelivered: optional(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  lastFailure: optional(
    shape({ at: instant, reason: text }, ['at', 'reason']),
    'Why what is next did not get through; absent when it did.',
    { at: '2026-11-23T01:00:00.000Z', reason: 'answered 503' },
  ),
  undelivered: property(count, 'Waiting to be sent.', 0),
})

export const WebhookRequest = entity('Where events are to be sent.', {
  url: property(
    { type: 'string', format: 'uri', maxLength: 2048 },
    'https.',
    'https://erp.example.com/tieout',
  ),
  types: optional(texts, 'Which events; default all.', ['run.ended']),
})

export const Recovery = entity('Since when to send again.', {
  since: property(instant, 'UTC.', '2026-11-22T00:00:00Z'),
})

export const Deleted = entity('Gone.', {
  deleted: property({ type: 'boolean', const: true }, 'Always true.', true),
})
