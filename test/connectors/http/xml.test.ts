import { UNCOUNTED } from '../../../shared/core/record/ledger'
import { xml2js } from './read-xml'
import type { DataRecord } from '../../../shared/core/record/value'
import { faultOf, open, pagesOf, rowsOf, writeAll } from './connect'
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

const xml = (more: DataRecord = {}): DataRecord => ({ format: 'xml', records: '/catalog/item', ...more })

describe('reading', () => {
  test('records by the path of their element, with attributes, namespaces, nil and empty elements', async () => {
    const { source, server } = await service(() => ({
      body: `<?xml version="1.0"?><c:catalog xmlns:c="urn:c" xmlns:p="urn:price"
          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><head><item>no record</item></head>
        <c:item sku="007"><p:amount p:currency="EUR">1.50</p:amount><tag>a</tag><note/></c:item>
        <c:item sku="8"><tag>a</tag><tag>b</tag><note xsi:nil="true"/></c:item></c:catalog>`,
    }))
    const settings = xml({ xml: { namespaces: { p: 'urn:price' }, lists: ['tag'] } })
    const items = await source(settings)
    expect(items.typed).toBe(false)
    expect(await rowsOf(items)).toEqual([
      { '@sku': '007', 'p:amount': { '@p:currency': 'EUR', '#text': '1.50' }, tag: ['a'], note: '' },
      { '@sku': '8', tag: ['a', 'b'], note: null },
    ])
    expect(server.asked[0]?.headers.accept).toMatch(/^application\/xml/)
  })

  test('the encoding of the header comes before that of the document', async () => {
    const body = Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?><catalog><item><a>K\xf6ln</a></item></catalog>',
      'latin1',
    )
    const { source } = await service(() => ({ type: 'text/xml; charset=ISO-8859-1', body }))
    expect(await rowsOf(await source(xml()))).toEqual([{ a: 'Köln' }])
  })

  test('the total of the document proves the listing and saves the empty page', async () => {
    const { source, server } = await service(({ url }) => {
      const page = Number(url.searchParams.get('page'))
      return { body: `<catalog total=" 4"><item><a>${page}</a></item><item><a>x</a></item></catalog>` }
    })
    const pages = await pagesOf(await source(xml({ total: '/catalog/@total', paging: { type: 'page' } })))
    expect(pages.flatMap(({ rows }) => rows)).toHaveLength(4)
    expect(pages.at(-1)?.end).toMatchObject({ complete: true, total: 4 })
    expect(server.asked.length).toBeLessThanOrEqual(5)
  })

  test('the next address of a feed, found by the attribute of its link, in a document and after a break', async () => {
    const feed = (from: number, next: string) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/items"/>${next}
        <entry><id>${from}</id></entry><entry><id>${from + 1}</id></entry></feed>`
    const { source } = await service(({ url }) => {
      const from = Number(url.searchParams.get('from') ?? 1)
      return { body: feed(from, from < 5 ? `<link rel="next" href="/items?from=${from + 2}&amp;x=1"/>` : '') }
    })
    const settings = {
      format: 'xml',
      records: '/feed/entry',
      paging: { type: 'next', at: '/feed/link[@rel=next]/@href' },
    }
    const pages = await pagesOf(await source(settings))
    expect(pages.flatMap(({ rows }) => rows)).toEqual(['1', '2', '3', '4', '5', '6'].map((id) => ({ id })))
    expect(pages.at(-1)?.end).toMatchObject({ complete: true })
    const [first] = pages
    expect(await rowsOf(await source(settings), { after: first?.position ?? '' })).toHaveLength(4)
  })

  test('a cursor that stands in an element', async () => {
    const { source } = await service(({ url }) => {
      const more = url.searchParams.get('cursor') === null ? '<paging n="1"><next> b c </next></paging>' : ''
      return { body: `<catalog>${more}<item><a>${url.searchParams.get('cursor') ?? ''}</a></item></catalog>` }
    })
    const rows = await rowsOf(await source(xml({ paging: { type: 'cursor', at: '/catalog/paging/next' } })))
    expect(rows).toEqual([{ a: '' }, { a: ' b c ' }])
  })

  test('an answer without the element that holds the records is empty and proves nothing', async () => {
    const { source } = await service(() => ({ body: '<catalog/>' }))
    const pages = await pagesOf(await source(xml({ records: '/catalog/items/item' })))
    expect(pages).toMatchObject([{ rows: [], end: { complete: false } }])
  })

  test('an answer with another root is no listing: the fault names the root and what it says', async () => {
    const { source } = await service(() => ({ body: '<error><message>no such shop</message></error>' }))
    const fault = await faultOf(rowsOf(await source(xml())))
    expect(fault.code).toBe('ANSWER_UNREADABLE')
    expect(fault.detail).toMatch(/no element \/catalog\/item; its root is error; it says: no such shop/)
  })

  test('nothing is quoted of an answer that may hold records: where their path is wrong, or it breaks off', async () => {
    for (const body of [
      '<people><person>Zebediah</person></people>',
      '<catalog><item>Zebediah</item><oops>',
    ]) {
      const { source } = await service(() => ({ body }))
      const { detail, evidence } = await faultOf(rowsOf(await source(xml())))
      expect(JSON.stringify([detail, evidence])).not.toContain('Zebediah')
    }
  })

  test('an answer that is cut off is no listing', async () => {
    const { source } = await service(() => ({ body: '<catalog><item><a>1</a></item>' }))
    expect((await faultOf(rowsOf(await source(xml())))).code).toBe('ANSWER_UNREADABLE')
  })

  test.each([
    [
      'a document type',
      'XML_DOCTYPE_REFUSED',
      '<!DOCTYPE c [<!ENTITY a "aaaa">]><catalog><item>&a;</item></catalog>',
    ],
    ['great depth', 'XML_TOO_DEEP', '<catalog>' + '<a>'.repeat(200)],
    [
      'a record of very many elements',
      'XML_TOO_DEEP',
      `<catalog><item>${'<a/>'.repeat(600_000)}</item></catalog>`,
    ],
    ['very much beside the records', 'XML_TOO_DEEP', `<catalog>${'<a/>'.repeat(600_000)}</catalog>`],
  ])('%s is refused', async (_, code, body) => {
    const { source } = await service(() => ({ body }))
    expect((await faultOf(rowsOf(await source(xml())))).code).toBe(code)
  })

  test('a listing that is asked for by an envelope', async () => {
    const { source, server } = await service(() => ({
      type: 'text/xml',
      body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r:Stock xmlns:r="urn:r">
        <r:item><r:sku>A</r:sku></r:item></r:Stock></s:Body></s:Envelope>`,
    }))
    const body = '<Envelope><Body><GetStock/></Body></Envelope>'
    const asked = { method: 'POST', body, headers: { SOAPAction: 'urn:get' } }
    const settings = { format: 'xml', records: '/Envelope/Body/Stock/item', ...asked }
    expect(await rowsOf(await source(settings))).toEqual([{ sku: 'A' }])
    expect(server.asked[0]?.body.toString()).toBe(body)
    expect(server.asked[0]?.headers).toMatchObject({
      soapaction: 'urn:get',
      'content-type': 'text/xml; charset=utf-8',
    })
  })

  test('records are looked up one by one and many at once', async () => {
    const { source } = await service(({ url }) => ({
      body:
        url.pathname === '/item/A'
          ? '<answer><item><sku>A</sku><n>1</n></item></answer>'
          : '<list><item><sku>B</sku></item><item><sku>A</sku></item></list>',
    }))
    const one = await source(xml({ lookup: { path: '/item/{sku}', record: '/answer/item' } }))
    expect(await one.lookup?.([{ sku: 'A' }])).toEqual([{ sku: 'A', n: '1' }])
    const many = await source(xml({ lookup: { path: '/items', list: 'ids', records: '/list/item' } }))
    expect(await many.lookup?.([{ sku: 'A' }, { sku: 'C' }, { sku: 'B' }])).toEqual([
      { sku: 'A' },
      undefined,
      { sku: 'B' },
    ])
  })
})

