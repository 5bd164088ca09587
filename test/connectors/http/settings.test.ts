import { join } from 'node:path'
import { registry } from '../../../connectors'
import { loadDefinition } from '../../../shared/adapters/definition/load'
import { InvalidDefinition, problemText } from '../../../shared/core/definition/problem'
import { UNCOUNTED } from '../../../shared/core/record/ledger'
import { folderWith } from '../../support/folder'
import { faultOf, open } from './connect'

/** What is said of a connection with these settings; nothing where it is valid. */
async function complaints(settings: Record<string, unknown>): Promise<string[]> {
  const api = { connector: 'http', baseUrl: 'https://api.example.com', ...settings }
  const definition = { tieout: 1, connections: { api }, workflows: {} }
  const folder = folderWith({ 'tieout.json': JSON.stringify(definition) })
  try {
    await loadDefinition(join(folder.path, 'tieout.json'), { env: {}, registry })
    return []
  } catch (error) {
    if (!(error instanceof InvalidDefinition)) throw error
    return error.problems.map(problemText).map((text) => text.replace(/^.*connections\.api\./, ''))
  } finally {
    folder.remove()
  }
}

test.each([
  [{ type: 'basic' }, ['auth.username is missing']],
  [{ type: 'basic', username: 'x' }, []],
  [{ type: 'bearer' }, ['auth.token is missing']],
  [{ type: 'apiKey', name: 'X-Key' }, ['auth.value is missing']],
  [{ type: 'hmac' }, ['auth.secret is missing']],
  [{ type: 'oauth2', clientId: 'x', clientSecret: 'y' }, ['auth.tokenUrl is missing']],
  [{ type: 'oauth2', clientId: 'x', tokenUrl: 'https://a/token' }, ['auth.clientSecret is missing']],
  [
    { type: 'oauth2', clientId: 'x', tokenUrl: 'https://a/token', method: 'privateKeyJwt' },
    ['auth.key is missing'],
  ],
  [{ type: 'oauth2', clientId: 'x', tokenUrl: 'https://a/token', method: 'privateKeyJwt', key: 'k.pem' }, []],
  [{ type: 'clientCertificate', cert: 'c.pem' }, ['auth.key is missing']],
  [{ type: 'clientCertificate', pfx: 'c.pfx' }, []],
])('credentials that lack a part say which: %j', async (auth, expected) => {
  const found = await complaints({ auth })
  expect(found.map((text) => text.replace(/ is missing.*/, ' is missing'))).toEqual(expected)
})

test.each([
  ['api.example.com/v1'],
  ['https://api.example.com?api-version=2'],
  ['https://'],
  ['https://a b/'],
])('a base URL that nothing can be put behind is refused: %s', async (baseUrl) => {
  const url = 'an http or https URL without a query, such as https://api.example.com/v1'
  expect(await complaints({ baseUrl })).toEqual([`baseUrl must be ${url}`])
})

test.each(['5/fortnight', '0/s', 'a few'])(
  'a rate that would count for nothing is refused: %s',
  async (rate) => {
    expect(await complaints({ rate })).toEqual([
      'rate must be calls per time, such as 5/s, 100/min, 1000/h or 20000/d',
    ])
  },
)

test('a stream that neither connection nor workflow knows is none: its requests would go to the base URL', async () => {
  const { connection } = await open({
    baseUrl: 'http://localhost:1',
    streams: { products: { path: '/products' } },
  })
  const request = { stream: 'product', settings: {}, key: ['sku'], ledger: UNCOUNTED }
  const unknown = async () => await connection.source(request)
  const fault = await faultOf(unknown())
  expect(fault).toMatchObject({ code: 'DEFINITION_INVALID' })
  expect(fault.detail).toContain('did you mean products?')
  await expect(connection.source({ ...request, settings: { path: '/product' } })).resolves.toBeDefined()
  await connection.close()
})
