import { http } from '../../../shared/adapters/http'
import type { ErrorCode } from '../../../shared/contract/errors'
import { Fault } from '../../../shared/core/fault'
import type { HttpClient, HttpOptions, HttpRequest } from '../../../shared/core/ports'
import { Authority } from '../../support/certificates'
import { freePort } from '../../../bench/lib/port'
import { squidMissing, startSquid, type Squid } from '../../support/squid'
import { startRaw, startWire, type Running } from './wire-server'

/** What every client behind the http port has to do. */
export function httpSuite(name: 'axios' | 'undici'): void {
  const open = async <T>(options: HttpOptions, use: (client: HttpClient) => Promise<T>): Promise<T> => {
    const client = http.open({ proxy: 'none', client: name, ...options })
    try {
      return await use(client)
    } finally {
      await client.close()
    }
  }
  const send = (url: string, options: HttpOptions = {}, request: Partial<HttpRequest> = {}) =>
    open(options, (client) => client.send({ method: 'GET', url, ...request }))
  const textOf = (body: Uint8Array) => Buffer.from(body).toString()

  async function faultOf(sending: Promise<unknown>): Promise<Fault> {
    const end: unknown = await sending.catch((error: unknown) => error)
    if (end instanceof Fault) return end
    throw new Error('there was no fault', { cause: end })
  }

  let wire: Awaited<ReturnType<typeof startWire>>
  let url: string
  beforeAll(async () => {
    wire = await startWire()
    url = `http://localhost:${wire.port}`
  })
  afterAll(() => wire.close())

  describe(`${name}: answers`, () => {
    test('of any status are answers; names in lower case, repeated headers joined', async () => {
      const { status, headers, body } = await send(`${url}/busy`)
      expect([status, textOf(body)]).toEqual([503, 'busy'])
      expect(headers).toMatchObject({ 'retry-after': '7', 'set-cookie': 'a=1, b=2' })
    })

    test.each(['gzip', 'br', 'deflate'])('packed with %s arrive unpacked', async (path) => {
      expect(textOf((await send(`${url}/${path}`)).body)).toBe('packed')
    })

    test.each([
      ['text', 'zażółć'],
      ['bytes', new TextEncoder().encode('zażółć')],
    ])('a body given as %s arrives byte by byte', async (_, body) => {
      const answer = await send(`${url}/echo`, {}, { method: 'POST', body })
      expect(textOf(answer.body)).toBe('zażółć')
    })

    test('a stream is handed on as it comes, for longer than the time allowed for silence', async () => {
      await open({ timeoutMs: 600 }, async (client) => {
        const { body } = await client.stream({ method: 'GET', url: `${url}/drips` })
        const parts: string[] = []
        for await (const part of body) parts.push(textOf(part))
        expect(parts.join('')).toBe('xxxxxx')
      })
    })

    test('connections are used again, never more at once than allowed', async () => {
      wire.sockets.clear()
      await open({ maxConnections: 2 }, async (client) => {
        const call = () => client.send({ method: 'POST', url: `${url}/echo`, body: 'x' })
        await Promise.all(Array.from({ length: 10 }, call))
        await call()
      })
      expect(wire.sockets.size).toBeLessThanOrEqual(2)
    })
  })

  describe(`${name}: redirects`, () => {
    test('to the same host are followed for reads', async () => {
      expect((await send(`${url}/moved`)).headers['x-method']).toBe('GET')
    })

    test.each([
      ['to another host', '/away', 'GET'],
      ['of a write', '/moved', 'POST'],
      ['in a circle', '/circle', 'GET'],
    ])('%s are handed over as they are', async (_, path, method) => {
      expect((await send(url + path, {}, { method })).status).toBe(302)
    })
  })

  describe(`${name}: when there is no complete answer`, () => {
    type Case = [what: string, path: string, method: string, code: ErrorCode, options?: HttpOptions]
    const cases: Case[] = [
      ['reset, of a read', '/reset', 'GET', 'CONNECTION_LOST'],
      ['reset, of a write', '/reset', 'POST', 'RESPONSE_LOST'],
      ['closed, of a write', '/close', 'POST', 'RESPONSE_LOST'],
      ['cut in the middle, of a read', '/cut', 'GET', 'CONNECTION_LOST'],
      ['cut in the middle, of a write', '/cut', 'POST', 'RESPONSE_LOST'],
      ['cut between chunks, of a read', '/cut-chunked', 'GET', 'CONNECTION_LOST'],
      ['never, of a read', '/silent', 'GET', 'ANSWER_TIMEOUT', { timeoutMs: 100 }],
      ['never, of a write', '/silent', 'POST', 'RESPONSE_LOST', { timeoutMs: 100 }],
      ['stalled, of a read', '/stalls', 'GET', 'ANSWER_TIMEOUT', { timeoutMs: 100 }],
      ['wrongly said to be packed', '/not-gzip', 'GET', 'ANSWER_UNREADABLE'],
    ]
    test.each(cases)('%s', async (_, path, method, code, options = {}) => {
      expect((await faultOf(send(url + path, options, { method }))).code).toBe(code)
    })

    test('nobody listens: nothing was sent, so even a write may wait and try again', async () => {
      const port = await freePort()
      const fault = await faultOf(send(`http://localhost:${port}/`, {}, { method: 'POST', body: 'x' }))
      expect(fault).toMatchObject({ code: 'CONNECTION_REFUSED', then: 'wait' })
      expect(fault.evidence).toMatchObject({ host: 'localhost', port, errno: 'ECONNREFUSED' })
    })

    test('no way leads to the address', async () => {
      // Linux sends no TCP to the broadcast address (tcp_v4_connect), on whatever network this runs
      const fault = await faultOf(send('http://255.255.255.255:9/', {}, { method: 'POST' }))
      expect(fault).toMatchObject({ code: 'HOST_UNREACHABLE', then: 'wait' })
      expect(fault.evidence).toMatchObject({ host: '255.255.255.255', errno: 'ENETUNREACH' })
    })

    test('the name does not exist', async () => {
      const { code } = await faultOf(send('http://no-such-host.invalid/'))
      // where there is no name service at all, that is what is told
      expect(['DNS_NAME_UNKNOWN', 'DNS_UNAVAILABLE']).toContain(code)
    })

    test('the connection does not stand in time', async () => {
      const mute = await startRaw()
      const fault = await faultOf(
        send(`https://localhost:${mute.port}/`, { connectTimeoutMs: 100 }, { method: 'POST' }),
      )
      expect(fault.code).toBe('CONNECT_TIMEOUT')
      await mute.close()
    })

    test('what answers does not speak HTTP', async () => {
      const ftp = await startRaw('220 Welcome to the file server\r\n')
      expect((await faultOf(send(`http://localhost:${ftp.port}/`))).code).toBe('ANSWER_NOT_HTTP')
      await ftp.close()
    })

    test('the address is none', async () => {
      expect((await faultOf(send('api.example.com/items'))).code).toBe('ADDRESS_INVALID')
    })

    test('the caller stops: its own reason is thrown', async () => {
      const controller = new AbortController()
      const sending = send(`${url}/silent`, {}, { signal: controller.signal })
      setTimeout(() => {
        controller.abort(new Error('enough'))
      }, 20)
      await expect(sending).rejects.toThrow('enough')
    })
  })

  describe(`${name}: TLS`, () => {
    const authority = new Authority('Example Inspection')
    const server = authority.issue()
    const good = authority.issue({ name: 'robot' })
    const running: Running[] = []
    const secure = async (options: Parameters<typeof startWire>[0]) => {
      const one = await startWire(options)
      running.push(one)
      return `https://localhost:${one.port}`
    }
    const trust = { ca: [authority.cert] }

    afterAll(async () => {
      await Promise.all(running.map((one) => one.close()))
      authority.remove()
    })

    test('an authority that is given is trusted', async () => {
      expect((await send((await secure(server)) + '/echo', { tls: trust })).status).toBe(200)
    })

    test('an unknown one is named, and no step says to switch the check off', async () => {
      const chain = { ...server, cert: server.cert + authority.cert }
      const fault = await faultOf(send((await secure(chain)) + '/echo'))
      expect(fault).toMatchObject({ code: 'TLS_AUTHORITY_UNKNOWN', then: 'stop' })
      expect(fault.evidence['certIssuer']).toBe('Example Inspection')
      expect(fault.detail).toContain("issued by 'Example Inspection'")
    })

    test.each([
      ['sends no chain', () => server, 'TLS_CHAIN_INCOMPLETE', undefined],
      ['has expired', () => authority.expired(), 'TLS_EXPIRED', trust],
      ['is not valid yet', () => authority.notYetValid(), 'TLS_NOT_YET_VALID', trust],
      ['is for another name', () => authority.issue({ name: 'api.example.com' }), 'TLS_NAME_MISMATCH', trust],
    ] as const)('a certificate that %s', async (_, certificate, code, tls) => {
      const fault = await faultOf(
        send((await secure(certificate())) + '/echo', tls === undefined ? {} : { tls }),
      )
      expect(fault.code).toBe(code)
    })

    test('a server that vouches for itself', async () => {
      const self = new Authority('localhost')
      const fault = await faultOf(send((await secure(self.self)) + '/echo'))
      expect(fault.code).toBe('TLS_SELF_SIGNED')
      self.remove()
    })

    test('a server that knows only what is too old', async () => {
      const old = {
        ...server,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      } as const
      const fault = await faultOf(send((await secure(old)) + '/echo', { tls: trust }))
      expect(fault).toMatchObject({ code: 'TLS_TOO_OLD', then: 'stop', evidence: { host: 'localhost' } })
    })

    test('a server that gives up without a reason that has a name here: OpenSSL is quoted', async () => {
      // TLS 1.2 alert (RFC 8446, 6): fatal, internal_error
      const broken = await startRaw('\x15\x03\x03\x00\x02\x02\x50')
      const fault = await faultOf(send(`https://localhost:${broken.port}/`))
      expect(fault).toMatchObject({ code: 'TLS_FAILED', then: 'stop' })
      expect(fault.evidence['errno']).toMatch(/^ERR_SSL_.*ALERT_INTERNAL_ERROR$/)
      await broken.close()
    })

    test('a server that does not speak TLS', async () => {
      expect((await faultOf(send(`https://localhost:${wire.port}/echo`))).code).toBe('TLS_NOT_SPOKEN')
    })

    test('the client certificate is shown, as PEM and as PFX', async () => {
      const address = (await secure({ ...server, ca: authority.cert, requestCert: true })) + '/echo'
      expect((await send(address, { tls: { ...trust, ...good } })).status).toBe(200)
      const pfx = authority.pfx(good, 'secret')
      expect((await send(address, { tls: { ...trust, pfx, passphrase: 'secret' } })).status).toBe(200)
    })

    test('a server that misses it ends the connection: no answer, never a success', async () => {
      const address = (await secure({ ...server, ca: authority.cert, requestCert: true })) + '/echo'
      const { code } = await faultOf(send(address, { tls: trust }))
      expect(['TLS_CLIENT_CERTIFICATE_REFUSED', 'CONNECTION_LOST']).toContain(code)
    })

    test('a PFX with another passphrase', async () => {
      const tls = { ...trust, pfx: authority.pfx(good, 'secret'), passphrase: 'guess' }
      const fault = await faultOf(send((await secure(server)) + '/echo', { tls }))
      expect(fault.code).toBe('TLS_CLIENT_CERTIFICATE_UNUSABLE')
      expect(fault.message).not.toContain('guess')
    })
  })

  describe(`${name}: a proxy`, () => {
    const authority = new Authority()
    const server = authority.issue()
    const robot = authority.issue({ name: 'robot' })
    const tls = { ca: [authority.cert], ...robot }
    let squid: Squid | undefined
    let secure: Running

    beforeAll(async () => {
      const missing = squidMissing()
      if (missing === undefined) squid = await startSquid()
      else if (process.env['CI'] !== undefined) throw new Error(missing)
      else console.warn(`proxy tests skipped because ${missing}`)
      secure = await startWire({ ...server, ca: authority.cert, requestCert: true })
    })
    afterAll(async () => {
      await squid?.close()
      await secure.close()
      authority.remove()
    })

    const withSquid = (what: string, act: (squid: Squid, address: string) => Promise<void>) => {
      test(what, async () => {
        if (squid !== undefined) await act(squid, `https://localhost:${secure.port}/echo`)
      })
    }
    const tunnels = (proxy: Squid) => proxy.log('CONNECT').filter((line) => line.includes('/200')).length

    withSquid(
      'is passed with user and password, private authority and client certificate',
      async (proxy, address) => {
        const before = tunnels(proxy)
        const answer = await send(address, { proxy: proxy.url, tls }, { method: 'POST', body: 'x' })
        expect([answer.status, textOf(answer.body)]).toEqual([200, 'x'])
        await settled(() => tunnels(proxy) > before)
        expect(tunnels(proxy)).toBe(before + 1)
      },
    )

    withSquid('forwards plain http', async (proxy) => {
      const { headers } = await send(`${url}/echo`, { proxy: proxy.url })
      expect(headers['x-proxied']).toContain('proxy.example')
    })

    withSquid('is left out for the hosts of NO_PROXY', async (proxy, address) => {
      const before = proxy.log('').length
      for (const noProxy of ['localhost', `example.com, localhost:${secure.port}`, '*']) {
        expect((await send(address, { proxy: proxy.url, noProxy, tls })).status).toBe(200)
      }
      expect(proxy.log('').length).toBe(before)
    })

    withSquid('is taken from the environment, with its exceptions', async (proxy, address) => {
      const before = tunnels(proxy)
      try {
        process.env['HTTPS_PROXY'] = proxy.url
        process.env['NO_PROXY'] = 'internal.example'
        expect((await send(address, { proxy: 'environment', tls })).status).toBe(200)
        process.env['NO_PROXY'] = 'localhost'
        expect((await send(address, { proxy: 'environment', tls })).status).toBe(200)
      } finally {
        delete process.env['HTTPS_PROXY']
        delete process.env['NO_PROXY']
      }
      await settled(() => tunnels(proxy) > before)
      expect(tunnels(proxy)).toBe(before + 1)
    })

    withSquid('that does not know us says so, without our password', async (proxy, address) => {
      const fault = await faultOf(send(address, { proxy: `http://robot:wrong-one@${proxy.host}`, tls }))
      expect(fault).toMatchObject({ code: 'PROXY_AUTH_REQUIRED', then: 'stop' })
      expect(fault.evidence).toMatchObject({ proxy: proxy.host, status: 407 })
      expect(JSON.stringify([fault.message, fault.evidence])).not.toContain('wrong-one')
    })

    withSquid('that does not know us says so for plain http too', async (proxy) => {
      expect((await faultOf(send(`${url}/echo`, { proxy: `http://${proxy.host}` }))).code).toBe(
        'PROXY_AUTH_REQUIRED',
      )
    })

    withSquid('that blocks the host, or cannot reach it', async (proxy) => {
      const to = (address: string) => faultOf(send(address, { proxy: proxy.url }))
      expect((await to('https://blocked.example/')).code).toBe('PROXY_REFUSED')
      expect((await to('http://blocked.example/')).code).toBe('PROXY_REFUSED')
      expect((await to(`https://localhost:${await freePort()}/`)).code).toBe('PROXY_FAILED')
    })

    withSquid('names the issuer of a certificate that it passes on', async (proxy, address) => {
      const fault = await faultOf(send(address, { proxy: proxy.url }))
      expect(fault.evidence['certIssuer']).toBe('Example Root')
    })

    test('that offers only NTLM is named as such', async () => {
      const ntlm = await startRaw('HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n')
      const fault = await faultOf(send('https://api.example/', { proxy: `http://localhost:${ntlm.port}` }))
      expect(fault.code).toBe('PROXY_AUTH_UNSUPPORTED')
      await ntlm.close()
    })

    test('that is down is not mistaken for the server', async () => {
      const proxy = `http://localhost:${await freePort()}`
      for (const address of ['https://api.example/', 'http://api.example/']) {
        expect(await faultOf(send(address, { proxy }))).toMatchObject({
          code: 'PROXY_UNREACHABLE',
          then: 'wait',
        })
      }
    })
  })
}

/** squid writes its log when a tunnel has ended. */
async function settled(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !done(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
}
