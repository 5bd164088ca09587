import { faultOf, open, rowsOf, writeAll } from './connect'
import { startPlainServer, type Answered, type Asked } from './plain-server'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function service(answer: (asked: Asked) => Answered) {
  const server = await startPlainServer(answer)
  const api = await open({ baseUrl: server.url })
  opened.push(api.connection, server)
  return { ...api, server }
}

describe('reading', () => {
  test('CSV as it is written there: delimiter, quote, text for null, encoding of the header', async () => {
    const body = Buffer.from("sku;name;note\n007;'K\xf6ln; Deutz';\\N\n8;;''\n", 'latin1')
    const { source, server } = await service(() => ({ type: 'text/csv; charset=iso-8859-1', body }))
    const csv = { delimiter: ';', quote: "'", nullText: '\\N' }
    expect(await rowsOf(await source({ format: 'csv', csv }))).toEqual([
      { sku: '007', name: 'Köln; Deutz', note: null },
      { sku: '8', name: '', note: '' },
    ])
    expect(server.asked[0]?.headers.accept).toMatch(/^text\/csv/)
  })

  test('CSV without settings: the delimiter is found out, nothing is null and "" is a text', async () => {
    const { source } = await service(() => ({ type: 'text/csv', body: 'sku\tnote\n1\t\n2\t""\n' }))
    expect(await rowsOf(await source({ format: 'csv' }))).toEqual([
      { sku: '1', note: null },
      { sku: '2', note: '' },
    ])
  })

  test('CSV that is cut off is no listing', async () => {
    const { source } = await service(() => ({ type: 'text/csv', body: 'sku,note\n1,"and then' }))
    expect((await faultOf(rowsOf(await source({ format: 'csv' })))).code).toBe('ANSWER_UNREADABLE')
  })
})

describe('writing', () => {
  const records = [
    { sku: 'A', qty: 5, note: '=1+1', none: null, empty: '' },
    { sku: 'B', qty: 1, note: 'a "b"\nc' },
  ]

  test('a batch as CSV with the fields of all its records; formulas are values to a service', async () => {
    const { target, server } = await service(() => ({
      type: 'application/json',
      body: '[{"status":200},{"status":201}]',
    }))
    expect(await writeAll(await target({ format: 'csv' }), records)).toEqual([
      { outcome: 'updated' },
      { outcome: 'created' },
    ])
    expect(server.asked[0]?.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(server.asked[0]?.body.toString()).toBe(
      'sku,qty,note,none,empty\nA,5,=1+1,,""\nB,1,"a ""b""\nc",,\n',
    )
  })

  test('CSV in the dialect and encoding that the service reads', async () => {
    const { target, server } = await service(() => ({ body: '' }))
    const csv = { delimiter: ';', eol: '\r\n', encoding: 'windows-1252' }
    await writeAll(await target({ format: 'csv', csv, results: 'all' }), [{ sku: 'A', name: 'Köln' }])
    expect(server.asked[0]?.headers['content-type']).toBe('text/csv; charset=windows-1252')
    expect(server.asked[0]?.body.toString('latin1')).toBe('sku;name\r\nA;K\xf6ln\r\n')
  })

  test('one record in each request where the service takes them so', async () => {
    const { target, server } = await service(() => ({ body: '' }))
    await writeAll(await target({ format: 'csv', batch: false }), [{ sku: 'A' }, { sku: 'B' }])
    expect(server.asked.map(({ body }) => body.toString()).sort()).toEqual(['sku\nA\n', 'sku\nB\n'])
  })

  test('what is altered is counted once for each record, however often it is sent', async () => {
    const answers = [
      { status: 503, body: 'later' },
      { status: 400, body: 'no' },
      { body: '[{"status":200},{"status":429}]' },
      { body: '[{"status":200}]' },
    ]
    const type = 'application/json'
    const { target, ledger } = await service(() => ({ type, ...(answers.shift() ?? { body: '' }) }))
    const to = await target({ format: 'csv' })
    const sent = [
      { sku: 'A', note: 'Köln \ud800' },
      { sku: 'B', note: '\ud800' },
    ]
    for (const part of [sent, sent, sent, sent.slice(1)]) await writeAll(to, part).catch(() => undefined)
    expect(answers).toEqual([])
    expect(ledger.counted()).toEqual({ note: { ENCODING_REPLACED: 2 } })
  })

  test('a batch as NDJSON, with a content type of the service', async () => {
    const { target, server } = await service(() => ({ body: '' }))
    const headers = { 'Content-Type': 'application/jsonl' }
    await writeAll(await target({ format: 'ndjson', headers, results: 'all' }), [
      { sku: 'A', n: 1 },
      { sku: 'B' },
    ])
    expect(server.asked[0]?.headers['content-type']).toBe('application/jsonl')
    expect(server.asked[0]?.body.toString()).toBe('{"sku":"A","n":1}\n{"sku":"B"}\n')
  })
})
