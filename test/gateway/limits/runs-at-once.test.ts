import { jsonOf } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'

const runs = (quota: number) => ({
  name: 'runs',
  unit: 'concurrent-requests' as const,
  quota,
  windowSeconds: 0,
})

async function started(quota: number, work: (gateway: TestGateway, key: string) => Promise<void>) {
  const gateway = await startGateway({ policies: [runs(quota)] })
  try {
    await work(gateway, gateway.key())
  } finally {
    await gateway.close()
  }
}

const start = (gateway: TestGateway, key: string): Promise<Response> =>
  gateway.call(key, 'POST', '/v1/workflows/stock/runs', {
    body: { kind: 'plan' },
    headers: { prefer: 'wait=20' },
  })

test('a run that is over gives its place back', () =>
  started(1, async (gateway, key) => {
    expect((await start(gateway, key)).status).toBe(200)
    expect((await start(gateway, key)).status).toBe(200)
  }))

test('more runs at once than a client may have are refused, and nothing is started', () =>
  started(0, async (gateway, key) => {
    const refused = await start(gateway, key)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      code: 'LIMIT_REACHED',
      evidence: { violatedPolicies: 'runs' },
    })
    const list: unknown = await (await gateway.call(key, 'GET', '/v1/runs')).json()
    expect(list).toMatchObject({ items: [] })
  }))

test('plans and files of one workflow take turns: neither finds the target held by the other', () =>
  started(20, async (gateway, key) => {
    const rows = Array.from({ length: 2000 }, (_, i) => `S${String(i)},1\n`).join('')
    const upload = (): Promise<Response> =>
      gateway.call(key, 'POST', '/v1/workflows/stock/records', {
        body: `sku,quantity\n${rows}`,
        headers: { 'content-type': 'text/csv', prefer: 'wait=20' },
      })
    const asked = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? upload() : start(gateway, key)))
    const answers = await Promise.all(asked)
    const states = await Promise.all(answers.map(async (answer) => (await jsonOf(answer))['state']))
    expect(states).toEqual(Array(8).fill('succeeded'))
  }))
