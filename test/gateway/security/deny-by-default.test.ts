import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations } from '../../../shared/contract/operations'
import { SCOPES } from '../../../shared/contract/operations/operation'
import { startGateway, type TestGateway } from '../../support/gateway'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const guarded = Object.entries(operations).flatMap(([id, { access, method, path }]) =>
  access === 'public' ? [] : [{ id, scope: access.scope, method, path: path.replace(/\{\w+\}/g, '1') }],
)

test('a route without an access rule stops the start', async () => {
  const other = await startGateway()
  await other.close()
  expect(() => other.app.get('/v1/open', () => 'open')).toThrow()
})

test('what is public is what has to be', () => {
  const open = Object.entries(operations).filter(([, { access }]) => access === 'public')
  expect(open.map(([id]) => id).sort()).toEqual(
    [
      'createToken',
      'getDiagnostics',
      'getError',
      'getHealth',
      'getOpenApi',
      'getOpenApi30',
      'getService',
      'listErrors',
      'postDiagnostics',
    ].sort(),
  )
})

test.each(guarded)(
  '$id: without credentials 401, with every scope but its own 403',
  async ({ method, path, scope }) => {
    const anonymous = await fetch(gateway.url + path, { method })
    expect(anonymous.status).toBe(401)
    const others = gateway.key({ scopes: SCOPES.filter((one) => one !== scope) })
    const refused = await gateway.call(others, method, path)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'SCOPE_NEEDED', evidence: { scope } })
  },
)

test('every row of the page on security names tests that exist', () => {
  const root = join(__dirname, '../../..')
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8')
  for (let risk = 1; risk <= 10; risk++) expect(page).toContain(`| API${String(risk)} `)
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|risk|besides)/.test(line))
  for (const row of rows) {
    const tests = [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
    expect(tests).not.toEqual([])
    for (const path of tests)
      expect([path, existsSync(join(root, 'test/gateway', path))]).toEqual([path, true])
  }
})
