import { startFaultyApi, type Fault } from '../../support/faulty-api'
import { codesOf, FaultBench, stock, TOO_LATE_MS } from './bench'

/** What a service may do to us while it is read, through the whole engine: three pages of ten records into a file. */
const clients = ['axios', 'undici'] as const
const records = stock(30)
const read = {
  path: '/items',
  records: '/items',
  total: '/total',
  paging: { type: 'page', size: 10, sizeParameter: 'limit' },
}

type Faults = (page: number, call: number) => Fault | undefined

/** The second page, the first time that it is asked for. */
const once = (fault: Fault) => {
  let met = false
  return (page: number) => {
    if (page !== 2 || met) return undefined
    met = true
    return fault
  }
}
const always = (fault: Fault) => (page: number) => (page === 2 ? fault : undefined)

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

async function reading(client: string, fault: Faults, sync = {}) {
  let healed = false
  const api = await startFaultyApi({
    records,
    pageSize: 10,
    fault: ({ url, number }) => (healed ? undefined : fault(Number(url.searchParams.get('page')), number)),
  })
  const bench = await FaultBench.open({
    direction: 'out',
    api: { baseUrl: api.url, client, timeoutMs: TOO_LATE_MS, streams: { stock: { read } } },
    sync: { checkpointEvery: 10, batch: 10, ...sync },
  })
  opened.push(bench, api)
  const heal = () => {
    healed = true
  }
  return { bench, heal }
}

describe.each(clients)('read with %s', (client) => {
  test.each<[string, () => Faults]>([
    ['429', () => once({ do: 'answer', status: 429, headers: { 'retry-after': '3' } })],
    ['503', () => once({ do: 'answer', status: 503 })],
    ['500', () => once({ do: 'answer', status: 500 })],
    ['a reset connection', () => once({ do: 'reset' })],
    ['a page that is cut off', () => once({ do: 'truncate' })],
    ['an answer that never comes', () => once({ do: 'lose answer' })],
    ['a page that comes too late', () => once({ do: 'slow', ms: 2 * TOO_LATE_MS })],
  ])('%s: the page is asked for again', async (_, fault) => {
    const { bench } = await reading(client, fault())
    const ran = await bench.sync()
    expect([ran.outcomes, ran.receipt.status, codesOf(ran)]).toEqual(['created 30', 'succeeded', []])
    expect(ran.receipt.traffic.retries).toBe(1)
    expect(bench.content).toEqual(records)
  })

  test.each<[string, string, () => Faults]>([
    ['a web page', 'HTML_ANSWER', () => always({ do: 'html' })],
    ['a body without records', 'ANSWER_UNREADABLE', () => always({ do: 'unknown body' })],
    ['401', 'UNAUTHORIZED', () => always({ do: 'answer', status: 401 })],
    ['404', 'PATH_UNKNOWN', () => always({ do: 'answer', status: 404 })],
    ['pages that are always cut off', 'CONNECTION_LOST', () => always({ do: 'truncate' })],
    ['pages that always come too late', 'ANSWER_TIMEOUT', () => always({ do: 'slow', ms: 2 * TOO_LATE_MS })],
  ])('%s: %s ends the run, the next start goes on from there', async (_, code, fault) => {
    const { bench, heal } = await reading(client, fault())
    const first = await bench.sync()
    expect([first.receipt.status, codesOf(first)]).toEqual(['failed', [code]])
    expect(bench.content).toEqual([])
    heal()
    const later = await bench.sync()
    expect(later.receipt).toMatchObject({ run: first.receipt.run, attempts: 2 })
    expect([later.outcomes, later.receipt.status]).toEqual(['created 30', 'succeeded'])
    expect(bench.content).toEqual(records)
  })

  test('a listing that ends too soon deletes nothing from the mirror', async () => {
    const { bench, heal } = await reading(client, () => undefined, { mode: 'mirror' })
    await bench.sync()
    heal()
    const api = await startFaultyApi({ records: records.slice(0, 29), pageSize: 10, total: 30 })
    const short = await FaultBench.open({
      direction: 'out',
      api: { baseUrl: api.url, client, streams: { stock: { read } } },
      sync: { mode: 'mirror' },
      records,
    })
    opened.push(short, api)
    const ran = await short.sync()
    expect([ran.outcomes, ran.receipt.status]).toEqual(['unchanged 29, skipped 1', 'held'])
    expect(ran.receipt.held?.reason).toContain('30')
    expect(short.content).toEqual(records)
  })
})
