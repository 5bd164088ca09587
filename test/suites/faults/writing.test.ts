import { startFaultyApi, type Fault, type FaultyApi, type FaultyApiOptions } from '../../support/faulty-api'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { codesOf, fastClock, FaultBench, stock, TOO_LATE_MS, type Ran } from './bench'

/**
 * What a service may do to us while it is written to, through the whole engine. In every scenario ten records go out in
 * two batches, and after the trouble the same workflow is started once more: then the service holds exactly the ten.
 */
const clients = ['axios', 'undici'] as const

/** The service knows a batch by its key. */
const keyed: DataRecord = {
  path: '/items/batch',
  results: { at: '/results', status: 'status', match: 'id', id: 'key', message: 'message' },
  idempotency: { header: 'Idempotency-Key' },
  atomic: true,
}
/** The service would write again, but can be asked. */
const asked: DataRecord = {
  path: '/items/batch',
  query: { mode: 'insert' },
  results: { at: '/results', status: 'status', match: 'id', id: 'key' },
  atomic: true,
  lookup: { path: '/items', list: 'ids', records: '/items' },
}

interface Scenario {
  title: string
  /** What goes wrong with write call `n`, from 1. */
  fault: (n: number) => Fault | undefined
  write?: DataRecord
  api?: FaultyApiOptions
  sync?: DataRecord
  /** Of the first run. */
  outcomes: string
  codes?: string[]
  /** Records that stay refused however often they are sent. */
  refused?: number
}

const seconds = (ms: number) => String(Math.ceil(ms / 1000))
const tooMany = (headers: () => Record<string, string>) =>
  once(() => ({ do: 'answer', status: 429, headers: headers() }))
const answering = (status: number) => once(() => ({ do: 'answer', status }))

/** Only the second write call. */
function once(fault: () => Fault): (n: number) => Fault | undefined {
  return (n) => (n === 2 ? fault() : undefined)
}

const passing: Scenario[] = [
  { title: '429, Retry-After in seconds', fault: tooMany(() => ({ 'retry-after': '7' })) },
  {
    title: '429, Retry-After as a date',
    fault: tooMany(() => ({ 'retry-after': new Date(fastClock.now() + 8000).toUTCString() })),
  },
  {
    title: '429, RateLimit (draft 10)',
    fault: tooMany(() => ({ ratelimit: '"calls";r=0;t=7', 'ratelimit-policy': '"calls";q=100;w=60' })),
  },
  {
    title: '429, RateLimit-* (draft 03)',
    fault: tooMany(() => ({ 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '7' })),
  },
  {
    title: '429, X-RateLimit-* with seconds since 1970',
    fault: tooMany(() => ({
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': seconds(fastClock.now() + 7000),
    })),
  },
].map((scenario) => ({ ...scenario, outcomes: 'created 10' }))

const recovering: Scenario[] = [
  { title: '429 without a word', fault: tooMany(() => ({})) },
  { title: '503 once', fault: answering(503) },
  { title: '500 once, the batch has a key', fault: answering(500) },
  { title: '500 once, the service can be asked', fault: answering(500), write: asked },
  { title: 'the connection is reset, the batch has a key', fault: once(() => ({ do: 'reset' })) },
  {
    title: 'the connection is reset, the service can be asked',
    fault: once(() => ({ do: 'reset' })),
    write: asked,
  },
  { title: 'the answer is cut off, the batch has a key', fault: once(() => ({ do: 'truncate' })) },
  {
    title: 'the answer is cut off, the service can be asked',
    fault: once(() => ({ do: 'truncate' })),
    write: asked,
  },
  { title: 'the answer never comes, the batch has a key', fault: once(() => ({ do: 'lose answer' })) },
  {
    title: 'the answer never comes, the service can be asked',
    fault: once(() => ({ do: 'lose answer' })),
    write: asked,
  },
  { title: 'the answer comes too late', fault: once(() => ({ do: 'slow', ms: 2 * TOO_LATE_MS })) },
  { title: 'results in another order', fault: once(() => ({ do: 'reversed' })) },
].map((scenario) => ({ ...scenario, outcomes: 'created 10' }))

const stopping: Scenario[] = [
  {
    title: 'an outage that lasts',
    fault: (n) => (n > 1 ? { do: 'answer', status: 503 } : undefined),
    sync: { retry: { attempts: 1 } },
    outcomes: 'created 5, unprocessed 5',
    codes: ['UPSTREAM_ERROR'],
  },
  {
    title: 'answers that never come again',
    fault: (n) => (n > 1 ? { do: 'lose answer' } : undefined),
    sync: { retry: { attempts: 3 } },
    outcomes: 'created 5, unprocessed 5',
    codes: ['RESPONSE_LOST'],
  },
  {
    title: 'a web page with status 200',
    fault: once(() => ({ do: 'html' })),
    outcomes: 'created 5, unprocessed 5',
    codes: ['HTML_ANSWER'],
  },
  {
    title: 'a login page',
    fault: once(() => ({ do: 'html', page: '<html><title>Sign in</title><input type="password"></html>' })),
    outcomes: 'created 5, unprocessed 5',
    codes: ['LOGIN_PAGE'],
  },
  {
    title: '401 for credentials that cannot be renewed',
    fault: (n) => (n > 1 ? { do: 'answer', status: 401 } : undefined),
    outcomes: 'created 5, unprocessed 5',
    codes: ['UNAUTHORIZED'],
  },
  {
    title: '403',
    fault: (n) => (n > 1 ? { do: 'answer', status: 403 } : undefined),
    outcomes: 'created 5, unprocessed 5',
    codes: ['FORBIDDEN'],
  },
]

