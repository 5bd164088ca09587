// What arrives below the routes: each is a problem with a code, whatever it was.
import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'node:http'
import { setTimeout as elapsed } from 'node:timers/promises'
import type { Handler } from '../../../gateway/call'
import { Authority } from '../../support/certificates'
import { startGateway, type TestGateway } from '../../support/gateway'
import type { DataRecord } from '../../../shared/core/record/value'
import { asObjects, objectIn } from '../../support/json'
import { sendRaw, type RawAnswer } from '../../support/raw-http'
import { FILES } from './files'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: FILES })
  key = gateway.key()
})
afterAll(() => gateway.close())

function problemIn({ body, headers, status, rest }: RawAnswer): DataRecord {
  expect(rest).toBe('')
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-request-id': expect.stringMatching(/^req_[0-9a-f]{16}$/) as unknown,
  })
  expect(Object.keys(headers)).not.toContain('server')
  const problem = objectIn(body)
  expect(problem).toMatchObject({ status, requestId: headers['x-request-id'] })
  return problem
}

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n')
const post = (path: string, headers: readonly string[], body: string): string =>
  [`POST ${path} HTTP/1.1`, 'Host: a', `X-API-Key: ${key}`, ...headers, '', body].join('\r\n')

const HELLO = Buffer.from('160301003d010000390303', 'hex')

