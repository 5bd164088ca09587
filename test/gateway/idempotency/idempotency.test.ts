// The same request with the same key: one effect, one answer, whatever happened in between.
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Handler } from '../../../gateway/call'
import { startGateway, type TestGateway } from '../../support/gateway'
import { objectIn } from '../../support/answers'

const RUNS = '/v1/workflows/stock/runs'
let hours = 0
let clients = 0
let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ now: () => Date.now() + hours * 3_600_000 })
})
afterAll(() => gateway.close())
// a client for each test, so that none sees the keys of another
beforeEach(() => {
  hours = 0
  key = gateway.key({ client: `c${String(clients++)}` })
  gateway.sql.of('DELETE FROM job').run()
})

interface Answered {
  status: number
  replayed: string | null
  location: string | null
  text: string
}

async function post(
  body: string,
  headers: Record<string, string>,
  to = gateway,
  by = key,
): Promise<Answered> {
  const response = await to.call(by, 'POST', RUNS, { body, headers })
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    location: response.headers.get('location'),
    text: await response.text(),
  }
}

const jobs = (to = gateway): number => Number(to.sql.of('SELECT count(*) AS jobs FROM job').get()?.['jobs'])
/** As a kill between the job and the answer leaves it. */
function losesAnswers(): void {
  gateway.sql.of(`UPDATE claim SET state = 'working'`).run()
  gateway.sql.of('DELETE FROM answer').run()
}

const named = (name: string): Record<string, string> => ({ 'idempotency-key': name })

test('a repeat gets the same status, headers and body, and starts nothing', async () => {
  const first = await post('{"kind":"plan"}', named('"job-1"'))
  expect(first).toMatchObject({ status: 200, replayed: null })
  // quoted or not, it is the same key
  for (const again of ['"job-1"', 'job-1'])
    expect(await post('{"kind":"plan"}', named(again))).toEqual({ ...first, replayed: 'true' })
  expect(await post('{"kind":"plan"}', { 'x-idempotency-key': 'job-1' })).toEqual({
    ...first,
    replayed: 'true',
  })
  expect(jobs()).toBe(1)
})

test('the same key with another body or another address is refused and names what differs', async () => {
  await post('{"kind":"plan"}', named('job-1'))
  const body = await post('{"kind":"sync"}', named('job-1'))
  expect(JSON.parse(body.text)).toMatchObject({
    status: 422,
    code: 'IDEMPOTENCY_KEY_REUSED',
    evidence: { differs: 'body' },
  })
  const address = await gateway.call(key, 'POST', `${RUNS}?x=1`, {
    body: '{"kind":"plan"}',
    headers: named('job-1'),
  })
  expect(await address.json()).toMatchObject({ status: 422, evidence: { differs: 'address' } })
})

test('a repeat while the first is at work waits to be repeated', async () => {
  let finish: () => void = () => undefined
  const slow: Handler = () =>
    new Promise((resolve) => {
      finish = () => {
        resolve({ status: 200, content: { json: { done: true } } })
      }
    })
  const waiting = await startGateway({ handlers: { startRun: slow } })
  const by = waiting.key()
  const first = post('{}', named('a'), waiting, by)
  while (waiting.sql.of('SELECT 1 FROM claim').get() === undefined) await new Promise(setImmediate)
  const busy = await waiting.call(by, 'POST', RUNS, { body: '{}', headers: named('a') })
  expect(busy.headers.get('retry-after')).toBe('2')
  expect(await busy.json()).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_BUSY' })
  finish()
  expect(await first).toMatchObject({ status: 200 })
  expect(await post('{}', named('a'), waiting, by)).toMatchObject({ status: 200, replayed: 'true' })
  await waiting.close()
})

test.each(['""', 'a'.repeat(256), 'a"b'])('%j is no key', async (name) => {
  const { text } = await post('{}', named(name))
  expect(JSON.parse(text)).toMatchObject({ status: 400 })
})

