import { gzipSync } from 'node:zlib'
import type { Page } from '../../../shared/core/connector'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Authority } from '../../support/certificates'
import { startFaultyApi } from '../../support/faulty-api'
import type { Call } from '../../support/faulty-api/wire'
import { faultOf, open, pagesOf, products } from './connect'
import { startPlainServer } from './plain-server'

interface Scripted {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

/** A service that answers as it is told; `read` is what the stream says of it. */
async function service(answer: (call: Call) => Scripted, read: DataRecord, base = '') {
  const server = await startFaultyApi({
    fault: (call) => ({ do: 'answer', status: 200, ...answer(call) }),
  })
  const { connection, source } = await open({ baseUrl: server.url + base, concurrency: 1 })
  opened.push(connection, server)
  return { server, source: async () => await source(read) }
}

async function listed(answer: (call: Call) => Scripted, read: DataRecord, base?: string): Promise<Page[]> {
  const { source } = await service(answer, read, base)
  return await pagesOf(await source())
}

const rowsIn = (pages: readonly Page[]) => pages.flatMap(({ rows }) => rows)
const endOf = (pages: readonly Page[]) => pages.at(-1)?.end
const all = products(25)
const part = (from: number) => all.slice(from, from + 10)
const asked = ({ url }: Call, name: string) => Number(url.searchParams.get(name) ?? 0)
const CSV = { 'content-type': 'text/csv' }

describe('the way to the next page', () => {
  test('a cursor that stays on the empty page behind the last one (endCursor of GraphQL)', async () => {
    const answer = (call: Call) => {
      const from = asked(call, 'after')
      return { body: { nodes: part(from), pageInfo: { endCursor: String(Math.min(25, from + 10)) } } }
    }
    const paging = { type: 'cursor', parameter: 'after', at: '/pageInfo/endCursor' }
    const pages = await listed(answer, { records: '/nodes', paging })
    expect(rowsIn(pages)).toEqual(all)
    expect(endOf(pages)).toMatchObject({ complete: true })
  })

  test.each([false, null, ''])('%j where there is no next page', async (next) => {
    const answer = (call: Call) =>
      asked(call, 'from') < 10
        ? { body: { items: part(0), next: '/items?from=10' } }
        : { body: { items: part(10), next } }
    const pages = await listed(answer, { records: '/items', paging: { type: 'next' } })
    expect(rowsIn(pages)).toEqual(all.slice(0, 20))
  })

  test('a cursor in a header, of pages in CSV (the locator of Salesforce)', async () => {
    const answer = (call: Call) => {
      const from = asked(call, 'locator')
      const body =
        'sku\n' +
        part(from)
          .map(({ sku }) => `${textOf(sku)}\n`)
          .join('')
      return { headers: { ...CSV, 'Sforce-Locator': from < 20 ? String(from + 10) : 'null' }, body }
    }
    const read = { format: 'csv', paging: { type: 'cursor', parameter: 'locator', at: 'Sforce-Locator' } }
    expect(rowsIn(await listed(answer, read))).toEqual(all.map(({ sku }) => ({ sku })))
  })

  test.each(['csv', 'ndjson'])(
    'is not looked for in %s: the first page would pass for all',
    async (format) => {
      const { source } = await service(() => ({}), { format, paging: { type: 'cursor', at: '/next' } })
      expect(await faultOf(source())).toMatchObject({ code: 'DEFINITION_INVALID' })
    },
  )

  test.each([
    ['a query alone', '?$skiptoken=10', '/v4', '/Orders'],
    ['beside the listing', 'Orders?$skiptoken=10', '', '/v4/Orders'],
    ['below the base', 'Customers(1)/Orders?$skiptoken=10', '/v4', '/Customers(1)/Orders'],
    ['below the host', '/v4/Orders?$skiptoken=10', '/v4', '/Orders'],
  ])('an address that is %s: %s', async (_, next, base, path) => {
    const answer = (call: Call) => {
      if (call.url.pathname !== base + path) return { status: 404 }
      return asked(call, '$skiptoken') === 0
        ? { body: { value: part(0), '@odata.nextLink': next } }
        : { body: { value: part(10) } }
    }
    const read = { path, records: '/value', paging: { type: 'next', at: '/@odata.nextLink' } }
    expect(rowsIn(await listed(answer, read, base))).toEqual(all.slice(0, 20))
  })

  test('an address with http is asked for by https, where the base is: no token goes out in the clear', async () => {
    const authority = new Authority('Example Root')
    const server = await startFaultyApi({
      tls: authority.issue(),
      fault: ({ url, headers }) => {
        const next = `http://${headers.host ?? ''}/items?page=2`
        const body = url.searchParams.has('page') ? { items: part(10) } : { items: part(0), next }
        return { do: 'answer', status: 200, body }
      },
    })
    const { connection, source } = await open({ baseUrl: server.url, ca: authority.cert })
    opened.push(connection, server)
    const pages = await pagesOf(await source({ records: '/items', paging: { type: 'next' } }))
    expect(rowsIn(pages)).toEqual(all.slice(0, 20))
    expect(server.requests.map(({ origin }) => origin.split(':')[0])).toEqual(['https', 'https'])
    authority.remove()
  })

  test('an address of the service gets nothing added: Shopify refuses it with more than it named', async () => {
    const answer = (call: Call) =>
      call.url.searchParams.has('page_info')
        ? { body: part(10) }
        : { body: part(0), headers: { link: '</items?limit=10&page_info=x>; rel="next"' } }
    const read = {
      since: { parameter: 'updated_at_min' },
      query: { status: 'any' },
      paging: { type: 'link' },
    }
    const { source, server } = await service(answer, read)
    await pagesOf(await source(), { since: { field: 'updated_at', value: '2026-01-01T00:00:00Z' } })
    expect(server.requests.map(({ url }) => url.search)).toEqual([
      '?status=any&updated_at_min=2026-01-01T00%3A00%3A00Z',
      '?limit=10&page_info=x',
    ])
  })

  test('a keyset without a key to go on from is a fault, not the end', async () => {
    const read = { paging: { type: 'keyset', field: 'sku' } }
    for (const last of [null, { qty: 1 }]) {
      const { source } = await service(() => ({ body: [{ sku: 'A' }, last] }), read)
      const fault = await faultOf(source().then((one) => pagesOf(one)))
      expect(fault).toMatchObject({ code: 'ANSWER_UNREADABLE', evidence: { field: 'sku' } })
    }
  })

  test('a space is %20: servers of OData take + for a plus', async () => {
    const { source, server } = await service(() => ({ body: [] }), { query: { $filter: "a eq 'b+c'" } })
    await pagesOf(await source())
    expect(server.requests[0]?.url.search).toBe('?%24filter=a%20eq%20%27b%2Bc%27')
  })
})

describe('the end', () => {
  const numbered = { records: '/items', paging: { type: 'page' } }
  const page = (call: Call) => (asked(call, 'page') - 1) * 10

  test('null in place of a list behind the last page', async () => {
    const answer = (call: Call) => ({ body: { items: page(call) < 25 ? part(page(call)) : null } })
    const pages = await listed(answer, numbered)
    expect(rowsIn(pages)).toEqual(all)
    expect(endOf(pages)).toMatchObject({ complete: true })
  })

  test('no list at all where the total is 0, as FHIR has it', async () => {
    const pages = await listed(() => ({ body: { resourceType: 'Bundle', total: 0 } }), {
      records: '/entry',
      total: '/total',
    })
    expect(endOf(pages)).toMatchObject({ complete: true, total: 0 })
  })

  test.each([
    ['page', { type: 'page' }],
    ['keyset', { type: 'keyset', field: 'sku', parameter: 'page' }],
  ])(
    'of %s paging may be a status; where that is not declared the fault names the way',
    async (_, paging) => {
      let calls = 0
      const answer = () => (++calls % 2 === 1 ? { body: { items: part(0) } } : { status: 404 })
      expect(rowsIn(await listed(answer, { ...numbered, paging: { ...paging, endStatus: 404 } }))).toEqual(
        part(0),
      )
      const { source } = await service(answer, { ...numbered, paging })
      const fault = await faultOf(source().then((one) => pagesOf(one)))
      expect(fault.code).toBe('PATH_UNKNOWN')
      expect(fault.detail).toContain('`paging.endStatus` to 404')
    },
  )

  test('is not proven where records were deleted between two numbered pages: one moved up and never came', async () => {
    const answer = (call: Call) => {
      const left = page(call) === 0 ? all : all.filter((_, index) => index !== 2)
      return { body: { total: left.length, items: left.slice(page(call), page(call) + 10) } }
    }
    const pages = await listed(answer, { ...numbered, total: '/total' })
    expect(rowsIn(pages)).toHaveLength(24)
    expect(endOf(pages)).toMatchObject({ complete: false, total: 24 })
  })

  test('is held against a total that only the first page tells', async () => {
    const answer = (call: Call) =>
      asked(call, 'from') === 0
        ? { body: { count: 25, items: part(0), next: '/items?from=10' } }
        : { body: { items: part(10) } }
    const pages = await listed(answer, { records: '/items', total: '/count', paging: { type: 'next' } })
    expect(endOf(pages)).toMatchObject({ complete: false, total: 25 })
  })
})

describe('an error that comes with 200', () => {
  test.each([
    ['GraphQL', { errors: [{ message: 'no field qtyy' }], data: null }, 'no field qtyy'],
    [
      'GraphQL beside a part of the records',
      { errors: [{ message: 'timeout' }], data: [{ sku: 'A' }] },
      'timeout',
    ],
    ['a text', { error: 'Session expired', data: null }, 'Session expired'],
    ['FHIR', { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'rebuilding' }] }, 'rebuilding'],
  ])('%s: what the service says is told', async (_, body, said) => {
    const { source } = await service(() => ({ body }), { records: '/data' })
    const fault = await faultOf(source().then((one) => pagesOf(one)))
    expect(fault.code).toBe('REQUEST_REFUSED')
    expect(fault.detail).toContain(said)
  })

