// tieout keys and tieout audit, beside a gateway that runs.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { Authority } from '../support/certificates'
import { commandLine } from '../support/command-line'
import { startGateway, type TestGateway } from '../support/gateway'
import { containing, itemsIn, jsonOf, matching, objectIn, type Json } from '../support/answers'

const SETTINGS = `issuers:
  corp:
    issuer: https://login.example.com/
    jwks: https://login.example.com/keys
    audience: tieout
    algorithms: [RS256]
    claim: azp
`

let gateway: TestGateway
let tieout: ReturnType<typeof commandLine>
beforeAll(async () => {
  gateway = await startGateway()
  writeFileSync(join(gateway.folder, 'gateway.yaml'), SETTINGS)
  tieout = commandLine(gateway.folder, { env: { USER: 'kim' } })
})
afterAll(() => gateway.close())

async function json(...argv: string[]): Promise<Json> {
  const { out, exit, err } = await tieout('--json', ...argv)
  expect([err, exit]).toEqual(['', 0])
  return objectIn(JSON.parse(out))
}

const statusWith = async (key: unknown): Promise<number> =>
  (await fetch(`${gateway.url}/v1/caller`, { headers: { 'x-api-key': String(key) } })).status

test('a key is made, shown once, used, rotated, revoked', async () => {
  const made = await json(
    'keys',
    'create',
    'acme',
    '--scope',
    'runs:read',
    '--workflow',
    'stock',
    '--expires',
    '90d',
  )
  expect(made).toMatchObject({
    client: 'acme',
    tenant: 'default',
    scopes: ['runs:read'],
    workflows: ['stock'],
  })
  expect(await statusWith(made['key'])).toBe(200)

  const { out: listed } = await tieout('keys', 'list')
  expect(listed).toContain(String(made['id']))
  expect(listed).not.toContain(String(made['key']))

  const rotated = await json('keys', 'rotate', String(made['id']), '--overlap', '1d')
  expect(rotated).toMatchObject({ scopes: ['runs:read'], workflows: ['stock'], replaces: { id: made['id'] } })
  expect([await statusWith(made['key']), await statusWith(rotated['key'])]).toEqual([200, 200])

  await json('keys', 'revoke', String(made['id']))
  expect([await statusWith(made['key']), await statusWith(rotated['key'])]).toEqual([401, 200])

  const { out: log } = await tieout('audit', 'list')
  for (const words of ['keys.create', 'keys.rotate', 'keys.revoke', '401 KEY_REVOKED'])
    expect(log).toContain(words)
  expect((await tieout('audit', 'verify')).out).toMatch(/^4 entries hold\. Keep the end elsewhere: 4:/)
})

test('the secret of the gateway, and the folder of its state, are for their owner alone', () => {
  expect(statSync(join(gateway.folder, '.tieout/gateway.key')).mode & 0o777).toBe(0o600)
  expect(statSync(join(gateway.folder, '.tieout')).mode & 0o777).toBe(0o700)
})

