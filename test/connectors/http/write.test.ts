import { Decimal } from '../../../shared/core/record/decimal'
import type { DataRecord } from '../../../shared/core/record/value'
import type { SyncMode } from '../../../shared/core/connector'
import { startFaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { faultOf, open, products, writeAll } from './connect'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function writing(api: FaultyApiOptions, write: DataRecord, mode: SyncMode = 'upsert') {
  const server = await startFaultyApi(api)
  const { connection, traffic, target, clock } = await open({ baseUrl: server.url })
  opened.push(connection, server)
  return { server, traffic, clock, target: await target(write, mode) }
}

const BATCH = {
  path: '/items/batch',
  wrap: '/items',
  results: { at: '/results', status: 'status', id: 'key' },
}
const BY_KEY = { ...BATCH, results: { at: '/results', status: 'status', match: 'id', id: 'key' } }
const outcomes = (answers: readonly { outcome: string }[]) => answers.map(({ outcome }) => outcome)

describe('a batch', () => {
  test('goes as one request and comes back as one answer per record', async () => {
    const [first = {}, ...rest] = products(3)
    const { target, server, traffic } = await writing({ records: [first] }, BATCH)
    expect(outcomes(await writeAll(target, [first, ...rest]))).toEqual(['updated', 'created', 'created'])
    expect(server.records).toEqual(products(3))
    expect(traffic.calls).toBe(1)
  })

  test('answers 207 with a status for each record are understood without a word', async () => {
    const { target } = await writing({}, { path: '/items/batch', wrap: '/items' })
    expect(outcomes(await writeAll(target, products(2)))).toEqual(['created', 'created'])
  })

  test("records refused one by one carry the service's code and message", async () => {
    const poison = ({ sku }: DataRecord) => (sku === 'P0002' ? 'quantity is too high' : undefined)
    const { target } = await writing({ poison }, BATCH)
    const answers = await writeAll(target, products(3))
    expect(outcomes(answers)).toEqual(['created', 'rejected', 'created'])
    expect(answers[1]).toMatchObject({ outcome: 'rejected', code: 'RECORD_REFUSED' })
    expect(JSON.stringify(answers[1])).toContain('POISON: quantity is too high')
  })

  test('words instead of statuses: known ones by themselves, others as declared', async () => {
    const poison = ({ sku }: DataRecord) => (sku === 'P0002' ? 'no' : undefined)
    const silent = await writing({ results: 'words', poison }, BATCH)
    expect(outcomes(await writeAll(silent.target, products(2)))).toEqual(['created', 'unknown'])
    const declared = await writing(
      { results: 'words', poison },
      { ...BATCH, results: { ...BATCH.results, ok: ['created'] } },
    )
    expect(outcomes(await writeAll(declared.target, products(2)))).toEqual(['created', 'rejected'])
  })

  test.each([
    ['nothing to go by', { results: 'none' }, BATCH],
    ['nothing to go by, undeclared', { results: 'none' }, { path: '/items/batch', wrap: '/items' }],
    ['an unknown body', { fault: () => ({ do: 'unknown body' }) as const }, BATCH],
    ['fewer results', { fault: () => ({ do: 'shorter' }) as const }, BATCH],
    ['more results', { fault: () => ({ do: 'longer' }) as const }, BATCH],
  ] as const)('an answer with %s is unknown, never success', async (_, api, write) => {
    const { target } = await writing(api, write)
    expect(outcomes(await writeAll(target, products(3)))).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test.each([
    ['reordered', 'reversed', ['rejected', 'created', 'created']],
    ['with one missing', 'shorter', ['rejected', 'created', 'unknown']],
    ['with one twice', 'longer', ['unknown', 'created', 'created']],
  ] as const)('results %s are matched by key', async (_, disorder, expected) => {
    const poison = ({ sku }: DataRecord) => (sku === 'P0001' ? 'no' : undefined)
    const { target } = await writing({ poison, fault: () => ({ do: disorder }) }, BY_KEY)
    expect(outcomes(await writeAll(target, products(3)))).toEqual(expected)
  })

  test('`results: all` takes a 2xx for all, but not a 207', async () => {
    const plain = await writing({ results: 'none' }, { ...BATCH, results: 'all' })
    expect(outcomes(await writeAll(plain.target, products(2)))).toEqual(['created', 'created'])
    expect(outcomes(await writeAll(plain.target, products(2), 'upsert', true))).toEqual([
      'updated',
      'updated',
    ])
    const poison = () => 'no'
    const mixed = await writing({ poison }, { ...BATCH, results: 'all' })
    expect(outcomes(await writeAll(mixed.target, products(2)))).toEqual(['rejected', 'rejected'])
  })

  test('a word or status that does not tell new from known: new, unless the core knows better', async () => {
    const accepted = (results: DataRecord[]) => () =>
      ({ do: 'answer', status: 200, body: { results } }) as const
    const ok = { ...BATCH, results: { ...BATCH.results, ok: ['success'] } }
    const words = await writing({ fault: accepted([{ status: 'success' }, { status: 'success' }]) }, ok)
    expect(await writeAll(words.target, products(2))).toEqual([
      { outcome: 'created', assumed: true },
      { outcome: 'created', assumed: true },
    ])
    expect(outcomes(await writeAll(words.target, products(2), 'upsert', true))).toEqual([
      'updated',
      'updated',
    ])
    const statuses = await writing(
      { fault: accepted([{ status: 201 }, { status: 200 }, { status: 202 }]) },
      BATCH,
    )
    expect(await writeAll(statuses.target, products(3))).toEqual([
      { outcome: 'created' },
      { outcome: 'updated' },
      { outcome: 'created', assumed: true },
    ])
  })

  test('a record that is to come again later is not refused', async () => {
    const body = { results: [{ status: 200 }, { status: 429 }, { status: 503 }] }
    const { target } = await writing({ fault: () => ({ do: 'answer', status: 207, body }) }, BATCH)
    expect(outcomes(await writeAll(target, products(3)))).toEqual(['updated', 'retry', 'retry'])
  })

  test('a record that is not there, or is another one by now, is told apart from one that is refused', async () => {
    const body = { results: [{ status: 404 }, { status: 409 }, { status: 412 }, { status: 422 }] }
    const { target } = await writing({ fault: () => ({ do: 'answer', status: 207, body }) }, BATCH)
    expect(await writeAll(target, products(4))).toMatchObject([
      { outcome: 'rejected', code: 'RECORD_NOT_THERE', message: expect.stringContaining('404') as unknown },
      { outcome: 'rejected', code: 'RECORD_CONFLICT', message: expect.stringContaining('409') as unknown },
      { outcome: 'rejected', code: 'RECORD_CONFLICT', message: expect.stringContaining('412') as unknown },
      { outcome: 'rejected', code: 'RECORD_REFUSED' },
    ])
  })

  test('numbers arrive with all their digits, in a batch and alone', async () => {
    const json = '{"sku":"a","n":12345678901234567890.10}'
    const record = { sku: 'a', n: Decimal.ofDigits('12345678901234567890.10') }
    for (const [stream, body] of [
      [BATCH, `{"items":[${json}]}`],
      [{ ...BATCH, batch: false }, json],
    ] as const) {
      const { target, server } = await writing({}, stream)
      await writeAll(target, [record])
      expect(server.requests[0]?.body).toBe(body)
    }
  })
})

describe('a batch that is refused as a whole', () => {
  test.each([
    [422, 'BATCH_REFUSED', 'bisect'],
    [400, 'BATCH_REFUSED', 'bisect'],
    [409, 'BATCH_REFUSED', 'bisect'],
    [413, 'BATCH_TOO_LARGE', 'bisect'],
    [401, 'UNAUTHORIZED', 'stop'],
    [403, 'FORBIDDEN', 'stop'],
    [404, 'PATH_UNKNOWN', 'stop'],
    [429, 'RATE_LIMITED', 'wait'],
    [503, 'UPSTREAM_ERROR', 'wait'],
  ] as const)('%i: %s, %s', async (status, code, then) => {
    const { target, server } = await writing({ fault: () => ({ do: 'answer', status }) }, BATCH)
    expect(await faultOf(writeAll(target, products(3)))).toMatchObject({ code, then })
    expect(server.records).toEqual([])
  })

  test.each([500, 502, 504])(
    '%i: a service that cannot be asked twice may have written: verify',
    async (status) => {
      const { target, traffic } = await writing({ fault: () => ({ do: 'answer', status }) }, BATCH)
      expect(await faultOf(writeAll(target, products(3)))).toMatchObject({
        code: 'RESPONSE_LOST',
        then: 'verify',
      })
      expect(traffic.calls).toBe(1)
    },
  )

  test('poison in the batch, refused with its reason', async () => {
    const poison = ({ sku }: DataRecord) => (sku === 'P0002' ? 'quantity is too high' : undefined)
    const { target } = await writing({ poison, refuses: 'batch' }, { ...BATCH, atomic: true })
    expect(target.abilities.atomic).toBe(true)
    const fault = await faultOf(writeAll(target, products(3)))
    expect(fault.detail).toContain('quantity is too high')
  })
})

describe('a lost answer', () => {
  const once = (call: { number: number }) =>
    call.number === 1 ? ({ do: 'lose answer' } as const) : undefined

  test('is told as such: the effect is there, and nothing was sent twice', async () => {
    const { target, server } = await writing({ fault: once }, BATCH)
    expect(await faultOf(writeAll(target, products(2)))).toMatchObject({
      code: 'RESPONSE_LOST',
      then: 'verify',
    })
    expect(server.records).toEqual(products(2))
    expect(server.requests).toHaveLength(1)
  })

  test('with an idempotency key the same batch may come again and has its first answer', async () => {
    const { target, server } = await writing(
      { fault: once },
      { ...BATCH, idempotency: { header: 'Idempotency-Key' } },
    )
    await faultOf(writeAll(target, products(2)))
    expect(outcomes(await writeAll(target, products(2)))).toEqual(['created', 'created'])
    expect([...server.writes.values()]).toEqual([1, 1])
  })

  test('the target can be read back', async () => {
    const { target } = await writing({ fault: once }, { ...BATCH, lookup: { path: '/items/{sku}' } })
    await faultOf(writeAll(target, products(2)))
    const keys = [{ sku: 'P0002' }, { sku: 'P0009' }]
    expect(await target.lookup?.(keys, new AbortController().signal)).toEqual([products(2)[1], undefined])
  })
})

describe('one request per record', () => {
  const PUT = { path: '/items/{sku}', method: 'PUT', delete: { method: 'DELETE' } }

  test('statuses are answers', async () => {
    const poison = ({ sku }: DataRecord) => (sku === 'P0002' ? 'no' : undefined)
    const { target, server } = await writing({ records: products(1), poison }, PUT)
    expect(outcomes(await writeAll(target, products(3)))).toEqual(['updated', 'rejected', 'created'])
    expect(outcomes(await writeAll(target, products(4).slice(2), 'delete'))).toEqual(['deleted', 'skipped'])
    expect(server.records).toEqual(products(1))
  })

  const answering = (body: unknown) => ({ fault: () => ({ do: 'answer', status: 200, body }) as const })

  test.each([
    [{ result: 'OK' }, 'updated'],
    [[{ result: 'OK' }], 'updated'],
    [{ result: 'FAILED', message: 'locked' }, 'rejected'],
    [{ data: {} }, 'updated'],
    [{ errors: [{ message: 'locked' }], data: null }, 'unknown'],
  ])('a declared status in the body counts, and an error that comes with 200: %j', async (body, outcome) => {
    const { target } = await writing(
      answering(body),
      { ...PUT, results: { status: 'result', ok: 'OK' } },
      'update-only',
    )
    expect(outcomes(await writeAll(target, products(1), 'update'))).toEqual([outcome])
  })

  test.each([
    [{ error: '', errors: [] }, 'updated'],
    [{ error: 'the database is locked' }, 'unknown'],
  ])('without a declaration it is the status, unless an error is told: %j', async (body, outcome) => {
    const { target } = await writing(answering(body), PUT)
    expect(outcomes(await writeAll(target, products(1)))).toEqual([outcome])
    const all = await writing(answering(body), { results: 'all' }, 'update-only')
    expect(outcomes(await writeAll(all.target, products(2), 'update'))).toEqual([outcome, outcome])
  })

  test('values in the path cannot leave it', async () => {
    const { target, server } = await writing({}, PUT)
    await writeAll(target, [{ sku: '../a/b?c#d' }])
    expect(server.records).toEqual([{ sku: '../a/b?c#d' }])
  })

  test('insert-only and update-only skip by what the service answers', async () => {
    const insert = await writing({ records: products(1) }, { path: '/items', batch: false }, 'insert-only')
    expect(await writeAll(insert.target, products(2), 'insert')).toEqual([
      { outcome: 'skipped', reason: 'exists' },
      { outcome: 'created' },
    ])
    const update = await writing(
      { records: products(1) },
      { path: '/items/{sku}', method: 'PATCH' },
      'update-only',
    )
    expect(await writeAll(update.target, products(2), 'update')).toEqual([
      { outcome: 'updated' },
      { outcome: 'skipped', reason: 'absent' },
    ])
  })

  test('an outage in the middle: what was answered stays answered, the rest comes again', async () => {
    const fault = (call: { body: string }) =>
      call.body.includes('P0003') ? ({ do: 'answer', status: 429 } as const) : undefined
    const { target } = await writing({ fault }, { ...PUT })
    const answers = outcomes(await writeAll(target, products(3)))
    expect(answers).toEqual(['created', 'created', 'retry'])
  })

  test('refused credentials stop at once', async () => {
    const { target, server } = await writing({ auth: () => false }, PUT)
    expect((await faultOf(writeAll(target, products(100)))).code).toBe('UNAUTHORIZED')
    expect(server.requests.length).toBeLessThan(10)
  })
})

test('deletes have to be declared; in a batch they go to their own path', async () => {
  const { target, server } = await writing(
    { records: products(3) },
    { ...BATCH, delete: { path: '/items/batch', query: { mode: 'delete' } } },
  )
  expect(outcomes(await writeAll(target, products(2), 'delete'))).toEqual(['deleted', 'deleted'])
  expect(server.records).toEqual(products(3).slice(2))
  const other = await writing({}, BATCH)
  expect((await faultOf(writeAll(other.target, products(1), 'delete'))).code).toBe('OPERATION_NOT_DECLARED')
})

test.each([
  ['a POST', {}, 'doubles'],
  ['a declared upsert', { upsert: { method: 'POST' } }, 'harmless'],
  ['a PUT by key', { method: 'PUT', path: '/items/{sku}' }, 'harmless'],
  ['an idempotency key', { idempotency: { header: 'Idempotency-Key' } }, 'replayed'],
])('what happens when %s arrives twice: %j is told from the declaration', async (_, write, repeat) => {
  const { target } = await writing({}, write)
  expect(target.abilities.repeat).toBe(repeat)
})

test('a service that allows few calls is not run into: it says what is left, and the connection waits', async () => {
  for (const form of ['draft-10', 'draft-03', 'delta', 'retry-after'] as const) {
    let refused = 0
    let left = 3
    const fault = () => {
      left--
      const over = left < 0
      if (over) refused++
      const told: Record<typeof form, Record<string, string>> = {
        'draft-10': { ratelimit: `"calls";r=${Math.max(0, left)};t=5` },
        'draft-03': { 'ratelimit-remaining': String(Math.max(0, left)), 'ratelimit-reset': '5' },
        delta: { 'x-ratelimit-remaining': String(Math.max(0, left)), 'x-ratelimit-reset': '5' },
        'retry-after': over ? { 'retry-after': '5' } : {},
      }
      if (left <= 0) left = 3
      return {
        do: 'answer',
        status: over ? 429 : 200,
        headers: told[form],
        body: { results: [{ status: 201 }] },
      } as const
    }
    const { target, clock } = await writing({ fault }, BATCH)
    for (const record of products(8)) expect(outcomes(await writeAll(target, [record]))).toEqual(['created'])
    expect(refused).toBe(0)
    if (form !== 'retry-after') expect(clock.slept.filter((ms) => ms > 4000)).not.toHaveLength(0)
  }
})
