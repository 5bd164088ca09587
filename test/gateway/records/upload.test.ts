import { textOf } from '../../../shared/core/record/value'
import { gzipSync } from 'node:zlib'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { jsonOf, objectIn } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'
import { bytesOf, client, DEFINITION, makeStock, stockIn, type Client } from './stock'

let gateway: TestGateway
let stock: Client

beforeAll(async () => {
  gateway = await startGateway({
    files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,name,quantity\nown,Own,1\n' },
    maxBytes: 1024 * 1024,
  })
  stock = client(gateway)
})

beforeEach(() => {
  makeStock(gateway.folder)
})

afterAll(() => gateway.close())

function kept(): string[] {
  const uploads = join(gateway.folder, '.tieout', 'uploads')
  return existsSync(uploads) ? readdirSync(uploads) : []
}

const CSV = 'sku,name,quantity\n1,Été,1\n2,Two,20\n'
const ROWS = [
  ['1', 'Été', 1],
  ['2', 'Two', 20],
]

test('a small file is answered with its result, and nothing is deleted', async () => {
  await stock.sync()
  const { status, json } = await stock.upload(CSV)
  expect(json).toMatchObject({
    kind: 'upload',
    state: 'succeeded',
    outcomes: { created: 2, deleted: 0 },
    receipt: { source: { connection: 'upload', stream: 'upload.csv' }, balanced: true },
  })
  expect(status).toBe(200)
  expect(stockIn(gateway.folder)).toEqual([...ROWS, ['own', 'Own', 1]])
})

const NDJSON = '{"sku":"1","name":"Été","quantity":1}\n{"sku":"2","name":"Two","quantity":20}\n'
const JSON_LIST = `[${NDJSON.trim().replace('\n', ',')}]`
const XML = (declaration: string): string =>
  `${declaration}<stock><item><sku>1</sku><name>Été</name><quantity>1</quantity></item>` +
  '<item><sku>2</sku><name>Two</name><quantity>20</quantity></item></stock>'

test.each<[what: string, type: string, body: string | Uint8Array<ArrayBuffer>]>([
  ['CSV', 'text/csv', CSV],
  ['CSV as text that nobody named', 'text/plain', CSV],
  ['CSV with CRLF and no break at its end', 'text/csv', CSV.replaceAll('\n', '\r\n').trimEnd()],
  ['CSV with semicolons', 'text/csv; charset=utf-8; header=present', CSV.replaceAll(',', ';')],
  ['CSV with a byte order mark', 'text/csv', `\uFEFF${CSV}`],
  ['NDJSON', 'application/x-ndjson', NDJSON],
  ['NDJSON as octets', 'application/octet-stream', NDJSON],
  ['JSON', 'application/json', JSON_LIST],
  ['JSON of another name', 'application/vnd.acme.stock+json', JSON_LIST],
  ['XML', 'application/xml', XML('<?xml version="1.0"?>')],
  ['XML as text that nobody named', '', XML('')],
  ['a file packed with gzip', 'text/csv', bytesOf(gzipSync(CSV))],
  ['windows-1252 that is declared', 'text/csv; charset=windows-1252', bytesOf(Buffer.from(CSV, 'latin1'))],
  ['ISO-8859-15 that is declared', 'text/csv; charset=iso-8859-15', bytesOf(Buffer.from(CSV, 'latin1'))],
  ['UTF-16 with its mark', 'text/csv', bytesOf(Buffer.from(`\uFEFF${CSV}`, 'utf16le'))],
  ['UTF-16 that is declared', 'text/csv; charset=utf-16le', bytesOf(Buffer.from(CSV, 'utf16le'))],
  [
    'XML that declares windows-1252 itself',
    'text/xml',
    bytesOf(Buffer.from(XML('<?xml version="1.0" encoding="windows-1252"?>'), 'latin1')),
  ],
  [
    'XML whose charset is not the one that it declares',
    'text/xml; charset=utf-8',
    XML('<?xml version="1.0" encoding="windows-1252"?>'),
  ],
])('takes %s', async (_what, type, body) => {
  const { status, json } = await stock.upload(body, { 'content-type': type })
  expect({ status, outcomes: json['outcomes'] }).toMatchObject({ status: 200, outcomes: { created: 2 } })
  expect(stockIn(gateway.folder)).toEqual(ROWS)
})