test('secrets, certificates, public keys and subjects are registered', async () => {
  const secret = await json('keys', 'create', 'erp', '--secret')
  const basic = Buffer.from(`erp:${String(secret['secret'])}`).toString('base64')
  const response = await fetch(`${gateway.url}/v1/caller`, { headers: { authorization: `Basic ${basic}` } })
  expect(response.status).toBe(200)

  const authority = new Authority()
  writeFileSync(join(gateway.folder, 'client.pem'), authority.issue({ name: 'erp' }).cert)
  expect(await json('keys', 'create', 'erp', '--certificate', 'client.pem')).toMatchObject({
    kind: 'certificate',
    recognised: matching(/^[0-9a-f]{64}$/),
  })
  const twice = await tieout('keys', 'create', 'erp', '--certificate', 'client.pem')
  expect(twice).toMatchObject({ exit: 2, err: containing('registered already') })
  authority.remove()

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(gateway.folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const registered = await json('keys', 'create', 'erp', '--public-key', 'key.pem')
  expect(registered).toMatchObject({ kind: 'public-key' })
  const rows = JSON.stringify(gateway.sql.of(`SELECT body FROM credential WHERE kind = 'public-key'`).all())
  expect(rows).not.toContain(String(privateKey.export({ format: 'jwk' }).d))

  expect(await json('keys', 'create', 'erp', '--issuer', 'corp', '--subject', 'svc-1')).toMatchObject({
    recognised: 'corp svc-1',
  })
})

test('a workflow or an issuer that is named and not there is warned of', async () => {
  const { exit, err } = await tieout('keys', 'create', 'warned', '--workflow', 'stock', 'stcok')
  expect(exit).toBe(0)
  expect(err).toContain('warning: the definition has no workflow stcok; there is stock')
  const other = await tieout('keys', 'create', 'warned', '--issuer', 'crop', '--subject', 'svc-2')
  expect(other.err).toContain('names no issuer crop')
})

test('a tenant is warned of where the definition has no place for its name', async () => {
  const { folder } = gateway
  expect((await tieout('keys', 'create', 'own', '--tenant', 'own')).err).toBe('')
  const text = readFileSync(join(folder, 'tieout.yaml'), 'utf8')
  writeFileSync(join(folder, 'shared.yaml'), text.replaceAll('${TENANT}', 'all'))
  const { err } = await tieout('keys', 'create', 'two', '--tenant', 'two', '--config', 'shared.yaml')
  expect(err).toContain('the tenant two reads and writes the same systems as the others')
})

test('what the client makes itself is rotated with the new one, and both work', async () => {
  const authority = new Authority()
  const certificate = (name: string): void => {
    writeFileSync(join(gateway.folder, name), authority.issue({ name: 'bank' }).cert)
  }
  certificate('old.pem')
  certificate('new.pem')
  authority.remove()
  const old = await json('keys', 'create', 'bank', '--certificate', 'old.pem', '--scope', 'runs:read')
  const id = String(old['id'])
  const rotated = await json('keys', 'rotate', id, '--certificate', 'new.pem', '--overlap', '1d')
  expect(rotated).toMatchObject({ kind: 'certificate', scopes: ['runs:read'], replaces: { id } })
  expect(rotated['recognised']).not.toBe(old['recognised'])
  const [first, second] = gateway.access.clients.ofClient('bank', 'certificate')
  expect([first?.expires, second?.expires]).toEqual([expect.any(Number), undefined])

  const subject = await json('keys', 'create', 'bank', '--issuer', 'corp', '--subject', 'svc-7')
  expect(await json('keys', 'rotate', String(subject['id']), '--subject', 'svc-8')).toMatchObject({
    recognised: 'corp svc-8',
  })
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  writeFileSync(join(gateway.folder, 'public.pem'), key.export({ type: 'spki', format: 'pem' }))
  const registered = await json('keys', 'create', 'bank', '--public-key', 'public.pem')
  expect(await json('keys', 'rotate', String(registered['id']), '--public-key', 'public.pem')).toMatchObject({
    kind: 'public-key',
  })

  expect(await tieout('keys', 'rotate', id)).toMatchObject({
    exit: 2,
    err: containing('give the new one with --certificate <file>'),
  })
  expect(await tieout('keys', 'rotate', id, '--subject', 'x')).toMatchObject({
    exit: 2,
    err: containing('is a certificate'),
  })
})

test('a client has limits and a tenant of its own', async () => {
  const made = await json('keys', 'create', 'big', '--tenant', 'big', '--limit', 'records=5', 'calls=none')
  const limits = await gateway.call(String(made['key']), 'GET', '/v1/limits')
  const items = itemsIn(await jsonOf(limits))
  expect(items.find(({ name }) => name === 'records')?.['quota']).toBe(5)
  expect(items.map(({ name }) => name)).not.toContain('calls')
})

test('the secret of the gateway is renewed while it runs; keys and new secrets work on', async () => {
  const { key } = await json('keys', 'create', 'before')
  gateway.vault.put('webhook/x/1', 'sealed')
  expect(await json('keys', 'reseal')).toMatchObject({ sealed: 1 })
  expect(gateway.vault.get('webhook/x/1')).toBe('sealed')
  expect(await statusWith(key)).toBe(200)
  const after = await json('keys', 'create', 'after')
  expect(await statusWith(after['key'])).toBe(200)
  expect((await tieout('audit', 'verify')).exit).toBe(0)
})

test.each([
  [['keys', 'create', 'a b'], 'is no name'],
  [['keys', 'create', 'x', '--scope', 'runs:rad'], 'There is no scope runs:rad'],
  [['keys', 'create', 'x', '--address', '10.0.0.0/40'], '10.0.0.0/40 is not an address'],
  [['keys', 'create', 'x', '--limit', 'many'], 'is no limit'],
  [['keys', 'create', 'x', '--limit', 'record=5'], 'There is no limit record; there are calls, records,'],
  [['keys', 'create', 'x', '--tenant', 'Big'], 'There is a tenant big already'],
  [['keys', 'create', 'x', '--expires', '2020-01-01'], 'has passed'],
  [['keys', 'create', 'x', '--expires', 'soon'], 'COMMAND_INVALID'],
  [['keys', 'create', 'x', '--expires', 'soon'], 'is no time'],
  [['keys', 'create', 'x', '--secret', '--issuer', 'corp'], 'One kind'],
  [['keys', 'create', 'x', '--issuer', 'corp'], 'belong together'],
  [['keys', 'create', 'big', '--tenant', 'small'], 'belongs to the tenant big'],
  [['keys', 'create', 'x', '--certificate', 'stock.csv'], 'is no certificate'],
  [['keys', 'revoke', 'tk_00000000'], 'There is no key tk_00000000'],
  [['keys', 'revoke', 'tk_00000000'], 'KEY_UNKNOWN'],
  [['audit', 'verify', '--end', 'abc'], 'is no end'],
])('%j is refused', async (argv, words) => {
  const { exit, err } = await tieout(...argv)
  expect([exit, err]).toEqual([2, expect.stringContaining(words)])
})
