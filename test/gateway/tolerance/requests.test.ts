// Requests as old middleware and proxies write them, over real sockets.
import { request, Agent } from 'node:http'
import { startGateway, type TestGateway } from '../../support/gateway'
import { objectIn } from '../../support/json'
import { sendRaw } from '../../support/raw-http'
import { FILES } from '../errors/files'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: FILES, access: { keyInQuery: true } })
  key = gateway.key()
})
afterAll(() => gateway.close())

const lines = (...text: string[]): string => [...text, '', ''].join('\r\n')

test.each([
  '/v1/caller',
  '//v1//caller',
  '/v1/caller/',
  '/V1/Caller',
  '/v1/caller?',
  '/v1/caller?utm_source=x',
])('%s', async (path) => {
  expect((await gateway.call(key, 'GET', path)).status).toBe(200)
})

test('the next page, and what pages link to, are behind the path that a proxy puts before the gateway', async () => {
  const baseUrl = 'https://api.example.com/tieout'
  const behind = await startGateway({ files: FILES, baseUrl })
  const own = behind.key()
  for (let i = 0; i < 2; i++) await behind.call(own, 'POST', '/v1/workflows/stock/runs')
  for (const path of ['/v1/runs?limit=1', '//v1/runs?limit=1', '/V1/runs/?limit=1']) {
    const link = (await behind.call(own, 'GET', path)).headers.get('link') ?? ''
    expect(link).toContain(`<${baseUrl}${path.toLowerCase()}&after=`)
  }
  for (const path of ['/errors', '/errors/9010', '/errors/']) {
    const page = await (await behind.call(own, 'GET', path, { headers: { accept: 'text/html' } })).text()
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !link.startsWith(`${baseUrl}/errors`))).toEqual([])
    expect(links.length).toBeGreaterThan(0)
  }
  await behind.close()
})

test('the case of what is data is kept', async () => {
  const { detail } = objectIn(await (await gateway.call(key, 'GET', '/V1/Runs/AbC')).text())
  expect(detail).toBe('There is no run AbC here.')
})

test('letters that grow when their case changes lead to where they stand', async () => {
  const answer = await gateway.call(
    key,
    'GET',
    `/V1/exceptions/groups/${encodeURIComponent('İ ')}/explanation`,
  )
  expect(await answer.json()).toMatchObject({ code: 'EXCEPTION_UNKNOWN' })
})

test('PUT, PATCH and DELETE come through a proxy that knows only GET and POST', async () => {
  const deleted = await gateway.call(key, 'POST', '/v1/webhooks/wh_1', {
    headers: { 'x-http-method-override': 'delete' },
  })
  expect(await deleted.json()).toMatchObject({ code: 'WEBHOOK_UNKNOWN' })
  const put = await gateway.call(key, 'POST', '/v1/workflows/stock/records/A1', {
    headers: { 'x-http-method-override': 'PUT' },
    body: { sku: 'A1', quantity: 1 },
  })
  expect(put.status).toBe(200)
})

test('a GET is never made into something else', async () => {
  const headers = { 'x-http-method-override': 'DELETE' }
  expect((await gateway.call(key, 'GET', '/v1/webhooks', { headers })).status).toBe(200)
})

describe('credentials', () => {
  const accepted = async (headers: Record<string, string>, query = ''): Promise<number> =>
    (await fetch(`${gateway.url}/v1/caller${query}`, { headers })).status

  test('the key comes in whatever header the middleware can set', async () => {
    const basic = Buffer.from(`${key}:`).toString('base64')
    expect(await accepted({ 'x-api-key': key })).toBe(200)
    expect(await accepted({ authorization: `Bearer ${key}` })).toBe(200)
    expect(await accepted({ authorization: `bearer  ${key}` })).toBe(200)
    expect(await accepted({ authorization: `ApiKey ${key}` })).toBe(200)
    expect(await accepted({ authorization: `Basic ${basic}` })).toBe(200)
    expect(await accepted({}, `?api_key=${key}`)).toBe(200)
  })

  test('in the address only where the operator allows it', async () => {
    const strict = await startGateway({ files: FILES })
    const answer = await fetch(`${strict.url}/v1/caller?api_key=${strict.key()}`)
    await strict.close()
    expect(await answer.json()).toMatchObject({ code: 'CREDENTIALS_MISSING' })
  })
})