test.each<[string, string | Buffer, number, string]>([
  [
    'a length and chunks at once',
    post('/v1/diagnostics', ['Content-Length: 3', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    400,
    'REQUEST_MALFORMED',
  ],
  [
    'two lengths',
    post('/v1/diagnostics', ['Content-Length: 3', 'Content-Length: 4'], 'abcd'),
    400,
    'REQUEST_MALFORMED',
  ],
  [
    'a length that is no number',
    post('/v1/diagnostics', ['Content-Length: 3x'], 'abc'),
    400,
    'REQUEST_MALFORMED',
  ],
  ['a line feed alone', 'GET /v1 HTTP/1.1\nHost: a\n\n', 400, 'REQUEST_MALFORMED'],
  ['a space before the colon', get('/v1', 'X-Thing : 1'), 400, 'REQUEST_MALFORMED'],
  ['a folded header', get('/v1', 'X-Thing: 1', ' 2'), 400, 'REQUEST_MALFORMED'],
  ['no Host', 'GET /v1 HTTP/1.1\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['two Hosts', get('/v1', 'Host: b'), 400, 'REQUEST_MALFORMED'],
  ['a method that is none', 'G<T /v1 HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['TLS to the port of http', HELLO, 400, 'REQUEST_MALFORMED'],
  ['a half percent sign', get('/v1/runs/%zz'), 400, 'REQUEST_MALFORMED'],
  ['percent signs that are not UTF-8', get('/v1/runs/%ff%fe'), 400, 'REQUEST_MALFORMED'],
  [
    'a chunk of no size',
    post('/v1/diagnostics', ['Transfer-Encoding: chunked'], 'xyz\r\n'),
    400,
    'REQUEST_MALFORMED',
  ],
  [
    'another transfer encoding',
    post('/v1/diagnostics', ['Transfer-Encoding: gzip, chunked, x'], ''),
    400,
    'REQUEST_MALFORMED',
  ],
  ['headers beyond what is read', get('/v1', `Cookie: ${'a'.repeat(70_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ['headers beyond what is taken', get('/v1', `Cookie: ${'a'.repeat(40_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ['an address beyond what is read', get(`/v1?a=${'a'.repeat(200_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ['an address beyond what is taken', get(`/v1?a=${'a'.repeat(20_000)}`), 414, 'ADDRESS_TOO_LONG'],
  ['a part of an address that is too long', get(`/v1/runs/${'a'.repeat(2000)}`), 414, 'ADDRESS_TOO_LONG'],
  [
    'a tunnel',
    'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n',
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['a method of nobody', 'PROPFIND /v1 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  ['TRACE', 'TRACE /v1/caller HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  [
    'a method that is overridden with nonsense',
    post('/v1/runs', ['X-HTTP-Method-Override: DANCE', 'Content-Length: 0'], ''),
    405,
    'METHOD_NOT_ALLOWED',
  ],
  ['a star', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 404, 'ROUTE_UNKNOWN'],
])('%s', async (_what, bytes, status, code) => {
  const answer = await sendRaw(gateway.url, bytes)
  expect(problemIn(answer)).toMatchObject({ status, code })
})

test('a request behind one that is refused is never read: nothing can be smuggled in', async () => {
  const inner = `POST /v1/workflows/stock/runs HTTP/1.1\r\nHost: a\r\nX-API-Key: ${key}\r\nContent-Length: 0\r\n\r\n`
  const both = [
    post(
      '/v1/diagnostics',
      [`Content-Length: ${String(5 + inner.length)}`, 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${inner}`,
    ),
    post('/v1/diagnostics', ['Content-Length: 0', `Content-Length: ${String(inner.length)}`], inner),
    post(
      '/v1/diagnostics',
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
      `0\r\n\r\n${inner}`,
    ),
    post('/v1/diagnostics', ['Transfer-Encoding : chunked'], `0\r\n\r\n${inner}`),
    post('/v1/diagnostics', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${inner}`),
    post('/v1/diagnostics', ['Transfer-Encoding: chunked'], `0;a\nb\r\n\r\n${inner}`),
  ]
  for (const bytes of both)
    expect(problemIn(await sendRaw(gateway.url, bytes)).code).toBe('REQUEST_MALFORMED')
  const runs = await gateway.call(key, 'GET', '/v1/runs')
  expect(await runs.json()).toMatchObject({ items: [] })
})

test('a body of a GET is passed over, and what follows it is read as the next request', async () => {
  const body = 'GET /v1/limits HTTP/1.1\r\n\r\n'
  const both = get('/healthz', `Content-Length: ${String(body.length)}`) + body + get('/v1')
  const { status, rest } = await sendRaw(gateway.url, both)
  expect(status).toBe(200)
  expect(rest.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200'])
  expect(rest).toContain('Tieout gateway')
})

test('404 names the nearest address, 405 and OPTIONS the methods', async () => {
  const near = await fetch(`${gateway.url}/v1/workflow`)
  expect(near.status).toBe(404)
  expect(await near.json()).toMatchObject({
    detail: 'There is nothing at /v1/workflow. Did you mean /v1/workflows?',
    evidence: { path: '/v1/workflow', nearest: '/v1/workflows' },
  })
  const inside = await fetch(`${gateway.url}/v1/workflows/stock/record/A1`)
  expect(await inside.json()).toMatchObject({ evidence: { nearest: '/v1/workflows/stock/records/A1' } })
  const empty = await gateway.call(key, 'GET', '/v1/runs//records/failed')
  expect(await empty.json()).toMatchObject({ evidence: { nearest: '/v1/runs/{run}/records/failed' } })
  // what stands for data is like everything
  const far = await fetch(`${gateway.url}/v1/reconciliations`)
  expect(await far.json()).toMatchObject({
    code: 'ROUTE_UNKNOWN',
    detail: 'There is nothing at /v1/reconciliations.',
  })
  const wrong = await fetch(`${gateway.url}/v1/runs`, { method: 'PUT' })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, OPTIONS'])
  const options = await fetch(`${gateway.url}/v1/runs`, { method: 'OPTIONS' })
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, OPTIONS'])
})

test('a problem comes as XML or text to those who can read nothing else', async () => {
  const xml = await fetch(`${gateway.url}/v1/caller`, { headers: { accept: 'text/xml' } })
  expect(xml.headers.get('content-type')).toBe('application/problem+xml; charset=utf-8')
  expect(await xml.text()).toContain('<code>CREDENTIALS_MISSING</code>')
  const text = await fetch(`${gateway.url}/v1/caller`, { headers: { accept: 'text/plain' } })
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await text.text()).toMatch(/^CREDENTIALS_MISSING \(9000\): The request has no credentials\n/)
})

test('what a path says goes into a problem as text: no element, no header of its own', async () => {
  const path = '/%3Cscript%3E%0d%0aX-Evil:%201'
  const xml = await fetch(gateway.url + path, { headers: { accept: 'application/xml' } })
  expect(await xml.text()).not.toMatch(/<script>/)
  expect(xml.headers.get('x-evil')).toBeNull()
})

test('an answer that comes before the body is whole reaches a client that sends first and reads then', async () => {
  const small = await startGateway({ files: FILES, maxBytes: 100_000 })
  try {
    const body = Buffer.alloc(8 * 1024 * 1024, 'a,1\n')
    const status = await new Promise((resolve, reject) => {
      const sending = request(
        `${small.url}/v1/workflows/stock/records`,
        { method: 'POST', headers: { 'x-api-key': small.key(), 'content-type': 'text/csv' } },
        ({ statusCode }) => {
          resolve(statusCode)
        },
      )
      sending.on('error', reject)
      sending.end(body)
    })
    expect(status).toBe(413)
  } finally {
    await small.close()
  }
})

test('a client that goes in the middle of a file leaves no run and no file behind', async () => {
  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    post('/v1/workflows/stock/records', ['Content-Type: text/csv', 'Content-Length: 1000'], 'sku,quantity\n'),
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, 100))
  const runs = await gateway.call(key, 'GET', '/v1/runs?kind=upload')
  expect(await runs.json()).toMatchObject({ items: [] })
})

test('something unexpected tells nothing but its request id, by which the log leads to it', async () => {
  const said: string[] = []
  const broken = await startGateway({
    say: (line) => said.push(line),
    handlers: { getCaller: () => Promise.reject(new Error('password=hunter2')) },
  })
  try {
    const answer = await broken.call(broken.key(), 'GET', '/v1/caller')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'UNEXPECTED', owner: 'us' })
    expect(text).not.toMatch(/hunter2|\.ts/)
    const id = answer.headers.get('x-request-id') ?? ''
    expect(said.join()).toContain(`${id} GET /v1/caller Error\n    at `)
    expect(said.join()).not.toContain('hunter2')
  } finally {
    await broken.close()
  }
})

describe('over TLS', () => {
  let secure: TestGateway
  beforeAll(async () => {
    const authority = new Authority()
    secure = await startGateway({ files: FILES, tls: authority.issue() })
    authority.remove()
  })
  afterAll(() => secure.close())

  test('http to the port of https is told so, in http', async () => {
    const answer = await sendRaw(secure.url, get('/v1'))
    expect(problemIn(answer)).toMatchObject({
      code: 'REQUEST_MALFORMED',
      detail: 'This port speaks https, and http arrived: begin the address with https.',
      type: expect.stringMatching(/^https:/) as unknown,
    })
  })

  test('what is no request is a problem inside TLS, too', async () => {
    expect(
      problemIn(await sendRaw(secure.url, 'GET /v1 HTTP/1.1\nHost: a\n\n', { tls: true })),
    ).toMatchObject({
      code: 'REQUEST_MALFORMED',
    })
  })

  test('answers are for TLS only from then on', async () => {
    const { status, headers } = await sendRaw(secure.url, get('/v1'), { tls: true })
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=63072000'])
  })

  test('bytes that are neither end the connection and nothing else', async () => {
    await sendRaw(secure.url, Buffer.from('1603010005ffffffffff', 'hex')).catch(() => undefined)
    await sendRaw(secure.url, Buffer.from([0, 1, 2, 3])).catch(() => undefined)
    expect((await sendRaw(secure.url, get('/healthz'), { tls: true })).status).toBe(200)
  })
})

test('the list of errors is in the order of their numbers', async () => {
  const { items } = objectIn(await (await fetch(`${gateway.url}/errors`)).text())
  const numbers = asObjects(items).map(({ number }) => Number(number))
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
})

test('pages run no scripts and stand in no frame', async () => {
  const page = await fetch(`${gateway.url}/errors/ROUTE_UNKNOWN`, { headers: { accept: 'text/html' } })
  expect(page.headers.get('content-type')).toContain('text/html')
  const policy = page.headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/script-src/)
  expect(await page.text()).not.toMatch(/<script|onload=/)
})

test('who waits when the gateway stops, and a client that stops waiting, are nothing unexpected', async () => {
  const said: string[] = []
  let waiting = 0
  const held: Handler = ({ signal }) => {
    waiting++
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason instanceof Error ? signal.reason : new Error('no reason'))
      })
    })
  }
  const other = await startGateway({ handlers: { listRuns: held }, say: (line) => said.push(line) })
  const own = other.key()
  const headers = { 'x-api-key': own }
  await expect(fetch(`${other.url}/v1/runs`, { headers, signal: AbortSignal.timeout(300) })).rejects.toThrow()
  const patient = fetch(`${other.url}/v1/runs`, { headers })
  while (waiting < 2) await elapsed(10)
  const stopped = other.stop()
  expect(await (await patient).json()).toMatchObject({ code: 'GATEWAY_BUSY', evidence: { stopping: true } })
  await stopped
  expect(said).toEqual([])
})

test('a client that asks for a tunnel and goes harms nobody', async () => {
  const { hostname, port } = new URL(gateway.url)
  for (let i = 0; i < 20; i++) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', () => socket.resetAndDestroy())
    await once(socket, 'close')
  }
  await elapsed(50)
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
})

test('a client that goes in the middle of a long answer harms nobody', async () => {
  const { hostname, port } = new URL(gateway.url)
  for (const path of ['/errors', '/openapi.json', '/v1/workflows/stock/records']) {
    const socket = connect(Number(port), hostname)
    socket.write(get(path, `X-API-Key: ${key}`, 'Accept-Encoding: gzip'))
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
  }
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
})
