import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startGateway, type TestGateway } from '../../support/gateway'
import { client, DEFINITION, type Answered, type Client } from './stock'

const RECORDS = '/v1/workflows/stock/records'

let gateway: TestGateway
let stock: Client

beforeAll(async () => {
  gateway = await startGateway({ files: { 'tieout.yaml': DEFINITION, 'own.csv': '' } })
  stock = client(gateway)
})

afterAll(() => gateway.close())

function own(...rows: string[]): void {
  writeFileSync(join(gateway.folder, 'own.csv'), ['sku,name,quantity', ...rows, ''].join('\n'))
}

async function manifest({ headers }: Answered): Promise<Answered> {
  const url = /<([^>]+)>; rel="describedby"/.exec(headers.get('link') ?? '')?.[1] ?? ''
  return stock.get(new URL(url).pathname)
}

test.each([
  ['text/csv', 'sku,name,quantity\r\n1,One,1\r\n2,,2\r\n'],
  ['application/x-ndjson', '{"sku":"1","name":"One","quantity":1}\n{"sku":"2","name":null,"quantity":2}\n'],
  [
    'application/json',
    '[\n{"sku":"1","name":"One","quantity":1},\n{"sku":"2","name":null,"quantity":2}\n]\n',
  ],
])('every record as it is mapped, as %s', async (type, text) => {
  own('1,One,1', '2,,2')
  const download = await stock.get(RECORDS, { accept: type })
  expect({
    status: download.status,
    type: download.headers.get('content-type'),
    text: download.text,
  }).toEqual({
    status: 200,
    type: `${type}; charset=utf-8`,
    text,
  })
  const { json } = await manifest(download)
  expect(json).toMatchObject({
    records: 2,
    refused: 0,
    bytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
    complete: true,
    mediaType: type,
    cursor: download.headers.get('tieout-cursor'),
  })
})

test('XML by the parameter, for clients that cannot set headers', async () => {
  own('1,"One & <only>",1')
  const { text } = await stock.get(`${RECORDS}?format=xml`)
  expect(text).toContain(
    '<record><sku>1</sku><name>One &amp; &lt;only&gt;</name><quantity>1</quantity></record>',
  )
})

test('formulas are made harmless, unless told otherwise', async () => {
  own('1,=cmd(),1')
  expect((await stock.get(RECORDS)).text).toContain("1,'=cmd(),1")
  expect((await stock.get(`${RECORDS}?escape=none`)).text).toContain('1,=cmd(),1')
})

test('what a sync would refuse is not in it, and the manifest says so', async () => {
  own('1,One,1', '2,Two,many')
  const { json } = await manifest(await stock.get(RECORDS))
  expect(json).toMatchObject({ records: 1, refused: 1, errors: [{ row: 2, pointer: '#/quantity' }] })
})

test('a format that is not there, a cursor that nobody gave, a download that nobody made', async () => {
  expect(await stock.get(RECORDS, { accept: 'image/png' })).toMatchObject({
    status: 406,
    json: { code: 'NOT_ACCEPTABLE' },
  })
  expect((await stock.get(`${RECORDS}?changedSince=YzEuNDI`)).json).toMatchObject({ code: 'CURSOR_UNKNOWN' })
  expect((await stock.get('/v1/exports/5f0c1d2e')).json).toMatchObject({ code: 'EXPORT_UNKNOWN' })
  expect((await stock.get('/v1/workflows/none/records')).json).toMatchObject({ code: 'WORKFLOW_UNKNOWN' })
})

test('a source that cannot be read is a problem, not an empty file', async () => {
  writeFileSync(join(gateway.folder, 'own.csv'), 'sku,sku\n')
  expect((await stock.get(RECORDS)).json).toMatchObject({ code: 'HEADER_INVALID' })
})

test('changedSince gives what is new, what changed and what disappeared, to everybody by their own cursor', async () => {
  own('1,One,1', '2,Two,2', '3,Three,3')
  const first = await stock.get(RECORDS, { accept: 'application/x-ndjson' })
  const since = async (cursor: string | null, query = ''): Promise<Answered> =>
    stock.get(`${RECORDS}?changedSince=${cursor ?? ''}${query}`, { accept: 'application/x-ndjson' })
  const cursor = first.headers.get('tieout-cursor')
  expect((await since(cursor)).text).toBe('')

  own('1,One,1', '2,Two,22', '4,Four,4')
  const second = await since(cursor)
  expect(second.text).toBe(
    '{"sku":"2","name":"Two","quantity":22}\n{"sku":"4","name":"Four","quantity":4}\n{"sku":"3","tieout_deleted":true}\n',
  )
  expect((await manifest(second)).json).toMatchObject({ records: 2, deleted: 1 })
  expect((await since(second.headers.get('tieout-cursor'))).text).toBe('')
  // somebody who was away gets it all the same
  expect((await since(cursor)).text).toBe(second.text)
  expect((await since(cursor, '&deleted=leave-out')).text).not.toContain('tieout_deleted')
  const csv = await stock.get(`${RECORDS}?changedSince=${cursor ?? ''}&format=csv`)
  expect(csv.text.split('\r\n')[0]).toBe('sku,name,quantity,tieout_deleted')

  own('1,One,1', '2,Two,22', '3,Three,3', '4,Four,4')
  expect((await since(second.headers.get('tieout-cursor'))).text).toBe(
    '{"sku":"3","name":"Three","quantity":3}\n',
  )
})

