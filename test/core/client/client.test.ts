// The client against a gateway that is really there, over the http port as Node has it.
/* eslint-disable @typescript-eslint/no-unsafe-type-assertion -- matchers have no type */
import { nodePorts } from '../../../shared/adapters/ports'
import { GatewayFault } from '../../../shared/core/client/answered'
import { GatewayClient, type ClientOptions } from '../../../shared/core/client/client'
import type { HttpClient, HttpResponse } from '../../../shared/core/ports'
import { startGateway, type TestGateway } from '../../support/gateway'

const ports = nodePorts('.', () => undefined)
const http = ports.http.open({ proxy: 'none' })
let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway()
  key = gateway.key()
})
afterAll(async () => {
  await gateway.close()
  await http.close()
})

function client(options: Partial<ClientOptions> = {}): GatewayClient {
  return new GatewayClient({ url: gateway.url, http, ports, auth: { by: 'key', key }, ...options })
}

function csv(rows: number): () => AsyncIterable<Uint8Array> {
  const encode = new TextEncoder()
  return async function* () {
    yield encode.encode('sku,quantity\n')
    for (let row = 1; row <= rows; row++) yield await Promise.resolve(encode.encode(`S${row},${row}\n`))
  }
}

test('one call, one job: a file goes up in pieces, the run is followed, its files come down', async () => {
  const tieout = client()
  const { id } = await tieout.upload(
    'uploadRecords',
    { workflow: 'stock', Prefer: 'respond-async' },
    { mediaType: 'text/csv', body: csv(3000) },
  )
  const seen: string[] = []
  const run = await tieout.followRun(id, { seen: ({ state }) => seen.push(state) })
  expect(run).toMatchObject({ state: 'succeeded', outcomes: { created: 3000 } })
  expect(seen.at(-1)).toBe('succeeded')

  const { bytes } = await tieout.download('getRunFile', { run: id, outcome: 'ok' }, 'text/csv')
  let lines = 0
  for await (const chunk of bytes) lines += Buffer.from(chunk).toString().split('\n').length - 1
  expect(lines).toBe(3001)
})

test('parameters go where the contract wants them, and what is asked for in pages comes whole', async () => {
  const tieout = client()
  for (let i = 0; i < 3; i++)
    await tieout.followRun((await tieout.call('startRun', { workflow: 'stock', body: { kind: 'plan' } })).id)
  const plans: string[] = []
  for await (const { id, kind } of tieout.items('listRuns', { kind: 'plan', limit: 2 })) {
    expect(kind).toBe('plan')
    plans.push(id)
  }
  expect(plans).toHaveLength(3)
})

test('events come from a cursor on, as they happen', async () => {
  const tieout = client()
  const run = await tieout.call('startRun', { workflow: 'stock' })
  const cursors: (string | undefined)[] = []
  for await (const page of tieout.events()) {
    cursors.push(page.next)
    if (page.items.some((event) => event.run === run.id)) break
  }
  expect(cursors.at(-1)).toBeDefined()
})

test('what the gateway refuses is a fault with its code, its words and the id to ask for', async () => {
  const fault = await client()
    .call('startRun', { workflow: 'stok' })
    .catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(GatewayFault)
  expect(fault).toMatchObject({
    code: 'WORKFLOW_UNKNOWN',
    problem: { status: 404, retryable: 'after-change', requestId: expect.stringMatching(/^req_/) as string },
  })
})

describe('says who calls', () => {
  test('by name and secret, and by a token that is asked for once', async () => {
    const { secret } = await gateway.issue.secret({
      client: 'acme',
      scopes: ['runs:read'],
      workflows: 'all',
      addresses: [],
    })
    const basic = client({ auth: { by: 'basic', client: 'acme', secret } })
    expect(await basic.call('getCaller', {})).toMatchObject({ client: 'acme', method: 'basic' })
    let tokens = 0
    const counting: HttpClient = {
      ...http,
      send: (request) => {
        if (request.url.endsWith('/oauth/token')) tokens++
        return http.send(request)
      },
    }
    const token = client({ http: counting, auth: { by: 'token', client: 'acme', secret } })
    expect(await token.call('getCaller', {})).toMatchObject({ client: 'acme', method: 'token' })
    await token.call('listWorkflows', {})
    expect(tokens).toBe(1)
  })
})

describe('tries again', () => {
  /** Something on the way that loses or spoils some of the exchanges: no server does that when asked to. */
  function spoiled(...spoil: ((answer: HttpResponse) => HttpResponse)[]): {
    http: HttpClient
    keys: string[]
  } {
    const keys: string[] = []
    return {
      keys,
      http: {
        ...http,
        send: async (request) => {
          keys.push(request.headers?.['idempotency-key'] ?? '')
          const answer = await http.send(request)
          return (spoil.shift() ?? ((same) => same))(answer)
        },
      },
    }
  }
  const retry = { attempts: 4, forMs: 10_000, firstMs: 1, mostMs: 2 }
  const badGateway = (answer: HttpResponse): HttpResponse => ({
    ...answer,
    status: 502,
    body: new TextEncoder().encode('<h1>Bad Gateway</h1>'),
  })

  test('what a proxy spoiled, with the same idempotency key, so that it has its effect once', async () => {
    const way = spoiled(badGateway, badGateway)
    const before = await runs()
    const run = await client({ http: way.http, retry }).call('startRun', {
      workflow: 'stock',
      body: { kind: 'plan' },
    })
    expect(way.keys).toHaveLength(3)
    expect(new Set(way.keys).size).toBe(1)
    expect(await runs()).toEqual([run.id, ...before])
  })

  test('not what only a change can help', async () => {
    const way = spoiled()
    const refused = client({ http: way.http, retry }).call('startRun', { workflow: 'nothing' })
    await expect(refused).rejects.toMatchObject({ code: 'WORKFLOW_UNKNOWN' })
    expect(way.keys).toHaveLength(1)
  })

  test('an outage until its patience ends, and then says what it was', async () => {
    const way = spoiled(...Array.from({ length: 9 }, () => badGateway))
    await expect(client({ http: way.http, retry }).call('getCaller', {})).rejects.toMatchObject({
      code: 'UPSTREAM_ERROR',
    })
    expect(way.keys).toHaveLength(retry.attempts)
  })

  test.each([
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'REQUEST_REFUSED'],
  ])('not a %s of something on the way', async (status, code) => {
    const way = spoiled((answer) => ({ ...answer, status, body: new TextEncoder().encode('<h1>No</h1>') }))
    await expect(client({ http: way.http, retry }).call('getCaller', {})).rejects.toMatchObject({ code })
    expect(way.keys).toHaveLength(1)
  })

  async function runs(): Promise<string[]> {
    const ids: string[] = []
    for await (const { id } of client().items('listRuns', {})) ids.push(id)
    return ids
  }
})
