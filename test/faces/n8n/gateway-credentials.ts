import { X509Certificate } from 'node:crypto'
import { fingerprintOf } from '../../../gateway/access/certificate'
import { output } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { Authority } from '../../support/certificates'
import { startFaultyApi } from '../../support/faulty-api'
import { startGateway, type TestGateway } from '../../support/gateway'
import { credentialsOf, inARow, named, START, tieout } from './nodes'
import type { N8n } from './server'

const TYPE = 'tieoutGatewayApi'

/** Each way to sign in at a gateway, whose own certificate comes from a private authority. */
export function gatewayCredentialsSuite(n8n: N8n): void {
  const authority = new Authority()
  const [known, stranger] = [authority.issue({ name: 'client' }), authority.issue({ name: 'stranger' })]
  let gateway: TestGateway
  /** Of the clock of the gateway. */
  let aheadMs = 0
  let good: Record<Way, object>
  let bad: Record<Way, object>
  beforeAll(async () => {
    gateway = await startGateway({ tls: authority.issue(), now: () => Date.now() + aheadMs })
    const apiKey = gateway.key()
    const client = { client: 'acme', scopes: SCOPES, workflows: 'all', addresses: [] } as const
    const { secret } = await gateway.issue.secret(client)
    gateway.issue.registered(client, 'certificate', fingerprintOf(new X509Certificate(known.cert)))
    const user = { username: 'acme', password: secret }
    const wrong = { username: 'acme', password: 'wrong' }
    good = {
      'API key': { method: 'header', apiKey },
      Basic: { method: 'basic', ...user },
      'OAuth 2.0 client credentials': { method: 'clientCredentials', ...user },
      'client certificate': { method: 'certificate', certificate: known.cert, privateKey: known.key },
    }
    bad = {
      'API key': { method: 'header', apiKey: `${apiKey}x` },
      Basic: { method: 'basic', ...wrong },
      'OAuth 2.0 client credentials': { method: 'clientCredentials', ...wrong },
      'client certificate': { method: 'certificate', certificate: stranger.cert, privateKey: stranger.key },
    }
  })
  afterAll(async () => {
    await gateway.close()
    authority.remove()
  })

  const whole = (data: object): object => ({
    url: gateway.url.replace('127.0.0.1', 'localhost'),
    authority: authority.cert,
    token: '',
    ...data,
  })

  /** 'OK', or what the button Test says. */
  const tested = async (data: object): Promise<string> => {
    const credential = { name: 'Tested', type: TYPE, data: whole(data) }
    const made = await n8n().api('POST', '/rest/credentials', credential)
    const credentials = { id: member(made, 'id'), ...credential }
    const answer = await n8n().api('POST', '/rest/credentials/test', { credentials })
    return member(answer, 'status') === 'OK' ? 'OK' : String(member(answer, 'message'))
  }

  test.each(WAYS)('%s: the button Test, and a run', async (way) => {
    expect(await tested(good[way])).toBe('OK')
    expect(await tested(bad[way])).toContain('does not know these credentials')
    const credentials = await credentialsOf(n8n, TYPE, whole(good[way]))
    const run = tieout('BulkSync', 'Sync', { operation: 'run', workflow: named('stock') })
    const execution = await n8n().run(inARow(`by ${way}`, credentials, START, run))
    expect(execution.data.resultData.error).toBeUndefined()
    expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({ status: 'succeeded' })
  })

  test('a token that ended in between is asked for anew', async () => {
    const credentials = await credentialsOf(n8n, TYPE, whole(good['OAuth 2.0 client credentials']))
    const list = tieout('Exceptions', 'List', { resource: 'group', operation: 'getAll', filters: {} })
    const looked = inARow('token', credentials, START, list)
    const id = await n8n().publish(looked)
    for (const ahead of [0, 2 * 3_600_000]) {
      aheadMs = ahead
      await n8n().fire(looked)
      expect((await n8n().ended(id)).data.resultData.error).toBeUndefined()
    }
  })

  test('refused in a run: what to do stands below what happened', async () => {
    const credentials = await credentialsOf(n8n, TYPE, whole(bad['API key']))
    const list = tieout('Exceptions', 'List', { resource: 'exception', operation: 'getAll', filters: {} })
    const { error } = (await n8n().run(inARow('refused', credentials, START, list))).data.resultData
    expect(error?.description).toContain('CREDENTIALS_INVALID')
  })

  test('the button Test tells of an address where something else is, or nothing, and of an unknown authority', async () => {
    const site = await startFaultyApi({ paging: 'none' })
    const key = good['API key']
    expect(await tested({ ...key, url: site.url })).toContain('no Tieout gateway')
    await site.close()
    expect(await tested({ ...key, url: site.url })).toBe('ECONNREFUSED')
    expect(await tested({ ...key, authority: '' })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('a slash at the end of the address does not matter', async () => {
    const url = `${gateway.url.replace('127.0.0.1', 'localhost')}/`
    expect(await tested({ ...good['API key'], url })).toBe('OK')
    expect(await tested({ ...good['OAuth 2.0 client credentials'], url })).toBe('OK')
  })
}

const WAYS = ['API key', 'Basic', 'OAuth 2.0 client credentials', 'client certificate'] as const
type Way = (typeof WAYS)[number]