test('takes a body packed on the way, and the first file of a form under its own name', async () => {
  const packed = await stock.upload(bytesOf(gzipSync(CSV)), { 'content-encoding': 'gzip' })
  expect(packed.status).toBe(200)
  const form = new FormData()
  form.set('note', 'tonight')
  form.set('file', new Blob([CSV.replace('20', '21')], { type: 'text/csv' }), 'stock of today.csv')
  form.set('other', new Blob(['not this']), 'other.csv')
  const request = new Request('http://x', { method: 'POST', body: form })
  const type = request.headers.get('content-type') ?? ''
  const { status, json } = await stock.upload(bytesOf(Buffer.from(await request.arrayBuffer())), {
    'content-type': type,
  })
  expect(json).toMatchObject({
    outcomes: { updated: 1, unchanged: 1 },
    receipt: { source: { stream: 'stock of today.csv' } },
  })
  expect(status).toBe(200)
})

test('a file of which too much is refused is held, with the reason of the guard', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},Item,many\n`).join('')
  const { status, json } = await stock.upload(`sku,name,quantity\n${rows}good,Item,1\n`)
  // nobody is to send the same once more
  expect(status).toBe(422)
  expect(json).toMatchObject({
    code: 'GUARD_REJECTS',
    detail: '20 of the last 20 records were rejected; the limit is 20 %.',
    evidence: { rejected: 20, hash: expect.any(String) as unknown, run: expect.any(String) as unknown },
    errors: expect.arrayContaining([
      expect.objectContaining({ row: 1, column: 'quantity', code: 'VALIDATION_FAILED', received: 'many' }),
    ]) as unknown,
  })
  expect(JSON.stringify(json)).not.toContain('RUN_STOPPED')
  expect(stockIn(gateway.folder)).toEqual([])
  const { run, hash } = objectIn(json['evidence'])
  const options = { headers: { prefer: 'wait=20' }, body: { approve: String(hash) } }
  const resumed = await gateway.call(gateway.key(), 'POST', `/v1/runs/${String(run)}/resume`, options)
  expect(await jsonOf(resumed)).toMatchObject({ state: 'exceptions', outcomes: { rejected: 30, created: 1 } })
})

test('integers beyond 2^53 keep their digits', async () => {
  await stock.upload('[{"sku":"a","name":null,"quantity":12345678901234567}]', {
    'content-type': 'application/json',
  })
  await stock.upload('sku,quantity\nb,12345678901234567\n')
  expect(stockIn(gateway.folder)).toEqual([
    ['a', null, '12345678901234567'],
    ['b', null, '12345678901234567'],
  ])
})

test.each<
  [what: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>, problem: object]
>([
  ['nothing', {}, '', { status: 400, code: 'BODY_EMPTY' }],
  ['a mark and nothing else', {}, '\uFEFF', { status: 400, code: 'BODY_EMPTY' }],
  [
    'a form without a file',
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x--\r\n',
    { code: 'BODY_EMPTY' },
  ],
  [
    'a form without a boundary',
    { 'content-type': 'multipart/form-data' },
    'x',
    { code: 'REQUEST_MALFORMED' },
  ],
  ['a picture', { 'content-type': 'image/png' }, 'PNG', { status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' }],
  [
    'a charset that nobody knows',
    { 'content-type': 'text/csv; charset=klingon' },
    CSV,
    { status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' },
  ],
  [
    'bytes that are not UTF-8',
    {},
    bytesOf(Buffer.from(CSV, 'latin1')),
    { status: 400, code: 'TEXT_ENCODING_INVALID', evidence: { offset: 20, likely: 'windows-1252' } },
  ],
  [
    'bytes that are not what is declared',
    { 'content-type': 'text/csv; charset=utf-16le' },
    bytesOf(Buffer.from([0x41, 0, 0, 0xdc])),
    { code: 'TEXT_ENCODING_INVALID', evidence: { offset: 3 } },
  ],
  ['gzip that is none', { 'content-encoding': 'gzip' }, CSV, { code: 'FILE_DAMAGED' }],
  ['a header with a column twice', {}, 'sku,sku\n1,2\n', { code: 'HEADER_INVALID' }],
  ['JSON with a mistake', { 'content-type': 'application/json' }, '[{"sku":"1","quantity":', {}],
  [
    'XML that would fetch a file',
    { 'content-type': 'text/xml' },
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><r>&b;</r></a>',
    { code: 'XML_DOCTYPE_REFUSED' },
  ],
])('refuses %s with a problem', async (_what, headers, body, problem) => {
  const { status, json } = await stock.upload(body, headers)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(json).toMatchObject({ hasErrors: true, ...problem })
  expect(stockIn(gateway.folder)).toEqual([])
})

test('some records refused: 207 with the first problems by row and column, or 422 for who wants that', async () => {
  const body = 'sku,name,quantity\n1,One,1\n2,Two,many\n,Three,3\n4,Four,-4,x\n'
  const { status, json } = await stock.upload(body)
  expect(status).toBe(207)
  expect(json).toMatchObject({
    hasErrors: true,
    state: 'exceptions',
    outcomes: { created: 1, rejected: 3 },
    errors: [
      { row: 2, column: 'quantity', code: 'VALIDATION_FAILED', received: 'many' },
      { row: 3, column: 'sku', code: 'KEY_MISSING' },
      { row: 4, code: 'CSV_FIELD_COUNT' },
    ],
  })
  const strict = await stock.upload(body, {}, '?onPartial=422')
  expect(strict).toMatchObject({
    status: 422,
    json: {
      code: 'RECORDS_REFUSED',
      evidence: { refused: 3 },
      errors: [{ row: 2, column: 'quantity' }, {}, {}],
    },
  })
})

test('a file beyond the limit leaves nothing behind', async () => {
  const before = kept()
  const { status, json } = await stock.upload(new Uint8Array(2 * 1024 * 1024).fill(0x61))
  expect({ status, code: json['code'] }).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  expect(kept()).toEqual(before)
})

test('the same request again has its effect once and gets the same answer', async () => {
  const headers = { 'idempotency-key': '"night-1"' }
  const before = kept().length
  const first = await stock.upload(CSV, headers)
  const again = await stock.upload(CSV, headers)
  expect(again.json).toEqual(first.json)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(kept()).toHaveLength(before + 1)
  const other = await stock.upload(CSV.replace('20', '30'), headers)
  expect(other).toMatchObject({ status: 422, json: { code: 'IDEMPOTENCY_KEY_REUSED' } })
})

test('a mode of its own: what is there stays', async () => {
  await stock.upload(CSV)
  const { json } = await stock.upload(CSV.replace('20', '30').concat('3,Three,3\n'), {}, '?mode=insert-only')
  expect(json).toMatchObject({ outcomes: { created: 1, skipped: 2 } })
})

test('Prefer: respond-async answers at once; the run tells the rest', async () => {
  const { status, json, headers } = await stock.upload(CSV, { prefer: 'respond-async' })
  expect({ status, applied: headers.get('preference-applied') }).toEqual({
    status: 202,
    applied: 'respond-async',
  })
  const run = await stock.get(`/v1/runs/${textOf(json['id'])}?wait=20`)
  expect(run.json).toMatchObject({ kind: 'upload', state: 'succeeded', over: true })
})

test('an upload leaves the cursor and the exceptions of its own source alone', async () => {
  await stock.upload('sku,name,quantity\nbad,Bad,many\n')
  await stock.sync()
  const { json } = await stock.get('/v1/exceptions?workflow=stock')
  expect(JSON.stringify(json['items'])).toContain('bad')
})
