import { csvReading, csvWriting } from '../../shared/core/format/csv-settings'
import { xmlSettings } from '../../shared/core/format/xml/settings'
import type { Value } from '../../shared/core/record/value'

type Schema = Readonly<Record<string, Value>>

function described(type: string, title: string, description: string, more: Schema = {}): Schema {
  return { type, title, description, ...more }
}

const text = (title: string, description: string, more?: Schema) =>
  described('string', title, description, more)
const secret = (title: string, description: string) => text(title, description, { secret: true })
const whole = (title: string, description: string, more?: Schema) =>
  described('integer', title, description, { minimum: 1, ...more })
const flag = (title: string, description: string) => described('boolean', title, description)
const table = (title: string, description: string) =>
  described('object', title, description, { additionalProperties: { type: ['string', 'number', 'boolean'] } })
const choice = (title: string, description: string, values: readonly string[]) =>
  text(title, description, { enum: values })
const oneOrMore = (title: string, description: string): Schema => ({
  title,
  description,
  type: ['string', 'array'],
  items: { type: 'string' },
})

function object(
  title: string,
  description: string,
  properties: Schema,
  required: readonly string[] = [],
): Schema {
  return { type: 'object', title, description, properties, required, additionalProperties: false }
}

/** What must stand beside a type of credentials. */
const needs = (type: string, required: readonly string[], more: Schema = {}): Schema => ({
  if: { properties: { type: { const: type } }, required: ['type'] },
  then: { required, ...more },
})

const path = text('Path', 'Below the base URL; {field} stands for a value of the record.')
const query = table('Query', 'Parameters of every request.')
const headers = table('Headers', 'Headers of every request.')
const method = text('Method', 'HTTP method.')

const lookup = object(
  'Look-up',
  'How records are read by key: one by one (path with {field}) or many at once (list).',
  {
    path,
    query,
    record: text('Record', 'Where the record stands in the answer for one key (JSON pointer).'),
    list: text('List parameter', 'The query parameter that takes several keys.'),
    separator: text('Separator', "Between the keys of a list; ',' where nothing is said."),
    records: text('Records', 'Where the records stand in the answer for several keys (JSON pointer).'),
    size: whole('Size', 'Keys in one request; 50 where nothing is said.'),
  },
  ['path'],
)

const paging = object('Paging', 'How the listing goes on after the first page.', {
  type: choice(
    'Type',
    'none, page and offset numbers, a cursor, a Link header, an address in the body, or a key.',
    ['none', 'page', 'offset', 'cursor', 'link', 'next', 'keyset'],
  ),
  parameter: text('Parameter', 'The query parameter that asks for a page: page, offset, cursor or after.'),
  first: whole('First', 'The number of the first page (1) or offset (0).', { minimum: 0 }),
  sizeParameter: text('Size parameter', 'The query parameter that asks for a page size.'),
  size: whole('Size', 'Records in a page.'),
  at: text(
    'At',
    'Where the next cursor or address stands in the answer: a JSON pointer, in which /link[relation=next]/url names one of a list, or a path in XML, /feed/link[@rel=next]/@href. Of CSV and NDJSON the name of a header.',
  ),
  field: text('Field', 'The field of the last record that a keyset goes on from.'),
  endStatus: whole('End status', 'The status that the service answers beyond the last page, such as 404.'),
})

const read: Schema = {
  path,
  method,
  query,
  headers,
  body: {
    title: 'Body',
    description:
      'Sent with every request, for listings that are asked for by POST: as JSON, or a text that begins with < as XML, such as a SOAP envelope. A parameter of paging or since whose name stands in it as {name} has its place there and not in the address.',
  },
  format: choice('Format', 'What a page is written in.', ['json', 'ndjson', 'csv', 'xml']),
  csv: object('CSV', 'How CSV is written, with the settings of the connector for CSV files.', csvReading),
  xml: object('XML', 'How XML is read, with the settings of the connector for XML files.', xmlSettings),
  records: text(
    'Records',
    "Where the list of records stands in the answer (JSON pointer); '' is the whole answer. Of XML the path of the record element, /catalog/item; without it every child of the root.",
  ),
  paging,
  total: text(
    'Total',
    'Where the service says how many there are: a JSON pointer, a path in XML (/feed/@total) or the name of a header.',
  ),
  since: object(
    'Since',
    'How only changed records are asked for.',
    {
      parameter: text('Parameter', 'The query parameter that takes the time.'),
      format: choice('Format', 'How the time is written.', ['iso', 'date', 'epochSeconds', 'epochMs']),
    },
    ['parameter'],
  ),
  lookup,
}

