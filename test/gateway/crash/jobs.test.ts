// A gateway that ends in the middle of its work, by itself or killed: the next one goes on, and each thing happens once.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as elapsed } from 'node:timers/promises'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Compiled } from '../../support/compiled'
import { folderWith } from '../../support/folder'
import { startGateway } from '../../support/gateway'
import { asObjects, objectIn } from '../../support/json'
import { serveIn, type ServedGateway } from '../../support/served-gateway'
import { DEFINITION, makeStock } from '../records/stock'

const ROWS = 40_000
/** Half of the records may be refused. */
const definition = DEFINITION.replace(
  'sync: { mode: mirror }',
  'sync: { mode: mirror, guards: { rejects: 100% } }',
)

let program: Compiled
let folder: ReturnType<typeof folderWith>
let key: string
let gateway: ServedGateway

beforeAll(() => {
  program = new Compiled(join(__dirname, '../../../cli/index.ts'))
}, 60_000)
afterAll(() => {
  program.remove()
})

beforeEach(async () => {
  folder = folderWith({ 'tieout.yaml': definition, 'own.csv': stock(() => '7') })
  makeStock(folder.path)
  const before = await startGateway({ folder: folder.path })
  key = before.key()
  await before.close()
})
afterEach(async () => {
  await gateway.stop('SIGKILL')
  folder.remove()
})

function stock(quantity: (i: number) => string): string {
  const rows = Array.from({ length: ROWS }, (_, i) => `S${String(i)},Part ${String(i)},${quantity(i)}\n`)
  return `sku,name,quantity\n${rows.join('')}`
}

function written(): number {
  const db = new DatabaseSync(join(folder.path, 'stock.sqlite'), { timeout: 10_000 })
  const count = db.prepare('SELECT count(*) AS n FROM stock').get()
  db.close()
  return Number(count?.['n'])
}

interface Answered {
  json: DataRecord
  replayed: boolean
}

async function call(method: string, path: string, body?: object): Promise<Answered> {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      'idempotency-key': `${method} ${path}`,
      prefer: 'respond-async',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    json: objectIn(await answer.text()),
    replayed: answer.headers.get('idempotency-replayed') === 'true',
  }
}

async function restart(): Promise<void> {
  gateway = await serveIn(program, folder.path)
}

/** Some of it is written, and not all. */
async function inTheMiddle(count: () => number, all: number): Promise<void> {
  while (count() === 0) await elapsed(5)
  expect(count()).toBeLessThan(all)
}

async function over(run: string): Promise<DataRecord> {
  const { json } = await call('GET', `/v1/runs/${run}?wait=25`)
  return json
}

const sync = (): Promise<Answered> => call('POST', '/v1/workflows/stock/runs', { kind: 'sync' })

test('killed in the middle of a run: it goes on, and a repeat of the request finds it', async () => {
  await restart()
  const run = textOf((await sync()).json['id'])
  await inTheMiddle(written, ROWS)
  await gateway.stop('SIGKILL')
  await restart()
  const again = await sync()
  expect(textOf(again.json['id'])).toBe(run)
  expect(await over(run)).toMatchObject({ state: 'succeeded', outcomes: { created: ROWS } })
  expect(written()).toBe(ROWS)
  expect(asObjects((await call('GET', '/v1/runs')).json['items'])).toHaveLength(1)
})

test('killed in the middle of a retry: what was chosen is sent once, by the same run', async () => {
  writeFileSync(
    join(folder.path, 'own.csv'),
    stock((i) => (i % 2 === 0 ? 'many' : '7')),
  )
  await restart()
  await over(textOf((await sync()).json['id']))
  expect(written()).toBe(ROWS / 2)
  writeFileSync(
    join(folder.path, 'own.csv'),
    stock(() => '7'),
  )
  const retry = (): Promise<Answered> => call('POST', '/v1/workflows/stock/retries', {})
  const run = textOf((await retry()).json['id'])
  await inTheMiddle(() => written() - ROWS / 2, ROWS / 2)
  await gateway.stop('SIGKILL')
  await restart()
  expect(textOf((await retry()).json['id'])).toBe(run)
  expect(await over(run)).toMatchObject({ state: 'succeeded' })
  expect(written()).toBe(ROWS)
  expect((await call('GET', '/v1/exceptions?limit=5')).json).toMatchObject({ items: [] })
  expect(asObjects((await call('GET', '/v1/runs?kind=retry')).json['items'])).toHaveLength(1)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: who waits is answered, the run stops at a checkpoint, and goes on at the next start',
  async (signal) => {
    await restart()
    const run = textOf((await sync()).json['id'])
    await inTheMiddle(written, ROWS)
    const waiting = over(run)
    await elapsed(50)
    const begin = performance.now()
    expect(await gateway.stop(signal)).toBe(0)
    expect(performance.now() - begin).toBeLessThan(8000)
    expect(await waiting).toMatchObject({ id: run, state: 'running' })
    const left = written()
    await restart()
    expect(await over(run)).toMatchObject({ state: 'succeeded' })
    expect(written()).toBe(ROWS)
    expect(left).toBeLessThan(ROWS)
  },
)