test('what was refused before it began may be corrected and sent with the same key', async () => {
  expect(await post('{"kind":"dance"}', named('job-1'))).toMatchObject({ status: 422 })
  expect(await post('{"kind":"plan"}', named('job-1'))).toMatchObject({ status: 200, replayed: null })
})

test('keys of clients are apart, and are forgotten after seven days', async () => {
  await post('{"kind":"plan"}', named('job-1'))
  const other = gateway.key({ client: 'other' })
  expect(await post('{"kind":"plan"}', named('job-1'), gateway, other)).toMatchObject({ replayed: null })
  hours = 7 * 24 - 1
  expect(await post('{"kind":"plan"}', named('job-1'))).toMatchObject({ replayed: 'true' })
  hours = 7 * 24 + 1
  expect(await post('{"kind":"plan"}', named('job-1'))).toMatchObject({ replayed: null })
})

test('the answers outlive the gateway', async () => {
  const first = await post('{"kind":"plan"}', named('job-1'))
  const next = await startGateway({ folder: gateway.folder })
  const again = await post('{"kind":"plan"}', named('job-1'), next)
  expect(JSON.parse(again.text)).toMatchObject({ id: objectIn(JSON.parse(first.text))['id'] })
  expect(again.replayed).toBe('true')
  await next.close()
})

test('a repeat finds the run of a gateway that was killed before it could answer', async () => {
  const first = await post('{"kind":"plan"}', named('job-1'))
  const { id } = objectIn(JSON.parse(first.text))
  losesAnswers()
  const next = await startGateway({ folder: gateway.folder })
  const again = await post('{"kind":"plan"}', named('job-1'), next)
  expect(again).toMatchObject({ status: 200, replayed: null })
  expect(JSON.parse(again.text)).toMatchObject({ id })
  expect(jobs(next)).toBe(1)
  await next.close()
})

test('a run that was resumed, and is over, is not resumed once more', async () => {
  const source = join(gateway.folder, 'stock.csv')
  renameSync(source, `${source}.away`)
  const { text } = await post('{}', {})
  const resume = `/v1/runs/${String(objectIn(JSON.parse(text))['id'])}/resume`
  renameSync(`${source}.away`, source)
  const asked = { headers: { ...named('r'), prefer: 'wait=20' } }
  expect(await (await gateway.call(key, 'POST', resume, asked)).json()).toMatchObject({ state: 'succeeded' })
  const before = jobs()
  losesAnswers()
  const next = await startGateway({ folder: gateway.folder })
  expect(await (await next.call(key, 'POST', resume, asked)).json()).toMatchObject({ state: 'succeeded' })
  expect(jobs(next)).toBe(before)
  await next.close()
})

test('a claim whose gateway was killed before the effect works anew', async () => {
  await post('{"kind":"plan"}', named('job-1'))
  losesAnswers()
  gateway.sql.of('DELETE FROM job').run()
  const next = await startGateway({ folder: gateway.folder })
  expect(await post('{"kind":"plan"}', named('job-1'), next)).toMatchObject({ status: 200, replayed: null })
  expect(jobs(next)).toBe(1)
  await next.close()
})

test('what broke off is worked on again with the same key, under the same claim', async () => {
  const claims: unknown[] = []
  const broken: Handler = ({ claim }) => {
    claims.push(claim?.id)
    return claims.length === 1
      ? Promise.reject(new Error('out of order'))
      : Promise.resolve({ status: 200, content: { json: { done: true } } })
  }
  const faulty = await startGateway({ handlers: { startRun: broken } })
  const by = faulty.key()
  expect(await post('{}', named('a'), faulty, by)).toMatchObject({ status: 500 })
  expect(await post('{"other":1}', named('a'), faulty, by)).toMatchObject({ status: 422 })
  expect(await post('{}', named('a'), faulty, by)).toMatchObject({ status: 200, replayed: null })
  expect(claims[1]).toBe(claims[0])
  await faulty.close()
})
