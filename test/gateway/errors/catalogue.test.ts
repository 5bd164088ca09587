import { errors } from '../../../shared/contract/errors'
import { entryOverHttp } from '../../../shared/contract/errors/over-http'
import { gateway as entries } from '../../../shared/contract/errors/gateway'
import { startGateway, type TestGateway } from '../../support/gateway'
import { causes, WITH, type Code } from './causes'
import { FILES } from './files'

let common: TestGateway
beforeAll(async () => {
  common = await startGateway({ files: FILES })
})
afterAll(() => common.close())

const codes = Object.keys(entries).filter((code): code is Code => code in entries)

test('every code of the gateway has a test that causes it, and no other has', () => {
  expect(Object.keys(causes).sort()).toEqual([...codes].sort())
})

test.each(Object.entries(errors))('%s names its owner, a step, and how to check both', (_code, entry) => {
  expect(entry.owner).toMatch(/^(you|your-network-team|other-system|us)$/)
  expect(entry.causes.filter(({ cause, check }) => cause !== '' && check !== '')).not.toEqual([])
  expect(entry.steps.filter((step) => step.do !== '' && step.verify !== '')).not.toEqual([])
})

test('the dictionary for a spreadsheet says of every code who does what, and how to check both', async () => {
  const answer = await fetch(`${common.url}/errors`, { headers: { accept: 'text/csv' } })
  const [header, ...rows] = (await answer.text()).trim().split('\r\n')
  expect(header).toBe('"code","number","status","title","category","owner","retryable","causes","steps"')
  expect(rows).toHaveLength(Object.keys(errors).length)
  expect(rows.filter((row) => !/\(to check: .+\(to verify: /.test(row))).toEqual([])
})

test.each(codes)('%s', async (code) => {
  const own = WITH[code]
  const gateway = own ? await startGateway({ files: FILES, ...own }) : common
  try {
    const { status, headers, text } = await causes[code]({ gateway, key: gateway.key() })
    const { number, title, owner, steps } = entryOverHttp(code)
    const problem: unknown = JSON.parse(text)
    expect(problem).toMatchObject({ code, number, title, owner, steps, status, hasErrors: true })
    expect(status).toBe(entries[code].status)
    expect(problem).toMatchObject({
      type: `${gateway.url}/errors/${code}`,
      requestId: headers.get('x-request-id'),
      detail: expect.stringMatching(/[.?)\w]$/) as unknown,
    })
    expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull()
    expect(text).not.toMatch(/\bat .+\.[jt]s:\d+|node_modules|<html/)
    if (status === 401) expect(headers.get('www-authenticate')).toContain('Bearer')
    if (status === 405) expect(headers.get('allow')).toMatch(/GET/)
    if (status === 429 || status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  } finally {
    if (own) await gateway.close()
  }
})
