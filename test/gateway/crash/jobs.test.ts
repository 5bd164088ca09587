// A gateway that ends in the middle of its work, by itself or killed: the next one goes on, and each thing happens once.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as elapsed } from 'node:timers/promises'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { Compiled } from '../../support/compiled'
import { drawn } from '../../support/crash'
import { folderWith } from '../../support/folder'
import { startGateway } from '../../support/gateway'
import { asObjects, objectIn } from '../../support/json'
import { serveIn, type ServedGateway } from '../../support/served-gateway'
import { DEFINITION, makeStock } from '../records/stock'

const ROWS = 20_000
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

function stock(quantity: (i: number) => string, length = ROWS): string {
  const rows = Array.from({ length }, (_, i) => `S${String(i)},Part ${String(i)},${quantity(i)}\n`)
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

test('a second gateway on the same state does not start, and leaves the runs of the first alone', async () => {
  await restart()
  await expect(serveIn(program, folder.path)).rejects.toThrow('GATEWAY_ALREADY_GOING')
  await gateway.stop('SIGKILL')
  await restart()
  await gateway.stop('SIGTERM')
})

const RETRIES: readonly [string, () => Promise<void>][] = [
  [
    'of a file that was sent: it goes on in the file',
    async () => {
      const sent = 3000
      await restart()
      const body = stock(() => 'many', sent)
      const headers = { 'x-api-key': key, 'content-type': 'text/csv', prefer: 'wait=25' }
      await fetch(`${gateway.url}/v1/workflows/stock/records`, { method: 'POST', headers, body })
      const [group] = asObjects((await call('GET', '/v1/exceptions/groups')).json['items'])
      const change = { group: textOf(group?.['group']), change: { fix: { quantity: '5' } } }
      expect((await call('POST', '/v1/exceptions/changes', change)).json).toMatchObject({ changed: sent })
      const retry = (): Promise<Answered> => call('POST', '/v1/workflows/stock/retries', {})
      const run = textOf((await retry()).json['id'])
      await inTheMiddle(written, sent)
      await gateway.stop('SIGKILL')
      await restart()
      expect(textOf((await retry()).json['id'])).toBe(run)
      expect(await over(run)).toMatchObject({ state: 'succeeded' })
      expect(written()).toBe(sent)
      expect((await call('GET', '/v1/exceptions?limit=5')).json).toMatchObject({ items: [] })
    },
  ],
  [
    'what was chosen is sent once, by the same run',
    async () => {
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
    },
  ],
]

test.each(drawn(RETRIES, 1))('killed in the middle of a retry: %s', (_, killed) => killed())

describe('killed in the middle of a decision', () => {
  const BROKEN = 2500
  const decision = {
    code: 'BREAK_DIFFERS',
    decision: 'write',
    reason: 'counted on Monday',
    set: { quantity: 5 },
  }
  const decide = (): Promise<Answered> => call('POST', '/v1/workflows/stock/decisions', decision)

  function inState(sql: string): number {
    const db = new DatabaseSync(join(folder.path, '.tieout', 'state.sqlite'), { timeout: 10_000 })
    const row = db.prepare(sql).get()
    db.close()
    return Number(row?.['n'])
  }
  const rules = (): number => inState('SELECT count(*) AS n FROM decision')

  function inTarget(quantity: number): number {
    const db = new DatabaseSync(join(folder.path, 'stock.sqlite'), { timeout: 10_000 })
    const count = db.prepare('SELECT count(*) AS n FROM stock WHERE quantity = ?').get(quantity)
    db.close()
    return Number(count?.['n'])
  }

  const MOMENTS: readonly [string, () => number][] = [
    ['while it keeps its rules', rules],
    ['while it writes', () => inTarget(5)],
  ]

  test.each(drawn(MOMENTS, 1))('%s: it goes on, and each is written and decided once', async (_, count) => {
    writeFileSync(
      join(folder.path, 'own.csv'),
      stock(() => '7', BROKEN + 1),
    )
    await restart()
    await over(textOf((await sync()).json['id']))
    const db = new DatabaseSync(join(folder.path, 'stock.sqlite'), { timeout: 10_000 })
    db.exec("UPDATE stock SET quantity = 80 WHERE sku <> 'S0'")
    db.close()
    const compare = { kind: 'reconcile', exceptions: true }
    const compared = await call('POST', '/v1/workflows/stock/runs?compare', compare)
    await over(textOf(compared.json['id']))
    const run = textOf((await decide()).json['id'])
    await inTheMiddle(count, BROKEN)
    await gateway.stop('SIGKILL')
    await restart()
    expect(textOf((await decide()).json['id'])).toBe(run)
    expect(await over(run)).toMatchObject({
      state: 'succeeded',
      decided: { exceptions: BROKEN, standing: BROKEN, notPossible: 0 },
    })
    expect({ written: inTarget(5), others: inTarget(7), rules: rules() }).toEqual({
      written: BROKEN,
      others: 1,
      rules: BROKEN,
    })
    for (const type of ['break.decided', 'exception.fixed', 'exception.resolved'])
      expect([type, inState(`SELECT count(*) AS n FROM event WHERE type = '${type}'`)]).toEqual([
        type,
        BROKEN,
      ])
  })
})

test.each(drawn(['SIGTERM', 'SIGINT'] as const, 1))(
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