const results = {
  title: 'Results',
  description:
    "Where the answer says what became of each record; 'all': a 2xx means that all were taken, as new where the core does not know better.",
  oneOf: [
    { type: 'string', enum: ['all'] },
    object('Results', 'The list of results and what stands in it.', {
      at: text('At', 'Where the list stands in the answer (JSON pointer).'),
      match: choice('Match', 'Whether a result belongs to its record by position or by key.', [
        'index',
        'id',
      ]),
      id: oneOrMore('Id', 'The field or fields of a result that hold the key.'),
      status: text('Status', 'The field of a result that holds its status: an HTTP status or a word.'),
      ok: oneOrMore('Ok', 'Words that mean success; every other one is then a refusal.'),
      code: text('Code', "The field that holds the service's error code."),
      message: text('Message', "The field that holds the service's message."),
      pointer: text('Pointer', 'The field that says which field of the record is at fault.'),
    }),
  ],
}

const operation = (title: string) =>
  object(title, 'What differs from the settings of writing as a whole.', {
    method,
    path,
    query,
    headers,
    batch: flag('Batch', 'False: one request per record.'),
    wrap: text('Wrap', 'Where the list stands in the body (JSON pointer, or path of the record element).'),
    results,
  })

const write: Schema = {
  path,
  method,
  query,
  headers,
  batch: flag('Batch', 'False: one request per record.'),
  format: choice('Format', 'What a body is written in.', ['json', 'ndjson', 'csv', 'xml']),
  csv: object(
    'CSV',
    'How CSV is written, with the settings of the connector for CSV files; formulas stay as they are.',
    csvWriting,
  ),
  xml: object(
    'XML',
    'How XML is written and read, with the settings of the connector for XML files.',
    xmlSettings,
  ),
  wrap: text(
    'Wrap',
    "Where the list stands in the body (JSON pointer); '' sends the bare list. Of XML the path of the record element: /stock/item; /item alone is a document for each record. /records/record where nothing is said.",
  ),
  size: whole('Size', 'Records in one request; 500 where nothing is said.'),
  idempotency: object(
    'Idempotency',
    'The service recognises a request that arrives again.',
    { header: text('Header', 'The header that carries the key.') },
    ['header'],
  ),
  create: operation('Create'),
  update: operation('Update'),
  upsert: operation('Upsert'),
  delete: operation('Delete'),
  results,
  atomic: flag(
    'Atomic',
    'A refused batch has written nothing, so it can be split to find the records at fault.',
  ),
  lookup,
}

