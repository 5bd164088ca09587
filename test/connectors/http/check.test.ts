import type { CheckStep } from '../../../shared/core/connector'
import { Authority } from '../../support/certificates'
import { startFaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { freePort } from '../../../bench/lib/port'
import { HurriedClock, open, products } from './connect'

const stream = { name: 'items', use: 'source' } as const

async function steps(
  api: FaultyApiOptions,
  settings = {},
  clock = new HurriedClock(),
  use: 'source' | 'target' = 'source',
) {
  const server = await startFaultyApi({ records: products(3), paging: 'none', ...api })
  const streams = { items: { path: '/items', read: { records: '/items', total: '/total' } } }
  const { connection } = await open({ baseUrl: server.url, streams, ...settings }, {}, clock)
  const found: CheckStep[] = []
  for await (const step of connection.check({ ...stream, use })) found.push(step)
  await connection.close()
  await server.close()
  return found
}

const shown = (found: readonly CheckStep[]) => found.map(({ name, result }) => `${name} ${result}`)

test('climbs from the name to a page', async () => {
  const found = await steps({})
  expect(shown(found)).toEqual([
    'name lookup passed',
    'connection passed',
    'clock passed',
    'credentials passed',
    'first page passed',
  ])
  expect(found.at(-1)?.detail).toBe('3 of 3 records')
})

test('with what a workflow says of the stream', async () => {
  const server = await startFaultyApi({ records: products(3), paging: 'none' })
  const { connection } = await open({ baseUrl: server.url, streams: {} })
  const settings = { path: '/items', records: '/items', total: '/total' }
  const found: CheckStep[] = []
  for await (const step of connection.check({ ...stream, settings })) found.push(step)
  expect(found.at(-1)?.detail).toBe('3 of 3 records')
  await connection.close()
  await server.close()
})

test('tells issuer and end of the certificate', async () => {
  const authority = new Authority('Example Root')
  const found = await steps({ tls: authority.issue({ days: 9 }) }, { ca: authority.cert })
  expect(found.find(({ name }) => name === 'certificate')?.detail).toMatch(
    /'Example Root', valid until .*, [89] days left/,
  )
  const untrusted = await steps({ tls: authority.issue() })
  expect(untrusted.at(-1)).toMatchObject({ name: 'certificate', result: 'failed' })
  authority.remove()
})

test('asks a target what it allows, without writing', async () => {
  expect((await steps({}, {}, undefined, 'target')).at(-1)).toMatchObject({ name: 'write', result: 'passed' })
})

test('ends where the way ends', async () => {
  const found = await steps({}, { baseUrl: `http://localhost:${await freePort()}` })
  expect(shown(found)).toEqual(['name lookup passed', 'connection failed'])
  expect(found.at(-1)?.fault?.code).toBe('CONNECTION_REFUSED')
})

test.each([
  [{ auth: () => false }, undefined, 'credentials failed', 'UNAUTHORIZED'],
  [{}, new HurriedClock(300_000), 'clock failed', 'CLOCK_OFF'],
] as const)('names what is wrong: %j', async (api, clock, last, code) => {
  const found = await steps(api, {}, clock)
  expect(shown(found)).toContain(last)
  expect(found.find(({ fault }) => fault !== undefined)?.fault?.code).toBe(code)
})