describe('as it is written', () => {
  const asked = async (text: string): Promise<{ status: number; body: string; connection: string }> => {
    const { status, body, headers } = await sendRaw(gateway.url, text)
    return { status, body, connection: headers['connection'] ?? '' }
  }

  test('HTTP/1.0 without Host: answered, and the connection ends', async () => {
    expect(await asked(lines('GET /v1 HTTP/1.0'))).toMatchObject({ status: 200, connection: 'close' })
  })

  test('HTTP/1.0 with keep-alive is kept alive', async () => {
    expect(await asked(lines('GET /v1 HTTP/1.0', 'Connection: keep-alive'))).toMatchObject({
      status: 200,
      connection: 'keep-alive',
    })
  })

  test('the absolute form, as to a proxy', async () => {
    const answer = await asked(
      lines('GET http://elsewhere.example/v1?a=1 HTTP/1.1', 'Host: elsewhere.example'),
    )
    expect(answer.status).toBe(200)
    // what a client says of the host never becomes a link
    expect(answer.body).not.toContain('elsewhere')
  })

  test('an upgrade to HTTP/2 that Java offers is left alone, with its body', async () => {
    const body = '{"a":1}'
    const answer = await asked(
      lines(
        'POST /v1/diagnostics HTTP/1.1',
        'Host: a',
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
        `Content-Length: ${String(body.length)}`,
      ) + body,
    )
    expect(answer.status).toBe(200)
    expect(objectIn(answer.body)['body']).toMatchObject({ bytes: body.length })
  })

  test('Expect: 100-continue is answered at once, and then the body is read', async () => {
    const waiting = lines(
      'POST /v1/diagnostics HTTP/1.1',
      'Host: a',
      'Content-Length: 3',
      'Expect: 100-continue',
    )
    const { status, body } = await sendRaw(gateway.url, [waiting, 'abc'], { everyMs: 50 })
    expect(status).toBe(200)
    expect(objectIn(body)['body']).toMatchObject({ bytes: 3 })
  })

  test('another expectation is no reason to refuse', async () => {
    expect(await asked(lines('GET /v1 HTTP/1.1', 'Host: a', 'Expect: 200-ok'))).toMatchObject({ status: 200 })
  })

  test('chunks in odd pieces, with extensions and trailers', async () => {
    const head = lines('POST /v1/diagnostics HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')
    const pieces = [head, '1\r\na\r', '\n2;x=y\r\nbc\r\n0', '\r\nX-Trailer: 1\r\n\r\n']
    const { status, body } = await sendRaw(gateway.url, pieces, { everyMs: 20 })
    expect(status).toBe(200)
    expect(objectIn(body)['body']).toMatchObject({
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    })
  })

  test('header names in any case, values with spaces around', async () => {
    const answer = await asked(lines('GET /v1/caller HTTP/1.1', 'HOST: a', `x-API-KEY:   ${key}   `))
    expect(answer.status).toBe(200)
  })
})

test('a connection that rests longer than any load balancer waits is still good', () => {
  const { keepAliveTimeout, headersTimeout, requestTimeout } = gateway.app.server
  expect(keepAliveTimeout).toBeGreaterThan(90_000)
  expect(headersTimeout).toBeGreaterThan(keepAliveTimeout)
  // a large file on a slow line: bodies are watched one by one
  expect(requestTimeout).toBe(0)
})

test('many requests use one connection, also after one that was refused before its body was read', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ports = new Set<number | undefined>()
  const send = (path: string, body: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sending = request(gateway.url + path, {
        agent,
        method: 'POST',
        headers: { 'x-api-key': 'wrong' },
      })
      sending.on('response', (response) => {
        ports.add(response.socket.localPort)
        response.resume().on('end', () => {
          resolve(response.statusCode)
        })
      })
      sending.on('error', reject)
      sending.end(body)
    })
  expect(await send('/v1/workflows/stock/records', 'a,b\n'.repeat(100_000))).toBe(401)
  expect(await send('/v1/diagnostics', 'abc')).toBe(200)
  expect(await send('/v1/diagnostics', 'abc')).toBe(200)
  expect(ports.size).toBe(1)
  agent.destroy()
})