  test('without the credentials that it repeats', async () => {
    const server = await startFaultyApi({
      fault: () => ({ do: 'answer', status: 200, body: { error: 'bad key k-77-secret' } }),
    })
    const auth = { type: 'apiKey', name: 'X-Key', value: 'k-77-secret' }
    const { connection, source } = await open({ baseUrl: server.url, auth })
    opened.push(connection, server)
    const fault = await faultOf(pagesOf(await source({ records: '/data' })))
    expect(fault.detail).toMatch(/error: bad key \*\*\*$/)
    expect(JSON.stringify(fault.evidence)).not.toContain('secret')
  })

  test('an empty list of errors is none', async () => {
    const pages = await listed(() => ({ body: { data: part(0), errors: [], error: null } }), {
      records: '/data',
    })
    expect(rowsIn(pages)).toEqual(part(0))
  })
})

/** The pages of a service whose every answer has these bytes. */
async function plain(body: string | Buffer, type = 'application/json'): Promise<Page[]> {
  const server = await startPlainServer(() => ({ type, body }))
  const { connection, source } = await open({ baseUrl: server.url })
  opened.push(connection, server)
  return await pagesOf(await source({}))
}

describe('an answer that is no JSON', () => {
  test.each([
    ['nothing', '', 'it is empty'],
    ['gzip', gzipSync('[]'), 'packed with gzip, and no content-encoding'],
    [
      'a message',
      'ORA-00942: table or view does not exist',
      'it says: ORA-00942: table or view does not exist',
    ],
    [
      'a warning of PHP',
      '<br />\n<b>Warning</b>: x in /a.php\n[{"sku":"A"}]',
      'it says: Warning : x in /a.php',
    ],
    ['NaN', '[{"qty":NaN}]', 'unexpected N'],
    ['a comma too many', '[{"sku":"A"},]', 'unexpected ]'],
  ])('%s', async (_, body, said) => {
    const fault = await faultOf(plain(body))
    expect(fault.code).toBe('ANSWER_UNREADABLE')
    expect(fault.detail).toContain(said)
  })

  test('no record is quoted', async () => {
    for (const body of [
      'name,tel\nEva,0123\n',
      '{"name":"Eva"',
      '"Eva"x',
      '<b>Warning</b>: x [{"name":"Eva"}]',
    ]) {
      expect((await faultOf(plain(body))).detail).not.toContain('Eva')
    }
  })
})

test.each([
  ['application/json; charset=ISO-8859-1', Buffer.from('[{"a":"Größe"}]', 'latin1')],
  ['application/json; charset=ISO-8859-1', Buffer.from('[{"a":"Größe"}]')],
  ['application/json; charset=utf-16', Buffer.from('\uFEFF[{"a":"Größe"}]', 'utf16le')],
  ['application/json', Buffer.from('\uFEFF[{"a":"Größe"}]')],
])('letters of %s', async (type, body) => {
  expect(rowsIn(await plain(body, type))).toEqual([{ a: 'Größe' }])
})

test('a list further down is named, where the declared place has none', async () => {
  const { source } = await service(() => ({ body: { data: { items: [] } } }), { records: '/items' })
  expect((await faultOf(source().then((one) => pagesOf(one)))).detail).toContain("'/data/items'")
})

test('a message names the whole path, with that of the base URL', async () => {
  const { source } = await service(() => ({ status: 404 }), { path: 'http-logs' }, '/v1')
  expect((await faultOf(source().then((one) => pagesOf(one)))).detail).toMatch(
    /^GET localhost:\d+\/v1\/http-logs answered 404/,
  )
})
