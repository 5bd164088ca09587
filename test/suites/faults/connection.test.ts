import type { DataRecord } from '../../../shared/core/record/value'
import { Authority } from '../../support/certificates'
import { startFaultyApi, type FaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { startOAuth } from '../../support/oauth'
import { squidMissing, startSquid, type Squid } from '../../support/squid'
import { codesOf, FaultBench, stock } from './bench'

/** What stands between us and a service: tokens, proxies, certificates. Ten records go out in two batches. */
const clients = ['axios', 'undici'] as const
const write = {
  path: '/items/batch',
  results: { at: '/results', status: 'status', match: 'id', id: 'key' },
  idempotency: { header: 'Idempotency-Key' },
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function writing(client: string, api: FaultyApiOptions, connection: DataRecord) {
  const server = await startFaultyApi(api)
  const bench = await FaultBench.open({
    direction: 'in',
    records: stock(10),
    api: { baseUrl: server.url, client, streams: { stock: { write } }, ...connection },
    sync: { retry: { attempts: 2 } },
  })
  opened.push(bench, server)
  return { server, ran: await bench.sync(), bench }
}

function held(server: FaultyApi): DataRecord[] {
  return server.records
}

describe.each(clients)('with %s', (client) => {
  describe('a token', () => {
    const credentials = { method: 'clientSecretBasic', clientId: 'tieout', clientSecret: 's3cret' } as const

    test('that ends in the middle of the run is renewed once, and everything arrives once', async () => {
      const oauth = await startOAuth(credentials)
      opened.push(oauth)
      const { tokenUrl, accepts } = oauth
      const auth = { type: 'oauth2', tokenUrl, ...credentials }
      const { ran, server } = await writing(
        client,
        {
          auth: (call) => {
            if (call.number === 2) oauth.revoke()
            return accepts(call)
          },
        },
        { auth },
      )
      expect([ran.outcomes, ran.receipt.status, oauth.issued]).toEqual(['created 10', 'succeeded', 2])
      expect(held(server)).toEqual(stock(10))
    })

    test('that the token service refuses ends the run with a name for it', async () => {
      const oauth = await startOAuth(credentials)
      opened.push(oauth)
      const auth = { type: 'oauth2', tokenUrl: oauth.tokenUrl, ...credentials, clientSecret: 'old' }
      const { ran, server } = await writing(client, { auth: oauth.accepts }, { auth })
      expect([ran.outcomes, codesOf(ran)]).toEqual(['unprocessed 10', ['OAUTH_CLIENT_REFUSED']])
      expect(JSON.stringify(ran)).not.toContain('old"')
      expect(held(server)).toEqual([])
    })
  })

  describe('a proxy (squid)', () => {
    let squid: Squid | undefined
    beforeAll(async () => {
      const missing = squidMissing()
      if (missing === undefined) squid = await startSquid()
      else if (process.env['CI'] !== undefined) throw new Error(missing)
      else console.warn(`proxy tests skipped because ${missing}`)
    })
    afterAll(() => squid?.close())

    const withSquid = (title: string, act: (squid: Squid) => Promise<void>) => {
      test(title, async () => {
        if (squid !== undefined) await act(squid)
      })
    }

    withSquid('that knows us lets everything through', async (squid) => {
      const { ran, server } = await writing(client, {}, { proxy: squid.url })
      expect([ran.outcomes, ran.receipt.status]).toEqual(['created 10', 'succeeded'])
      expect(held(server)).toEqual(stock(10))
      expect(squid.log(new URL(server.url).host).length).toBeGreaterThanOrEqual(1)
    })

    withSquid(
      'that wants a password says so, and it is not the records that are blamed',
      async ({ host }) => {
        const { ran, server } = await writing(client, {}, { proxy: `http://robot:Zq7kP@${host}` })
        expect([ran.outcomes, codesOf(ran)]).toEqual(['unprocessed 10', ['PROXY_AUTH_REQUIRED']])
        expect(JSON.stringify(ran)).not.toContain('Zq7kP')
        expect(held(server)).toEqual([])
      },
    )

    withSquid('that forbids the service is named', async ({ url }) => {
      const { ran } = await writing(client, {}, { proxy: url, baseUrl: 'http://blocked.example/' })
      expect([ran.outcomes, codesOf(ran)]).toEqual(['unprocessed 10', ['PROXY_REFUSED']])
    })
  })

  test('a proxy that is down: an outage, named as the proxy', async () => {
    const { ran } = await writing(client, {}, { proxy: 'http://127.0.0.1:9' })
    expect([ran.outcomes, codesOf(ran)]).toEqual(['unprocessed 10', ['PROXY_UNREACHABLE']])
  })

  describe('certificates', () => {
    let ours: Authority
    let others: Authority
    beforeAll(() => {
      ours = new Authority()
      others = new Authority('Another Root')
    })
    afterAll(() => {
      ours.remove()
      others.remove()
    })

    test('of a private authority are believed when it is declared', async () => {
      const { ran, server } = await writing(client, { tls: ours.issue() }, { ca: [ours.cert] })
      expect([ran.outcomes, ran.receipt.status]).toEqual(['created 10', 'succeeded'])
      expect(held(server)).toEqual(stock(10))
    })

    test.each([
      ['nobody declared', []],
      ['is not the declared one', ['other']],
    ])('of an authority that %s end the run, with the issuer in the message', async (_, declared) => {
      const { ran, server } = await writing(
        client,
        { tls: ours.issue() },
        declared.length === 0 ? {} : { ca: [others.cert] },
      )
      const { fault, status } = ran.receipt
      expect([ran.outcomes, status]).toEqual(['unprocessed 10', 'failed'])
      expect(codesOf(ran).join()).toMatch(/^TLS_(AUTHORITY_UNKNOWN|CHAIN_INCOMPLETE)$/)
      expect(fault?.detail).toContain('Example Root')
      expect(held(server)).toEqual([])
    })

    test('the client shows its own where the service wants one', async () => {
      const tls = { ...ours.issue(), ca: ours.cert, requestCert: true, rejectUnauthorized: true }
      const { cert, key } = ours.issue({ name: 'client' })
      const shown = await writing(
        client,
        { tls },
        { ca: [ours.cert], auth: { type: 'clientCertificate', cert, key } },
      )
      expect([shown.ran.outcomes, held(shown.server)]).toEqual(['created 10', stock(10)])
      // undici does not hand on the alert with which a server says so: there the connection just ends
      const code = client === 'axios' ? 'TLS_CLIENT_CERTIFICATE_REFUSED' : 'RESPONSE_LOST'
      const hidden = await writing(client, { tls }, { ca: [ours.cert] })
      expect([hidden.ran.outcomes, codesOf(hidden.ran)]).toEqual(['unprocessed 10', [code]])
      expect(held(hidden.server)).toEqual([])
    })
  })
})
