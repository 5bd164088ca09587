import { mapping, output, workflow } from '../../../bench/lib/n8n/run-data'
import { member } from '../../../bench/lib/n8n/server'
import { Authority } from '../../support/certificates'
import { startFaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { startOAuth } from '../../support/oauth'
import { items, START } from './nodes'
import type { N8n } from './server'

/** Items are synced to an API that lets only these credentials in. */
export function credentialsSuite(n8n: N8n): void {
  const arrives = async (
    type: 'tieoutTargetApi' | 'tieoutTargetOAuth2Api',
    data: object,
    api: FaultyApiOptions,
  ): Promise<void> => {
    const to = await startFaultyApi({ key: ['sku'], ...api })
    const name = `${type} ${JSON.stringify(data).length}`
    const made = await n8n().api('POST', '/rest/credentials', { name, type, data })
    try {
      const execution = await n8n().run(
        workflow(
          `credential-${JSON.stringify(data).length}`,
          [
            START,
            items('Records', [{ sku: 'A1' }]),
            {
              name: 'Sync',
              type: 'n8n-nodes-tieout.tieoutBulkSync',
              credentials: { [type]: { id: member(made, 'id'), name } },
              parameters: {
                operation: 'sync',
                source: 'items',
                mapping: mapping(['sku']),
                targetUrl: `${to.url}/items/batch`,
                targetAuthentication: type === 'tieoutTargetApi' ? 'credential' : 'oAuth2',
              },
            },
          ],
          ['Start > Records', 'Records > Sync'],
        ),
      )
      expect(execution.data.resultData.error).toBeUndefined()
      expect(output(execution, 'Sync', 2)[0]?.json).toMatchObject({ status: 'succeeded', created: 1 })
    } finally {
      await to.close()
    }
  }

  test('header key', () =>
    arrives(
      'tieoutTargetApi',
      { method: 'header', headerName: 'X-Api-Key', headerValue: 'k-1' },
      { auth: ({ headers }) => headers['x-api-key'] === 'k-1' },
    ))

  test('Basic', () =>
    arrives(
      'tieoutTargetApi',
      { method: 'basic', username: 'robot', password: 'p@ss:word' },
      { auth: ({ headers }) => headers.authorization === `Basic ${btoa('robot:p@ss:word')}` },
    ))

  test('bearer token', () =>
    arrives(
      'tieoutTargetApi',
      { method: 'bearer', token: 't-1' },
      { auth: ({ headers }) => headers.authorization === 'Bearer t-1' },
    ))

  test('client certificate, from a private authority', async () => {
    const authority = new Authority()
    const server = authority.issue()
    const client = authority.issue({ name: 'client' })
    await arrives(
      'tieoutTargetApi',
      { method: 'certificate', certificate: client.cert, privateKey: client.key, authority: authority.cert },
      { tls: { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true } },
    )
    authority.remove()
  })

  test('OAuth 2.0 client credentials, with a new token once the old one is refused', async () => {
    const oauth = await startOAuth({ method: 'clientSecretBasic', clientId: 'robot', clientSecret: 's-1' })
    const data = {
      grantType: 'clientCredentials',
      accessTokenUrl: oauth.tokenUrl,
      clientId: 'robot',
      clientSecret: 's-1',
      authentication: 'header',
      scope: '',
    }
    let calls = 0
    const auth: FaultyApiOptions['auth'] = (call) => {
      if (++calls === 1) oauth.revoke()
      return oauth.accepts(call)
    }
    try {
      await arrives('tieoutTargetOAuth2Api', data, { auth })
      expect(oauth.issued).toBe(2)
    } finally {
      await oauth.close()
    }
  })

  test.each(['tieoutSourceApi', 'tieoutTargetApi'])(
    'the button Test of %s asks its Test Address',
    async (type) => {
      const api = await startFaultyApi({ auth: ({ headers }) => headers['x-api-key'] === 'k-1' })
      const tested = async (headerValue: string): Promise<unknown> => {
        const data = { method: 'header', headerName: 'X-Api-Key', headerValue, testUrl: `${api.url}/items` }
        const credential = { name: 'Tested', type, data }
        const made = await n8n().api('POST', '/rest/credentials', credential)
        const credentials = { id: member(made, 'id'), ...credential }
        return member(await n8n().api('POST', '/rest/credentials/test', { credentials }), 'status')
      }
      try {
        expect(await tested('k-1')).toBe('OK')
        expect(await tested('k-2')).toBe('Error')
      } finally {
        await api.close()
      }
    },
  )
}
