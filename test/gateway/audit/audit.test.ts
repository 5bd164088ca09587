// Who changed what is written down, and nobody can change that without being noticed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Keyring } from '../../../gateway/keyring'
import { Fault } from '../../../shared/core/fault'
import { folderWith } from '../../support/folder'
import { startGateway, type TestGateway } from '../../support/gateway'
import { jsonOf, matching } from '../../support/answers'

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway()
  key = gateway.key()
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.sql.of('DELETE FROM audit').run()
  gateway.sql.of('DELETE FROM audit_head').run()
  gateway.sql.of('DELETE FROM secret').run()
})

const plan = (): Promise<Response> =>
  gateway.call(key, 'POST', '/v1/workflows/stock/runs', {
    body: { kind: 'plan' },
    headers: { 'x-note': 'canary-4711' },
  })

function faultOf(act: () => unknown): Fault {
  try {
    act()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('there was no fault')
}

async function threeEntries(): Promise<void> {
  for (let at = 0; at < 3; at++) await plan()
}

test('what was changed, what was refused, by whom and from where; not what was only read', async () => {
  const { id } = await jsonOf(await plan())
  await gateway.call(key, 'GET', '/v1/runs')
  await gateway.call(key, 'POST', '/v1/workflows/nothing/runs')
  const reader = gateway.key({ client: 'reader', scopes: ['runs:read'] })
  await gateway.call(reader, 'DELETE', `/v1/runs/${String(id)}`)

  const entries = gateway.audit.latest(10)
  expect(entries).toMatchObject([
    {
      who: 'acme',
      key: key.slice(0, 11),
      tenant: 'default',
      operation: 'startRun',
      object: '/v1/workflows/stock/runs',
      effect: `/v1/runs/${String(id)}`,
      address: '127.0.0.1',
      result: '200',
      request: matching(/^req_[0-9a-f]{16}$/),
    },
    { operation: 'startRun', result: '404 WORKFLOW_UNKNOWN' },
    { who: 'reader', operation: 'cancelRun', result: '403 SCOPE_NEEDED' },
  ])
  expect(JSON.stringify(entries)).not.toContain('canary')
  expect(gateway.audit.verify()).toMatchObject({ number: 3 })
})

test.each([
  [
    'an entry was changed',
    `UPDATE audit SET body = replace(body, 'acme', 'evil') WHERE number = 2`,
    /entry 2 /,
  ],
  ['an entry was removed', 'DELETE FROM audit WHERE number = 2', /entry 2 is missing/],
  ['the last entries were removed', 'DELETE FROM audit WHERE number >= 2', /entries 2 to 3 are missing/],
  ['all entries were removed', 'DELETE FROM audit', /entries 1 to 3 are missing/],
  [
    'the note of the end was set back',
    `DELETE FROM audit WHERE number = 3; UPDATE audit_head SET number = 2`,
    /end/,
  ],
  ['the note of the end was removed', 'DELETE FROM audit_head', /ends is missing/],
  ['two entries changed places', 'UPDATE audit SET number = 5 - number WHERE number IN (2, 3)', /entry 2/],
  ['another key is named', `UPDATE audit SET key = 'ffffffff' WHERE number = 1`, /entry 1/],
])('it is noticed that %s', async (_name, tampering, words) => {
  await threeEntries()
  gateway.audit.verify()
  for (const statement of tampering.split(';').map((text) => text.replace('5 - number', '-number')))
    gateway.sql.of(statement).run()
  if (tampering.includes('5 -')) gateway.sql.of('UPDATE audit SET number = 5 + number WHERE number < 0').run()
  const fault = faultOf(() => gateway.audit.verify())
  expect(fault.code).toBe('AUDIT_BROKEN')
  expect(fault.detail).toMatch(words)
  expect(fault.evidence).toMatchObject({ entry: expect.any(Number) as unknown, why: matching(words) })
})

test('an end that was kept elsewhere shows a log that was replaced as a whole', async () => {
  await threeEntries()
  const end = gateway.audit.verify()
  expect(gateway.audit.verify(end)).toEqual(end)
  gateway.sql.of('DELETE FROM audit').run()
  gateway.sql.of('DELETE FROM audit_head').run()
  await threeEntries()
  gateway.audit.verify()
  expect(() => gateway.audit.verify(end)).toThrow('is not the one that was there before')
})

test('it holds after the secret of the gateway was renewed, and goes on', async () => {
  await threeEntries()
  await gateway.vault.reseal()
  await plan()
  expect(gateway.audit.verify()).toMatchObject({ number: 4 })
})

test('secrets at rest: sealed, bound to their name, readable after the key was renewed', async () => {
  const { vault, ring, sql } = gateway
  vault.put('webhook/acme/1', 'whsec_canary')
  vault.put('webhook/acme/2', 'other')
  const file = readFileSync(join(gateway.folder, '.tieout/gateway.sqlite'))
  const wal = readFileSync(join(gateway.folder, '.tieout/gateway.sqlite-wal'))
  expect(Buffer.concat([file, wal]).includes('whsec_canary')).toBe(false)

  const before = ring.current
  expect(await vault.reseal()).toBe(2)
  expect(ring.current).not.toBe(before)
  expect(vault.get('webhook/acme/1')).toBe('whsec_canary')
  expect(String(sql.of('SELECT sealed FROM secret LIMIT 1').get()?.['sealed'])).toMatch(
    new RegExp(`^${ring.current}\\.`),
  )

  sql
    .of(
      `UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'webhook/acme/1') WHERE name = 'webhook/acme/2'`,
    )
    .run()
  expect(() => vault.get('webhook/acme/2')).toThrow('STORE_DAMAGED')
})

test.each([
  ['is empty', '# nothing below\n', /holds no key/],
  ['holds what is no key', '1234 short\n', /not an id and 256 bits/],
])('a secret of the gateway that %s names its file and not what is in it', (_, text, why) => {
  const folder = folderWith({ 'gateway.key': text })
  const path = join(folder.path, 'gateway.key')
  const fault = faultOf(() => new Keyring(path))
  expect(fault).toMatchObject({ code: 'GATEWAY_KEY_UNUSABLE', evidence: { path, why: matching(why) } })
  expect(fault.detail).toContain(path)
  expect(fault.detail).not.toContain('short')
  folder.remove()
})
