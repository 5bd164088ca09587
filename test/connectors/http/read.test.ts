import { setTimeout as sleep } from 'node:timers/promises'
import { MalformedRow } from '../../../shared/core/connector'
import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord } from '../../../shared/core/record/value'
import { startFaultyApi, type FaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { faultOf, open, pagesOf, products, rowsOf } from './connect'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function listing(api: FaultyApiOptions, read: DataRecord, connection: DataRecord = {}) {
  const server = await startFaultyApi(api)
  const { connection: one, traffic, source, clock } = await open({ baseUrl: server.url, ...connection })
  opened.push(one, server)
  return { server, traffic, clock, source: await source(read) }
}

const LIST = { records: '/items' }
const COUNTED = { ...LIST, total: '/total' }
const count = (server: FaultyApi) => server.requests.length

describe('every kind of paging', () => {
  const kinds: [NonNullable<FaultyApiOptions['paging']>, DataRecord][] = [
    ['none', LIST],
    ['page', { ...LIST, paging: { type: 'page', sizeParameter: 'limit', size: 10 } }],
    ['offset', { ...LIST, paging: { type: 'offset', sizeParameter: 'limit', size: 10 } }],
    ['cursor', { ...LIST, paging: { type: 'cursor', sizeParameter: 'limit', size: 10 } }],
    ['link', { records: '', paging: { type: 'link', sizeParameter: 'limit', size: 10 } }],
    ['next', { ...LIST, paging: { type: 'next', sizeParameter: 'limit', size: 10 } }],
    ['keyset', { ...LIST, paging: { type: 'keyset', field: 'sku', sizeParameter: 'limit', size: 10 } }],
  ]

  test.each(kinds)('%s: every record once, in order, and the end is proven', async (paging, read) => {
    const { source } = await listing({ records: products(47), paging }, read)
    const pages = await pagesOf(source)
    expect(pages.flatMap(({ rows }) => rows)).toEqual(products(47))
    expect(pages.at(-1)?.end).toMatchObject({ complete: true })
    expect(pages.slice(0, -1).every(({ end }) => end === undefined)).toBe(true)
  })

  test.each(kinds)('%s: goes on after any page as if nothing had happened', async (paging, read) => {
    const { source } = await listing({ records: products(35), paging }, read)
    const pages = await pagesOf(source)
    for (const [index, { position }] of pages.slice(0, -1).entries()) {
      const rest = await pagesOf(source, { after: position })
      expect(rest).toEqual(pages.slice(index + 1))
    }
  })

  test.each(kinds.slice(1))(
    '%s: a service that sends shorter pages than asked for loses nothing',
    async (paging, read) => {
      const { source } = await listing({ records: products(47), paging, pageSize: 7 }, read)
      expect(await rowsOf(source)).toEqual(products(47))
    },
  )
})

describe('the end of a listing', () => {
  const paging = { type: 'page', sizeParameter: 'limit', size: 10 }

  test('is proven by the total, which also saves the empty page', async () => {
    const { source, server } = await listing(
      { records: products(20), paging: 'page' },
      { ...COUNTED, paging },
      { concurrency: 1 },
    )
    expect((await pagesOf(source)).at(-1)?.end).toMatchObject({ complete: true, total: 20 })
    expect(count(server)).toBe(2)
  })

  test.each([
    ['more', 25],
    ['fewer', 15],
  ])('is not proven when the service counts %s than came', async (_, total) => {
    const { source } = await listing({ records: products(20), paging: 'page', total }, { ...COUNTED, paging })
    expect((await pagesOf(source)).at(-1)?.end).toMatchObject({ complete: false, total })
  })

  test('is not proven by an empty answer without a total', async () => {
    const { source } = await listing({ paging: 'page' }, { ...LIST, paging })
    expect((await pagesOf(source)).at(-1)?.end).toMatchObject({ complete: false })
  })

  test('is not proven by one page that links to another', async () => {
    const { source } = await listing({ records: products(20), paging: 'link', pageSize: 10 }, { records: '' })
    expect((await pagesOf(source)).at(-1)?.end).toMatchObject({ complete: false })
  })

  test('may be a status beyond the last page', async () => {
    const beyond = (call: { url: URL }) =>
      Number(call.url.searchParams.get('page')) > 2 ? ({ do: 'answer', status: 404 } as const) : undefined
    const { source } = await listing(
      { records: products(20), paging: 'page', pageSize: 10, fault: beyond },
      { ...LIST, paging: { type: 'page', endStatus: 404 } },
    )
    const pages = await pagesOf(source)
    expect(pages.flatMap(({ rows }) => rows)).toHaveLength(20)
    expect(pages.at(-1)?.end).toMatchObject({ complete: true })
  })

  test('a service that ignores the page parameter is found out instead of read for ever', async () => {
    const { source } = await listing({ records: products(20), paging: 'none' }, { ...LIST, paging })
    expect((await faultOf(pagesOf(source))).code).toBe('LISTING_LOOPS')
  })

  test('so is a cursor that comes back', async () => {
    const circle = (call: { number: number }) => {
      const body = { items: [{ sku: `P${call.number}` }], next_cursor: ['a', 'b', 'c'][call.number % 3] }
      return { do: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body } as const
    }
    const { source } = await listing({ fault: circle }, { ...LIST, paging: { type: 'cursor' } })
    expect((await faultOf(pagesOf(source))).code).toBe('LISTING_LOOPS')
  })

  test('an address on another host is not followed: our credentials would go with it', async () => {
    const away = () =>
      ({
        do: 'answer',
        status: 200,
        body: { items: [{ sku: 'a' }], next: 'http://elsewhere.example/items' },
      }) as const
    const { source } = await listing({ fault: away }, { ...LIST, paging: { type: 'next' } })
    expect((await faultOf(pagesOf(source))).code).toBe('REDIRECTED')
  })
})

describe('what is asked for', () => {
  test('only changed records, in the notation of the service', async () => {
    const { source, server } = await listing(
      { records: products(10), paging: 'none' },
      { ...LIST, since: { parameter: 'since' } },
    )
    const since = { field: 'updated_at', value: '2026-01-01T00:07:00.000Z' }
    expect(await rowsOf(source, { since })).toEqual(products(10).slice(7))
    const other = await listing(
      { paging: 'none' },
      { ...LIST, since: { parameter: 'since', format: 'epochSeconds' } },
    )
    await rowsOf(other.source, { since })
    expect(other.server.requests[0]?.url.searchParams.get('since')).toBe('1767226020')
    expect(count(server)).toBe(1)
  })

  test.each([
    ['date', '2026-01-01T23:30:00-05:00', '2026-01-01'],
    ['date', '2026-01-02T00:30:00+02:00', '2026-01-01'],
    ['date', '2026-01-01', '2026-01-01'],
    ['epochSeconds', '2026-01-01T02:07:00.9+02', '1767226020'],
    ['epochMs', '2026-01-01 00:07:00', '1767226020000'],
  ])('by %s, never after the value: %s', async (format, value, asked) => {
    const { source, server } = await listing(
      { paging: 'none' },
      { ...LIST, since: { parameter: 'since', format } },
    )
    await rowsOf(source, { since: { field: 'updated_at', value } })
    expect(server.requests[0]?.url.searchParams.get('since')).toBe(asked)
  })

  test('pages ahead, so that the answer times of the service do not add up; never more than allowed', async () => {
    let active = 0
    let most = 0
    const auth = async () => {
      most = Math.max(most, ++active)
      await sleep(20)
      active--
      return true
    }
    const api = { records: products(200), paging: 'page', pageSize: 10, auth } as const
    const { source } = await listing(api, { ...LIST, paging: { type: 'page' } }, { concurrency: 8 })
    expect(await rowsOf(source)).toEqual(products(200))
    expect(most).toBe(8)
  })

  test.each([
    ['one by one', { path: '/items/{sku}' }],
    ['many at once', { path: '/items', list: 'ids', records: '/items', size: 2 }],
  ])('records by key, %s, in the order asked', async (_, lookup) => {
    const { source } = await listing({ records: products(5) }, { ...LIST, lookup })
    const keys = [{ sku: 'P0004' }, { sku: 'none' }, { sku: 'P0001' }]
    expect(await source.lookup?.(keys)).toEqual([products(5)[3], undefined, products(5)[0]])
  })
})

describe('what comes', () => {
  const answer = (body: unknown, type = 'application/json') => ({
    fault: () => ({ do: 'answer', status: 200, headers: { 'content-type': type }, body }) as const,
  })

  test('numbers keep their digits', async () => {
    const { source } = await listing(answer('[{"sku":"a","n":12345678901234567890,"d":0.10}]'), {})
    expect(await rowsOf(source)).toEqual([{ sku: 'a', n: Decimal.parse('12345678901234567890'), d: 0.1 }])
  })

  test('csv and ndjson', async () => {
    const csv = await listing(answer('sku,name\r\na,"x, y"\r\nb,\r\n', 'text/csv'), { format: 'csv' })
    expect(csv.source.typed).toBe(false)
    expect(await rowsOf(csv.source)).toEqual([
      { sku: 'a', name: 'x, y' },
      { sku: 'b', name: null },
    ])
    const lines = await listing(answer('{"sku":"a"}\n{"sku":"b"}\n', 'application/x-ndjson'), {
      format: 'ndjson',
    })
    expect(await rowsOf(lines.source)).toEqual([{ sku: 'a' }, { sku: 'b' }])
  })

  test('something in the list that is no record stands in its place', async () => {
    const { source } = await listing(answer([{ sku: 'a' }, 17, { sku: 'c' }]), {})
    const [, row] = await rowsOf(source)
    expect(row).toBeInstanceOf(MalformedRow)
    expect(row).toMatchObject({ raw: '17' })
  })

  test('a list at another place than declared: the message names where there are lists', async () => {
    const { source } = await listing({ records: products(1), paging: 'none' }, {})
    const fault = await faultOf(rowsOf(source))
    expect(fault.code).toBe('ANSWER_UNREADABLE')
    expect(fault.detail).toContain('/items')
  })

  /** RFC 6750, 3.1. */
  const challenge = (status: number, why: string) =>
    ({ do: 'answer', status, headers: { 'www-authenticate': `Bearer ${why}` } }) as const
  const login = '<html><title>Sign in</title><form><input type="password"></form></html>'
  const block = '<html><title>Blocked</title><body>Zscaler: category not allowed</body></html>'
  test.each([
    ['a login page', { do: 'html', page: login }, 'LOGIN_PAGE', {}],
    [
      'a block page',
      { do: 'html', page: block, status: 403 },
      'FORBIDDEN',
      { product: 'Zscaler', title: 'Blocked' },
    ],
    ['a web page', { do: 'html' }, 'HTML_ANSWER', { title: 'Welcome' }],
    [
      'a way to the login',
      { do: 'answer', status: 302, headers: { location: 'https://sso.example/login?x=1' } },
      'LOGIN_PAGE',
      {},
    ],
    ['404', { do: 'answer', status: 404 }, 'PATH_UNKNOWN', {}],
    ['400', { do: 'answer', status: 400, body: { message: 'limit is too high' } }, 'REQUEST_REFUSED', {}],
    ['403', { do: 'answer', status: 403 }, 'FORBIDDEN', {}],
    ['414', { do: 'answer', status: 414 }, 'REQUEST_TOO_LONG', { status: 414 }],
    ['431', { do: 'answer', status: 431 }, 'REQUEST_TOO_LONG', { status: 431 }],
    [
      'a token that is over',
      challenge(401, 'error="invalid_token"'),
      'TOKEN_REFUSED',
      { 'www-authenticate': 'Bearer error="invalid_token"' },
    ],
    [
      'a token for less',
      challenge(403, 'error="insufficient_scope", scope="items:read"'),
      'SCOPE_MISSING',
      { 'www-authenticate': 'Bearer error="insufficient_scope", scope="items:read"' },
    ],
  ] as const)('%s is not data', async (_, fault, code, evidence) => {
    const { source } = await listing({ fault: () => fault }, LIST)
    const found = await faultOf(rowsOf(source))
    expect(found).toMatchObject({ code, then: 'stop' })
    expect(found.evidence).toMatchObject(evidence)
  })
})

describe('through disturbances', () => {
  const read = { ...COUNTED, paging: { type: 'offset', sizeParameter: 'limit', size: 10 } }
  const disturbances = [
    { do: 'answer', status: 503 },
    { do: 'answer', status: 429, headers: { 'retry-after': '3' } },
    { do: 'reset' },
    { do: 'truncate' },
  ] as const

  test.each(disturbances)('$do $status: every record arrives once', async (fault) => {
    const every = (call: { number: number }) => (call.number % 3 === 0 ? fault : undefined)
    const { source, traffic } = await listing({ records: products(60), paging: 'offset', fault: every }, read)
    expect(await rowsOf(source)).toEqual(products(60))
    expect(traffic.retries).toBeGreaterThan(0)
  })

  test('an outage ends the read as an outage', async () => {
    const { source } = await listing({ fault: () => ({ do: 'answer', status: 503 }) }, read)
    expect(await faultOf(rowsOf(source))).toMatchObject({ code: 'UPSTREAM_ERROR', then: 'wait' })
  })
})
