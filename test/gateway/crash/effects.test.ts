// A gateway that is killed at the boundary between an effect and its answer: sent again with the same key, the request has
// had one effect, and is answered as if nobody had killed anything.
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { operations } from '../../../shared/contract/operations'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Compiled } from '../../support/compiled'
import { drawn } from '../../support/crash'
import { folderWith } from '../../support/folder'
import { startGateway, type TestGateway } from '../../support/gateway'
import { asObjects, objectIn } from '../../support/json'

const DEFINITION = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
  db: { connector: sqlite, file: parts.sqlite }
workflows:
  parts:
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: db, stream: parts }
  stock:
    key: sku
    schema: { type: object, properties: { sku: { type: string }, quantity: { type: integer } } }
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
    sync: { guards: { rejects: off } }
`
/** Nobody listens there. */
const HOOK = '127.0.0.1:9'

const killed = new Compiled(join(__dirname, 'killed.ts'))
const made = folderWith({
  'tieout.yaml': DEFINITION,
  'stock.csv': 'sku,quantity\nA,1\nB,many\nC,many\nD,many\n',
})
const used = folderWith({})
let key: string
let reconciliation: string
let group: string
let webhook: string

/** Three exceptions, a reconciliation with breaks, a webhook, and a table. */
beforeAll(async () => {
  const db = new DatabaseSync(join(made.path, 'parts.sqlite'))
  db.exec('CREATE TABLE parts (sku TEXT PRIMARY KEY, n INTEGER)')
  db.close()
  const gateway = await startGateway({ folder: made.path, allowedHosts: [HOOK] })
  key = gateway.key()
  await call(gateway, 'POST', '/v1/workflows/stock/runs', { kind: 'sync' })
  const run = await call(gateway, 'POST', '/v1/workflows/stock/runs', { kind: 'reconcile' })
  reconciliation = textOf(run.json['id'])
  const found = await call(gateway, 'GET', '/v1/exceptions/1')
  group = textOf(found.json['group'])
  webhook = textOf((await call(gateway, 'POST', '/v1/webhooks', { url: `http://${HOOK}/` })).json['id'])
  await gateway.close()
}, 60_000)
afterAll(() => {
  killed.remove()
  made.remove()
  used.remove()
})
beforeEach(fresh)

function fresh(): void {
  rmSync(used.path, { recursive: true, force: true })
  cpSync(made.path, used.path, { recursive: true })
}

interface Answered {
  status: number
  replayed: boolean
  etag: string | null
  json: DataRecord
}

interface Served {
  url: string
}

async function call(
  { url }: Served,
  method: string,
  path: string,
  body?: object,
  idempotencyKey?: string,
): Promise<Answered> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      prefer: 'wait=20',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    status: answer.status,
    replayed: answer.headers.has('idempotency-replayed'),
    etag: answer.headers.get('etag'),
    json: objectIn(await answer.text()),
  }
}

interface Effect {
  method: string
  path: () => string
  body: () => object
  /** How often it has happened. */
  times: (gateway: TestGateway) => Promise<number>
}

async function events(gateway: TestGateway, type: string): Promise<DataRecord[]> {
  return asObjects((await call(gateway, 'GET', `/v1/events?type=${type}`)).json['items'])
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  'a comment': {
    method: 'PATCH',
    path: () => '/v1/exceptions/1',
    body: () => ({ comment: 'asked the supplier', addTags: ['asked'] }),
    times: async (gateway) => (await events(gateway, 'exception.commented')).length,
  },
  'a fix of a whole group, with a comment': {
    method: 'POST',
    path: () => '/v1/exceptions/changes',
    body: () => ({ group, change: { fix: { quantity: 5 }, comment: 'counted' } }),
    times: async (gateway) => (await events(gateway, 'exception.fixed')).length / 3,
  },
  'a sign-off': {
    method: 'POST',
    path: () => `/v1/reconciliations/${reconciliation}/signature`,
    body: () => ({ period: '2026-11', who: 'Ada', comment: 'known' }),
    times: async (gateway) => (await events(gateway, 'reconciliation.signed-off')).length,
  },
  'a new webhook': {
    method: 'POST',
    path: () => '/v1/webhooks',
    body: () => ({ url: `http://${HOOK}/new` }),
    times: async (gateway) =>
      asObjects((await call(gateway, 'GET', '/v1/webhooks')).json['items']).length - 1,
  },
}

/** What differs from one time to the next: moments, ids, secrets. */
function masked({ status, etag, json }: Answered): unknown {
  const text = JSON.stringify({ status, etag, json })
  return JSON.parse(text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|wh_\w+|whsec_[\w+/=]+/g, '*'))
}