const authSettings = object(
  'Authentication',
  'How the service knows us.',
  {
    type: choice('Type', 'Kind of credentials.', [
      'basic',
      'bearer',
      'apiKey',
      'oauth2',
      'clientCertificate',
      'hmac',
    ]),
    username: text('User name', 'For basic.'),
    password: secret('Password', 'For basic.'),
    token: secret('Token', 'For bearer.'),
    name: text('Name', 'For apiKey: the header or query parameter.'),
    value: text('Value', 'For apiKey: the key. For hmac: how the header is written.', { secret: true }),
    in: choice('In', 'For apiKey: where it is sent.', ['header', 'query']),
    tokenUrl: text('Token URL', 'For oauth2: the token endpoint.'),
    clientId: text('Client id', 'For oauth2.'),
    clientSecret: secret('Client secret', 'For oauth2.'),
    method: choice('Method', 'For oauth2: how the client proves itself.', [
      'clientSecretBasic',
      'clientSecretPost',
      'privateKeyJwt',
    ]),
    scope: text('Scope', 'For oauth2: scopes, separated by spaces.'),
    audience: text('Audience', 'For oauth2, where the service asks for it.'),
    resource: text('Resource', 'For oauth2, where the service asks for it (RFC 8707).'),
    assertionAudience: text('Assertion audience', 'For privateKeyJwt; the token URL where nothing is said.'),
    algorithm: text('Algorithm', 'For privateKeyJwt RS256, PS256 or ES256; for hmac sha256, sha512 or sha1.'),
    keyId: text('Key id', 'For privateKeyJwt and hmac.'),
    cert: text('Certificate', 'For clientCertificate: PEM file or text.'),
    key: secret('Private key', 'For clientCertificate and privateKeyJwt: PEM file or text.'),
    pfx: text('PFX', 'For clientCertificate: PFX file.'),
    passphrase: secret('Passphrase', 'Of the PFX or key.'),
    secret: secret('Secret', 'For hmac.'),
    header: text('Header', 'For hmac: the header of the signature.'),
    sign: text('Sign', 'For hmac: what is signed, such as {method}\\n{path}\\n{timestamp}\\n{bodySha256}.'),
    encoding: choice('Encoding', 'For hmac.', ['hex', 'base64']),
    timestampHeader: text('Timestamp header', 'For hmac: the header that carries {timestamp}, in seconds.'),
    nonceHeader: text('Nonce header', 'For hmac: the header that carries {nonce}.'),
  },
  ['type'],
)

const auth: Schema = {
  ...authSettings,
  allOf: [
    needs('basic', ['username']),
    needs('bearer', ['token']),
    needs('apiKey', ['value']),
    needs('hmac', ['secret']),
    needs('oauth2', ['tokenUrl', 'clientId'], {
      if: { properties: { method: { const: 'privateKeyJwt' } }, required: ['method'] },
      then: { required: ['key'] },
      else: { required: ['clientSecret'] },
    }),
    needs('clientCertificate', [], {
      if: { not: { required: ['pfx'] } },
      then: { required: ['cert', 'key'] },
    }),
  ],
}

export const readSchema: Schema = object('Reading', 'How records are read.', read)

export const writeSchema: Schema = object('Writing', 'How records are written.', write)

export const connectionSchema: Schema = object(
  'HTTP API',
  'A service that speaks HTTP.',
  {
    baseUrl: text('Base URL', 'What all paths are below.', {
      format: 'uri',
      pattern: '^https?://[^/?#]+[^?#]*$',
      expected: 'an http or https URL without a query, such as https://api.example.com/v1',
    }),
    headers,
    auth,
    proxy: text('Proxy', "A proxy URL, 'environment' (HTTPS_PROXY and its relatives) or 'none'."),
    noProxy: oneOrMore('No proxy', 'Hosts and suffixes that are reached without the proxy.'),
    ca: oneOrMore('Authorities', 'PEM files of authorities to trust in addition to those of the system.'),
    serverName: text('Server name', 'The name in the certificate, where it differs from the host.'),
    connectTimeoutMs: whole(
      'Connect timeout',
      'Milliseconds until the connection stands; 10000 where nothing is said.',
    ),
    timeoutMs: whole('Timeout', 'Milliseconds until the answer is complete; 60000 where nothing is said.'),
    rate: text('Rate', 'What the service allows, such as 100/min.', {
      pattern: '^\\s*[1-9]\\d*\\s*/\\s*(s|sec|second|min|minute|h|hour|d|day)\\s*$',
      expected: 'calls per time, such as 5/s, 100/min, 1000/h or 20000/d',
    }),
    concurrency: whole(
      'Concurrency',
      'Requests at once; 4 where nothing is said. It shrinks when the service objects.',
    ),
    client: choice('Client', 'The library that carries the requests.', ['axios', 'undici']),
    streams: described('object', 'Streams', 'What can be read and written, by name.', {
      additionalProperties: object('Stream', 'One kind of record.', {
        path,
        key: oneOrMore('Key', 'The fields that identify a record.'),
        read: readSchema,
        write: writeSchema,
      }),
    }),
  },
  ['baseUrl'],
)