const soap11 = (
  code: string,
) => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <soap:Fault><faultcode>soap:${code}</faultcode><faultstring>Shop 7 is closed</faultstring></soap:Fault>
  </soap:Body></soap:Envelope>`
const soap12 = (
  code: string,
) => `<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>
  <env:Code><env:Value>env:${code}</env:Value></env:Code>
  <env:Reason><env:Text xml:lang="en">Shop 7 is closed</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>`

describe('a SOAP fault', () => {
  test.each([
    [200, soap11('Client'), 'REQUEST_REFUSED', 1],
    [500, soap11('Client'), 'REQUEST_REFUSED', 1],
    [400, soap12('Sender'), 'REQUEST_REFUSED', 1],
    [500, soap11('Client.Authentication'), 'UNAUTHORIZED', 1],
    [200, soap12('Receiver'), 'UPSTREAM_ERROR', undefined],
    [500, soap11('Server'), 'UPSTREAM_ERROR', undefined],
  ])('with status %d: %#', async (status, body, code, calls) => {
    const { source, server } = await service(() => ({ status, type: 'text/xml; charset=utf-8', body }))
    const fault = await faultOf(rowsOf(await source(xml({ records: '/Envelope/Body/item' }))))
    expect(fault.code).toBe(code)
    expect(fault.evidence['answer']).toContain('Shop 7 is closed')
    if (code !== 'UNAUTHORIZED') expect(fault.detail).toContain('Shop 7 is closed')
    if (calls !== undefined) expect(server.asked).toHaveLength(calls)
    else expect(server.asked.length).toBeGreaterThan(1)
  })

  test('a record that speaks of faults is none', async () => {
    const { source } = await service(() => ({
      body: '<Envelope><Body><item><Fault>belt</Fault></item></Body></Envelope>',
    }))
    expect(await rowsOf(await source(xml({ records: '/Envelope/Body/item' })))).toEqual([{ Fault: 'belt' }])
  })

  test('to a write refuses the record alone, not the run', async () => {
    const { target } = await service(({ body }) =>
      body.includes('B2') ? { status: 500, body: soap11('Client') } : { body: '<ok/>' },
    )
    const items = await target({ format: 'xml', wrap: '/item', results: 'all', method: 'PUT' })
    expect(await writeAll(items, [{ sku: 'A1' }, { sku: 'B2' }])).toMatchObject([
      { outcome: 'updated' },
      {
        outcome: 'rejected',
        message: 'the service refused the record (400): SOAP fault with status 500: Client: Shop 7 is closed',
      },
    ])
  })

  test('of the service to a write that may not come twice leaves it in doubt', async () => {
    const { target } = await service(() => ({ body: soap11('Server') }))
    const items = await target({ format: 'xml', results: 'all' })
    expect((await faultOf(writeAll(items, [{ sku: 'A1' }]))).code).toBe('RESPONSE_LOST')
  })
})

describe('writing', () => {
  const results = {
    at: '/result/line',
    match: 'id',
    id: '@sku',
    status: '@status',
    ok: ['OK'],
    code: 'error/@no',
    message: 'error',
    pointer: 'error/@field',
  }

  test('a batch as a document, and what became of each record from the document that answers', async () => {
    const { target, server } = await service(() => ({
      body: `<result><line sku="B" status="FAILED"><error no="E7" field="/qty">
            too many
          </error></line>
        <line sku="A" status="OK"/></result>`,
    }))
    const namespaces = { '': 'urn:stock', e: 'urn:extra' }
    const settings = { format: 'xml', wrap: '/stock/items/item', xml: { namespaces }, results }
    const records = [
      { sku: 'A', '@id': '1', qty: 5, 'e:note': 'a < b & "c"', tags: ['x', 'y'], none: null, empty: '' },
      { sku: 'B', qty: 9007199254740991 },
      { sku: 'C', 'unit price': 1 },
    ]
    expect(await writeAll(await target(settings), records)).toEqual([
      { outcome: 'created', assumed: true },
      { outcome: 'rejected', code: 'RECORD_REFUSED', message: 'E7: too many', pointer: '/qty' },
      expect.objectContaining({ outcome: 'rejected', code: 'XML_NAME_INVALID' }),
    ])
    const [asked] = server.asked
    expect(asked?.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(await xml2js(asked?.body.toString() ?? '')).toEqual({
      stock: {
        $: expect.objectContaining({ xmlns: 'urn:stock', 'xmlns:e': 'urn:extra' }) as unknown,
        items: [
          {
            item: [
              {
                $: { id: '1' },
                sku: ['A'],
                qty: ['5'],
                'e:note': ['a < b & "c"'],
                tags: ['x', 'y'],
                none: [{ $: { 'xsi:nil': 'true' } }],
                empty: [''],
              },
              { sku: ['B'], qty: ['9007199254740991'] },
            ],
          },
        ],
      },
    })
  })

  test('a document for each record where the path is one element', async () => {
    const { target, server } = await service(() => ({ status: 201, body: '' }))
    const items = await target(
      { format: 'xml', wrap: '/item', xml: { namespaces: { '': 'urn:s' } } },
      'append',
    )
    expect(await writeAll(items, [{ sku: 'A', '@v': 1 }, { sku: 'B' }], 'insert')).toEqual([
      { outcome: 'created' },
      { outcome: 'created' },
    ])
    const bodies = await Promise.all(server.asked.map(({ body }) => xml2js(body.toString())))
    expect(bodies).toContainEqual({
      item: { $: expect.objectContaining({ v: '1', xmlns: 'urn:s' }) as unknown, sku: ['A'] },
    })
  })

  test('the words of a refused record come from its document', async () => {
    const { target } = await service(() => ({
      status: 422,
      type: 'application/problem+xml',
      body: '<problem><code>Q1</code><message>qty is negative</message></problem>',
    }))
    const items = await target({ format: 'xml', path: '/items/{sku}', method: 'PUT' })
    expect(await writeAll(items, [{ sku: 'A', qty: -1 }])).toMatchObject([
      {
        outcome: 'rejected',
        code: 'RECORD_REFUSED',
        message: 'the service refused the record (422): Q1: qty is negative',
      },
    ])
  })

  test('an answer that says nothing of the records leaves them unknown', async () => {
    const { target } = await service(() => ({ body: '<ok/>' }))
    expect(await writeAll(await target({ format: 'xml' }), [{ sku: 'A' }])).toMatchObject([
      { outcome: 'unknown' },
    ])
  })

  test('what is looked up has the types of what is written', async () => {
    const { connection } = await service(() => ({
      body: '<item><sku>A</sku><qty>5</qty><on>true</on></item>',
    }))
    const schema = {
      properties: { sku: { type: 'string' }, qty: { type: 'integer' }, on: { type: 'boolean' } },
    }
    const target = await connection.target({
      stream: 'items',
      settings: { format: 'xml', lookup: { path: '/items/{sku}' } },
      key: ['sku'],
      mode: 'upsert',
      workflow: 'test',
      schema,
      ledger: UNCOUNTED,
    })
    expect(await target.lookup?.([{ sku: 'A' }], new AbortController().signal)).toEqual([
      { sku: 'A', qty: 5, on: true },
    ])
  })
})