/** Sends the request to a gateway that dies of it. */
async function kill(
  killAt: 'before' | 'after',
  { method, path, body }: Omit<Effect, 'times'>,
  statement = 'INSERT INTO answer',
): Promise<void> {
  const child = killed.start([used.path, killAt, statement, HOOK])
  const ended = once(child, 'close')
  const url = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString())
    })
  })
  await expect(call({ url }, method, path(), body(), 'k1')).rejects.toThrow('fetch failed')
  expect((await ended)[1]).toBe('SIGKILL')
}

async function restarted<T>(work: (gateway: TestGateway) => Promise<T>): Promise<T> {
  const gateway = await startGateway({ folder: used.path, allowedHosts: [HOOK] })
  try {
    return await work(gateway)
  } finally {
    await gateway.close()
  }
}

describe.each(drawn(Object.entries(EFFECTS), 1))('%s', (_, effect) => {
  const send = (gateway: TestGateway): Promise<Answered> =>
    call(gateway, effect.method, effect.path(), effect.body(), 'k1')

  test('happens once, and is answered as the first time', async () => {
    await kill('before', effect)
    const first = await restarted(async (gateway) => {
      expect(await effect.times(gateway)).toBe(0)
      const answer = await send(gateway)
      expect(answer.replayed).toBe(false)
      expect(await effect.times(gateway)).toBe(1)
      return answer
    })
    fresh()
    await kill('after', effect)
    await restarted(async (gateway) => {
      expect(await effect.times(gateway)).toBe(1)
      const answer = await send(gateway)
      expect(masked(answer)).toEqual(masked(first))
      expect(answer.replayed).toBe(true)
      expect(await send(gateway)).toEqual(answer)
      expect(await effect.times(gateway)).toBe(1)
    })
  })
})

test('every operation that repeats by key starts a job, which its claim finds again, or is killed here', () => {
  const jobs = ['startRun', 'resumeRun', 'undoRun', 'retryExceptions', 'decideExceptions', 'uploadRecords']
  const here = [
    'changeException',
    'changeExceptions',
    'signOff',
    'createWebhook',
    'recoverWebhook',
    'putRecord',
  ]
  const repeated = Object.entries(operations).filter(([, { repeat }]) => repeat === 'key')
  expect(repeated.map(([id]) => id).sort()).toEqual([...jobs, ...here].sort())
})

const ONE_RECORD = [
  {
    when: 'it is written, and its run does not know',
    killAt: 'before',
    statement: 'INSERT OR REPLACE INTO checkpoint',
  },
  { when: 'its run is over, and the gateway does not know', killAt: 'after', statement: 'UPDATE run SET' },
  {
    when: 'the gateway knows, and its answer is not kept',
    killAt: 'before',
    statement: 'INSERT INTO answer',
  },
] as const

test.each(drawn(ONE_RECORD, 1))('one record, killed when $when', async ({ killAt, statement }) => {
  const put = { method: 'PUT', path: () => '/v1/workflows/parts/records/S', body: () => ({ sku: 'S', n: 1 }) }
  await kill(killAt, put, statement)
  await restarted(async (gateway) => {
    const send = (): Promise<Answered> => call(gateway, put.method, put.path(), put.body(), 'k1')
    const answer = await send()
    expect(answer).toMatchObject({ status: 200, json: { outcome: 'created', key: { sku: 'S' } } })
    expect(await send()).toEqual({ ...answer, replayed: true })
    const { json } = await call(gateway, 'GET', '/v1/runs?workflow=parts')
    expect(new Set(asObjects(json['items']).map(({ id }) => id))).toEqual(new Set([answer.json['run']]))
  })
})

test('what somebody did in between is not in the answer to a repeat', async () => {
  const comment = EFFECTS['a comment']
  if (!comment) throw new Error('no comment')
  await kill('after', comment)
  await restarted(async (gateway) => {
    await call(gateway, 'PATCH', '/v1/exceptions/1', { comment: 'another' })
    const { json } = await call(gateway, comment.method, comment.path(), comment.body(), 'k1')
    expect(asObjects(json['history']).map(({ type }) => type)).toEqual([
      'exception.opened',
      'exception.tagged',
      'exception.commented',
    ])
  })
})

test('a webhook that recovered, and has sent again, does not go back once more', async () => {
  const recover: Effect = {
    method: 'POST',
    path: () => `/v1/webhooks/${webhook}/recover`,
    body: () => ({ since: '2020-01-01T00:00:00Z' }),
    times: () => Promise.resolve(1),
  }
  await kill('after', recover)
  await restarted(async ({ sql, ...gateway }) => {
    const delivered = (): unknown =>
      sql.of(`SELECT json_extract(body, '$.delivered') AS delivered FROM webhook`).get()?.['delivered']
    expect(delivered()).toBe(0)
    sql.of(`UPDATE webhook SET body = json_set(body, '$.delivered', 99)`).run()
    const answer = await call(gateway, recover.method, recover.path(), recover.body(), 'k1')
    expect(answer).toMatchObject({ status: 202, replayed: true, json: { id: webhook } })
    expect(delivered()).toBe(99)
  })
})
