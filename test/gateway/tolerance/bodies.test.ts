// Bodies as old middleware sends them: another charset, another type, packed, with a mark in front.
import { deflateSync, gzipSync } from 'node:zlib'
import { startGateway, type TestGateway } from '../../support/gateway'
import { objectIn } from '../../support/json'
import type { DataRecord } from '../../../shared/core/record/value'
import { DEFINITION, makeStock, stockIn } from '../records/stock'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: { 'tieout.yaml': DEFINITION, 'own.csv': 'sku,name,quantity\n' } })
  key = gateway.key()
})
beforeEach(() => {
  makeStock(gateway.folder)
})
afterAll(() => gateway.close())

const JSON_TYPE = { 'content-type': 'application/json' }
const MARK = Buffer.from([0xef, 0xbb, 0xbf])
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

/** One record that is put; the answer. */
async function put(body: string | Buffer, headers: Record<string, string> = JSON_TYPE): Promise<DataRecord> {
  const response = await gateway.call(key, 'PUT', '/v1/workflows/stock/records/A1', {
    headers,
    body: new Uint8Array(Buffer.from(body)),
  })
  return { status: response.status, ...objectIn(await response.text()) }
}

const named = (name: string): string => `{"sku":"A1","quantity":1,"name":"${name}"}`

/** The same text as bytes, with these in place of the letter Ž. */
function with1(...bytes: number[]): Buffer {
  const [before = '', after = ''] = named('Ž').split('Ž')
  return Buffer.from([...Buffer.from(before), ...bytes, ...Buffer.from(after)])
}

describe('what a charset says is what is read', () => {
  const as = (charset: string): Record<string, string> => ({
    'content-type': `application/json; charset=${charset}`,
  })
  const czech = 'Žluťoučký kůň €'

  test.each<[string, Buffer, Record<string, string>, string]>([
    ['UTF-8', Buffer.from(named(czech)), as('utf-8'), czech],
    ['UTF-8 in quotes and capitals', Buffer.from(named(czech)), as('"UTF-8"'), czech],
    ['UTF-8 with a mark', Buffer.concat([MARK, Buffer.from(named(czech))]), as('utf-8'), czech],
    [
      'a mark that says more than the header',
      Buffer.concat([MARK, Buffer.from(named(czech))]),
      as('latin1'),
      czech,
    ],
    ['UTF-16 as declared', Buffer.from(named(czech), 'utf16le'), as('utf-16le'), czech],
    ['UTF-16 by its mark', Buffer.from(`\ufeff${named(czech)}`, 'utf16le'), as('utf-16'), czech],
    ['UTF-16 by its mark alone', Buffer.from(`\ufeff${named(czech)}`, 'utf16le'), JSON_TYPE, czech],
    ['UTF-16 with the big end first', big(`\ufeff${named(czech)}`), as('utf-16'), czech],
    ['Latin 1', Buffer.from(named('café'), 'latin1'), as('iso-8859-1'), 'café'],
    ['Windows 1252', with1(0x80, 0xe9), as('windows-1252'), '€é'],
    ['Latin 2', with1(0xae), as('iso-8859-2'), 'Ž'],
    ['Shift JIS', with1(0x83, 0x65), as('shift_jis'), 'テ'],
    ['GB 18030', with1(0xd6, 0xd0), as('gb18030'), '中'],
  ])('%s', async (_what, body, headers, name) => {
    expect(await put(body, headers)).toMatchObject({ status: 200, outcome: 'created' })
    expect(stockIn(gateway.folder)).toEqual([['A1', name, 1]])
  })

  test('bytes of another charset are refused with their place, and nothing is stored', async () => {
    const refused = await put(with1(0xe9))
    const at = named('Ž').indexOf('Ž')
    expect(refused).toMatchObject({
      status: 400,
      code: 'TEXT_ENCODING_INVALID',
      evidence: { charset: 'utf-8', offset: at, likely: 'windows-1252' },
      detail: `Byte ${String(at)} of the body is not utf-8; it looks like windows-1252. If it is, say so in Content-Type (charset=windows-1252); or send UTF-8.`,
    })
    expect(stockIn(gateway.folder)).toEqual([])
  })

  test('UTF-16 that nobody declared is recognised', async () => {
    expect(await put(Buffer.from(named('Ž'), 'utf16le'))).toMatchObject({
      code: 'TEXT_ENCODING_INVALID',
      evidence: { likely: 'utf-16le' },
    })
    expect(await put(big(named('Ž')))).toMatchObject({ evidence: { likely: 'utf-16be' } })
    expect(stockIn(gateway.folder)).toEqual([])
  })

  test('a charset that does not exist is named', async () => {
    expect(await put(named('a'), as('klingon'))).toMatchObject({
      status: 415,
      code: 'MEDIA_TYPE_UNSUPPORTED',
      evidence: { charset: 'klingon' },
    })
  })
})