test('what disappeared is forgotten after 90 days, and a cursor from before is refused', async () => {
  const fetch = async (query = ''): Promise<Answered> =>
    stock.get(`${RECORDS}?${query}`, { accept: 'application/x-ndjson' })
  const cursorOf = ({ headers }: Answered): string => headers.get('tieout-cursor') ?? ''
  const state = new DatabaseSync(join(gateway.folder, '.tieout', 'downloads.sqlite'), { timeout: 10_000 })
  const deleted = (): unknown =>
    state.prepare('SELECT count(*) AS n FROM entry WHERE deleted = 1').get()?.['n']
  own('1,One,1', '2,Two,2')
  const before = cursorOf(await fetch())
  own('1,One,1')
  const old = cursorOf(await fetch())
  expect(deleted()).toBeGreaterThan(0)
  state.exec('UPDATE taken SET at = at - 91 * 86400000')
  // the download that finds out is the last that gives it
  expect((await fetch(`changedSince=${before}`)).text).toContain('{"sku":"2","tieout_deleted":true}')
  expect(deleted()).toBe(0)
  expect(await fetch(`changedSince=${before}`)).toMatchObject({
    status: 410,
    json: { code: 'CURSOR_EXPIRED', evidence: { workflow: 'stock', days: 90 } },
  })
  expect(await fetch(`changedSince=${old}`)).toMatchObject({ status: 200, text: '' })
  state.close()
})

test('nothing counts as disappeared where a row could be any record', async () => {
  own('1,One,1', '2,Two,2')
  const cursor = (await stock.get(RECORDS)).headers.get('tieout-cursor') ?? ''
  own('1,One,1', ',Two,2')
  expect((await stock.get(`${RECORDS}?changedSince=${cursor}&format=ndjson`)).text).toBe('')
})

test('a broken download goes on with Range and is the same byte for byte', async () => {
  own(...Array.from({ length: 30_000 }, (_, i) => `${String(i)},Part ${String(i)},${String(i)}`))
  const { etag, begin } = await brokenOff(`${gateway.url}${RECORDS}`, 100_000)
  const range = { range: `bytes=${String(begin.length)}-`, 'if-range': etag }
  const rest = await stock.get(RECORDS, range)
  const size = begin.length + rest.text.length
  expect(rest.status).toBe(206)
  expect(rest.headers.get('content-range')).toBe(
    `bytes ${String(begin.length)}-${String(size - 1)}/${String(size)}`,
  )
  const { json } = await stock.get(`/v1/exports/${etag.replaceAll('"', '')}`)
  expect(createHash('sha256').update(begin).update(rest.text).digest('hex')).toBe(json['sha256'])

  const tail = await stock.get(RECORDS, { range: 'bytes=-6', 'if-range': etag })
  expect(tail.text).toBe('29999\r\n'.slice(-6))
  const beyond = await stock.get(RECORDS, { range: `bytes=${String(size)}-`, 'if-range': etag })
  expect(beyond).toMatchObject({ status: 416, json: { code: 'RANGE_NOT_SATISFIABLE' } })
  expect(beyond.headers.get('content-range')).toBe(`bytes */${String(size)}`)
  const other = await stock.get(RECORDS, { range: 'bytes=10-', 'if-range': '"0123"' })
  expect({ status: other.status, whole: other.text.length }).toEqual({ status: 200, whole: size })
})

test('packed bytes have a name of their own, and HEAD begins no download', async () => {
  own('1,One,1')
  const packed = await stock.get(RECORDS, { 'accept-encoding': 'gzip' })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(packed.headers.get('etag')).toMatch(/-gzip"$/)
  const plain = await stock.get(RECORDS, { 'accept-encoding': 'gzip;q=0' })
  expect(plain.headers.get('content-encoding')).toBeNull()
  const head = await gateway.call(gateway.key(), 'HEAD', RECORDS)
  // nobody knows before how long it is
  expect(head.headers.get('content-length')).toBeNull()
  expect({ status: head.status, ranges: head.headers.get('accept-ranges') }).toEqual({
    status: 200,
    ranges: 'bytes',
  })
})

/** What arrived until the client went away. */
function brokenOff(url: string, after: number): Promise<{ etag: string; begin: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'x-api-key': gateway.key() } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        const begin = Buffer.concat(chunks)
        if (begin.length < after) return
        request.destroy()
        resolve({ etag: response.headers.etag ?? '', begin })
      })
    })
    request.on('error', reject)
  })
}

test.each(['1.0', '1.1'])(
  'in HTTP/%s a download that breaks off is not taken for a whole one',
  async (version) => {
    const rows = Array.from(
      { length: 20_000 },
      (_, i) => `${String(i)},a name that takes some room,1\n`,
    ).join('')
    const bad = Buffer.concat([Buffer.from(`sku,name,quantity\n${rows}`), Buffer.from([0xff, 0x0a])])
    writeFileSync(join(gateway.folder, 'own.csv'), bad)
    const { port } = new URL(gateway.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `GET ${RECORDS} HTTP/${version}\r\nHost: x\r\nX-API-Key: ${gateway.key()}\r\nAccept: application/x-ndjson\r\n\r\n`,
    )
    const end = new Promise<string>((resolve) => {
      socket.once('error', () => {
        resolve('broken off')
      })
      socket.once('end', () => {
        resolve('ended')
      })
    })
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
    expect([await end, text.endsWith('0\r\n\r\n')]).toEqual([
      version === '1.0' ? 'broken off' : 'ended',
      false,
    ])
    expect(text).toContain('200 OK')
    expect(text.length).toBeGreaterThan(100_000)
  },
)
