// A real squid between client and gateway: what it takes away is told, and by whom it can be put right.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../support/command-line'
import { startGateway, type TestGateway } from '../../support/gateway'
import { asObjects, objectIn } from '../../support/json'
import { startSquid, squidMissing, type Squid } from '../../support/squid'
import { textOf } from '../../../shared/core/record/value'
import { http } from '../../../shared/adapters/http'

const missing = squidMissing()
if (missing !== undefined) throw new Error(missing)

let gateway: TestGateway
let squid: Squid
const environment = { ...process.env }
beforeAll(async () => {
  gateway = await startGateway()
  squid = await startSquid({
    rules: [
      'request_header_access Idempotency-Key deny all',
      'request_header_access If-Match deny all',
      'request_body_max_size 800 KB',
    ],
  })
})
beforeEach(() => {
  process.env['HTTP_PROXY'] = squid.url
  process.env['NO_PROXY'] = ''
  delete process.env['no_proxy']
  delete process.env['http_proxy']
})
afterEach(() => {
  process.env = { ...environment }
})
afterAll(async () => {
  await gateway.close()
  await squid.close()
})

test('diagnostics name the proxy and what was lost in it', async () => {
  const client = http.open({ proxy: squid.url })
  const { body } = await client.send({
    method: 'GET',
    url: `${gateway.url}/v1/diagnostics`,
    headers: {
      'idempotency-key': '"a"',
      prefer: 'wait=1',
      'tieout-sent': 'Idempotency-Key, Prefer',
    },
  })
  await client.close()
  const { notes } = objectIn(new TextDecoder().decode(body))
  expect(notes).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^The request passed a proxy that says of itself: .*proxy\.example/),
      'The header idempotency-key was sent and did not arrive: something on the way took it out.',
    ]),
  )
  expect(JSON.stringify(notes)).not.toContain('prefer was sent')
})

test('a body that is not the one that was sent is told by its digest', async () => {
  const digest = `sha-256=:${Buffer.alloc(32).toString('base64')}:`
  const answer = await fetch(`${gateway.url}/v1/diagnostics`, {
    method: 'POST',
    headers: { 'content-digest': digest },
    body: 'abc',
  })
  expect(textOf(objectIn(await answer.text())['notes'])).toContain(
    'The body is not the one that was sent: its SHA-256 was AAAA',
  )
})

test('the doctor climbs from the name to a connection that rested, and writes what the network team has to do', async () => {
  const tieout = commandLine(gateway.folder, { env: { TIEOUT_KEY: gateway.key() } })
  const { exit, out } = await tieout(
    'doctor',
    '--gateway',
    gateway.url,
    '--idle',
    '1',
    '--ticket',
    'ticket.txt',
    '--json',
  )
  const answer = objectIn(out)
  const steps = asObjects(answer['steps'])
  expect(steps.map(({ name, result }) => `${textOf(result)} ${textOf(name)}`)).toEqual([
    'passed name lookup',
    'passed connection',
    'passed HTTP',
    'passed credentials',
    'failed headers',
    'passed POST of 3 bytes',
    'failed POST of 1 MB',
    'failed POST in chunks',
    'passed POST with gzip',
    'passed connection after a rest',
  ])
  expect(exit).toBe(1)
  expect(steps[4]).toMatchObject({ fault: { code: 'HEADERS_LOST', owner: 'your-network-team' } })
  const ticket = readFileSync(join(gateway.folder, 'ticket.txt'), 'utf8')
  expect(ticket).toContain(`To:    ${new URL(gateway.url).host} (http)`)
  expect(ticket).toContain(`Proxy: ${squid.host}`)
  expect(ticket).toContain('did not arrive: idempotency-key, if-match')
  expect(ticket).toContain('Please (your network team): Let the headers pass')
  // no secret in what is handed on
  expect(ticket + out).not.toMatch(/tk_|p%40ss|p@ss/)
})

test('nothing in the way: every rung passes', async () => {
  delete process.env['HTTP_PROXY']
  const tieout = commandLine(gateway.folder, { env: { TIEOUT_KEY: gateway.key() } })
  const { exit, out } = await tieout('doctor', '--gateway', gateway.url, '--idle', '1')
  expect(exit).toBe(0)
  expect(out).not.toContain('FAILED')
})

test('without a key what needs one is left out; a wrong key is a failure with its reason', async () => {
  delete process.env['HTTP_PROXY']
  const none = await commandLine(gateway.folder)('doctor', '--gateway', gateway.url, '--idle', '1')
  expect(none).toMatchObject({ exit: 0, out: expect.stringContaining('not done credentials') as unknown })
  const wrong = commandLine(gateway.folder, { env: { TIEOUT_KEY: 'nonsense' } })
  const { exit, out } = await wrong('doctor', '--gateway', gateway.url, '--idle', '1')
  expect(exit).toBe(1)
  expect(out).toContain('CREDENTIALS_INVALID')
})

test('a host that is blocked, a port where nobody is, and no address at all', async () => {
  const tieout = commandLine(gateway.folder)
  const blocked = await tieout('doctor', '--gateway', 'http://blocked.example')
  expect(blocked).toMatchObject({ exit: 1, out: expect.stringContaining('PROXY_REFUSED') as unknown })
  delete process.env['HTTP_PROXY']
  const nobody = await tieout('doctor', '--gateway', 'http://127.0.0.1:9')
  expect(nobody).toMatchObject({ exit: 1, out: expect.stringContaining('CONNECTION_REFUSED') as unknown })
  expect(await tieout('doctor', '--gateway', 'gateway')).toMatchObject({ exit: 2 })
})