describe('packed bodies', () => {
  const text = named('packed')
  test.each<[string, Buffer]>([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['identity', Buffer.from(text)],
  ])('%s', async (encoding, body) => {
    expect(await put(body, { ...JSON_TYPE, 'content-encoding': encoding })).toMatchObject({ status: 200 })
    expect(stockIn(gateway.folder)).toEqual([['A1', 'packed', 1]])
  })

  test('another encoding is named, and so is one that is not what it says', async () => {
    expect(await put(text, { ...JSON_TYPE, 'content-encoding': 'br' })).toMatchObject({
      status: 415,
      evidence: { contentEncoding: 'br' },
    })
    expect(await put(text, { ...JSON_TYPE, 'content-encoding': 'gzip' })).toMatchObject({
      code: 'FILE_DAMAGED',
    })
    expect(
      await put(gzipSync(text).subarray(0, 30), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
    ).toMatchObject({ code: 'FILE_DAMAGED' })
  })

  test('what unpacks to more than is taken is refused when that much was unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, ' '), { level: 9 })
    const before = process.memoryUsage().rss
    expect(await put(bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
  })
})

test.each([
  'application/json',
  'text/json',
  'application/vnd.acme.stock+json',
  'application/json;charset=UTF-8;odata=verbose',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'text/plain',
  'APPLICATION/JSON',
  '',
])('JSON is taken as %j', async (type) => {
  expect(await put(named('typed'), { 'content-type': type })).toMatchObject({ status: 200 })
  expect(stockIn(gateway.folder)).toEqual([['A1', 'typed', 1]])
})

test('XML to an operation that takes JSON is told which it takes', async () => {
  expect(await put('<record/>', { 'content-type': 'application/xml' })).toMatchObject({
    status: 415,
    code: 'MEDIA_TYPE_UNSUPPORTED',
    evidence: { contentType: 'application/xml' },
  })
})

test('integers beyond what doubles hold keep every digit, on the way in and on the way out', async () => {
  const digits = '9007199254740993'
  await put(`{"sku":"A1","name":null,"quantity":${digits}}`)
  expect(stockIn(gateway.folder)).toEqual([['A1', null, digits]])
  const upload = await gateway.call(key, 'POST', '/v1/workflows/stock/records', {
    headers: { 'content-type': 'application/x-ndjson' },
    body: `{"sku":"A1","name":"x","quantity":"not a number","id":${digits}.10}\n`,
  })
  expect(upload.status).toBe(207)
  const [exception] = [...(await exceptions())]
  expect(exception).toContain(`${digits}.10`)
})

/** As texts, so that no digit is lost in reading them. */
async function exceptions(): Promise<string[]> {
  const list = await gateway.call(key, 'GET', '/v1/exceptions')
  const ids = [...(await list.text()).matchAll(/"id":(\d+)/g)].map(([, id = '']) => id)
  return Promise.all(ids.map(async (id) => (await gateway.call(key, 'GET', `/v1/exceptions/${id}`)).text()))
}

test.each([
  ['{"sku":"A1","sku":"B1","quantity":1}', 'JSON_DUPLICATE_FIELD'],
  ['{"sku":"A1","quantity":1,"a":{"b":1,"b":2}}', 'JSON_DUPLICATE_FIELD'],
  ['{"sku":"A1","quantity":NaN}', 'JSON_INVALID'],
  ["{'sku':'A1'}", 'JSON_INVALID'],
  ['{"sku":"A1",}', 'JSON_INVALID'],
  ['{"sku":"A1"', 'JSON_INVALID'],
  ['{"sku":"A1"}{"sku":"B1"}', 'JSON_INVALID'],
])('%s is refused rather than guessed at', async (body, code) => {
  expect(await put(body)).toMatchObject({ code })
})

test('a refused part of a file is also told in the body, and by the status where one asks for it', async () => {
  const send = async (query: string): Promise<Response> =>
    gateway.call(key, 'POST', `/v1/workflows/stock/records${query}`, {
      headers: { 'content-type': 'text/csv' },
      body: 'sku,quantity\nA1,1\nA2,many\n',
    })
  const partly = await send('')
  expect(partly.status).toBe(207)
  expect(await partly.json()).toMatchObject({ hasErrors: true, outcomes: { created: 1, rejected: 1 } })
  const strict = await send('?onPartial=422')
  expect(strict.status).toBe(422)
  expect(await strict.json()).toMatchObject({ code: 'RECORDS_REFUSED', hasErrors: true })
  const whole = await gateway.call(key, 'POST', '/v1/workflows/stock/records', {
    headers: { 'content-type': 'text/csv' },
    body: 'sku,quantity\nA1,1\n',
  })
  expect(whole.status).toBe(200)
  expect(await whole.json()).toMatchObject({ hasErrors: false })
})