const doubtful: Scenario[] = [
  {
    title: 'a body that nobody understands',
    fault: once(() => ({ do: 'unknown body' })),
    outcomes: 'created 5, unknown 5',
    codes: ['OUTCOME_UNKNOWN'],
  },
  {
    title: 'one result too few',
    fault: once(() => ({ do: 'shorter' })),
    outcomes: 'created 9, unknown 1',
    codes: ['OUTCOME_UNKNOWN'],
  },
  {
    title: 'one result too few, matched by place',
    fault: once(() => ({ do: 'shorter' })),
    write: { ...keyed, results: { at: '/results', status: 'status' } },
    outcomes: 'created 5, unknown 5',
    codes: ['OUTCOME_UNKNOWN'],
  },
]

const places: [string, number[]][] = [
  ['the first', [1]],
  ['one in the middle', [4]],
  ['the last', [10]],
  ['three', [2, 3, 9]],
  ['all', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
]
const poisoned: Scenario[] = (['record', 'batch'] as const).flatMap((refuses) =>
  places.map(([where, bad]) => ({
    title: `${where} refused ${refuses === 'record' ? 'one by one' : 'with the whole batch'}`,
    fault: () => undefined,
    api: {
      refuses,
      poison: ({ sku }) => (bad.includes(Number(textOf(sku).slice(1))) ? 'unknown unit' : undefined),
    },
    outcomes: bad.length === 10 ? 'rejected 10' : `created ${10 - bad.length}, rejected ${bad.length}`,
    codes: [refuses === 'record' ? 'RECORD_REFUSED' : 'BATCH_REFUSED'],
    refused: bad.length,
  })),
)

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function run(
  scenario: Scenario,
  client: string,
): Promise<{ first: Ran; later: Ran; api: FaultyApi; at: number[] }> {
  const { fault, write = keyed, sync = {} } = scenario
  let writes = 0
  let healed = false
  const at: number[] = []
  const api = await startFaultyApi({
    idempotency: write === keyed ? 'honoured' : 'ignored',
    ...scenario.api,
    fault: ({ method }) => {
      if (method === 'GET' || healed) return undefined
      at.push(fastClock.elapsed())
      return fault(++writes)
    },
  })
  const bench = await FaultBench.open({
    direction: 'in',
    records: stock(10),
    api: { baseUrl: api.url, client, timeoutMs: TOO_LATE_MS, streams: { stock: { write } } },
    sync: { ...(write === asked ? { mode: 'insert-only' } : {}), ...sync },
  })
  opened.push(bench, api)
  const first = await bench.sync()
  healed = true
  return { first, later: await bench.sync(), api, at }
}

function skusOf(api: FaultyApi): string[] {
  return api.records.map(({ sku }) => textOf(sku)).sort()
}

const skus = stock(10).map(({ sku }) => textOf(sku))

describe.each(clients)('written with %s', (client) => {
  test.each(named(passing))('%s: waited for as long as was asked', async (_, scenario) => {
    const { first, api, at } = await run(scenario, client)
    expect([first.outcomes, first.receipt.status, codesOf(first)]).toEqual(['created 10', 'succeeded', []])
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(6500)
    expect(first.receipt.traffic.retries).toBe(1)
    expect([skusOf(api), [...api.writes.values()]]).toEqual([skus, skus.map(() => 1)])
  })

  test.each(named(recovering))('%s: everything arrives, once', async (_, scenario) => {
    const { first, later, api } = await run(scenario, client)
    expect([first.outcomes, first.receipt.status, codesOf(first)]).toEqual([
      scenario.outcomes,
      'succeeded',
      [],
    ])
    expect(later.outcomes).toBe('unchanged 10')
    expect([skusOf(api), [...api.writes.values()]]).toEqual([skus, skus.map(() => 1)])
  })

  test.each(named(stopping))('%s: ends the run and blames no record', async (_, scenario) => {
    const { first, later, api } = await run(scenario, client)
    expect([first.outcomes, first.receipt.status, codesOf(first)]).toEqual([
      scenario.outcomes,
      'failed',
      scenario.codes,
    ])
    expect(later.receipt).toMatchObject({ run: first.receipt.run, attempts: 2, status: 'succeeded' })
    expect(later.outcomes).toBe('created 10')
    expect([skusOf(api), [...api.writes.values()]]).toEqual([skus, skus.map(() => 1)])
  })

  test.each(named(doubtful))('%s: unknown, never success, and sent again', async (_, scenario) => {
    const { first, later, api } = await run(scenario, client)
    expect([first.outcomes, first.receipt.status, codesOf(first)]).toEqual([
      scenario.outcomes,
      'exceptions',
      scenario.codes,
    ])
    expect(later.receipt.status).toBe('succeeded')
    expect(skusOf(api)).toEqual(skus)
  })

  test.each(named(poisoned))('%s: found exactly, the others arrive', async (_, scenario) => {
    const { first, later, api } = await run(scenario, client)
    expect([first.outcomes, first.receipt.status, codesOf(first)]).toEqual([
      scenario.outcomes,
      'exceptions',
      scenario.codes,
    ])
    for (const { message } of first.failures) expect(message).toContain('unknown unit')
    expect([...api.writes.values()]).toEqual(skusOf(api).map(() => 1))
    const { refused = 0 } = scenario
    expect(skusOf(api)).toHaveLength(10 - refused)
    expect(later.receipt.outcomes.rejected.count).toBe(refused)
  })
})

function named(scenarios: readonly Scenario[]): [string, Scenario][] {
  return scenarios.map((scenario) => [scenario.title, scenario])
}
