import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isList, isObject } from '../../../shared/core/record/value'
import { jsonOf, objectIn } from '../../support/answers'
import { startGateway, type TestGateway } from '../../support/gateway'
import { client, DEFINITION, makeStock, stockIn, type Answered, type Client } from './stock'

/** What came in a file is sent again from that file, which only the gateway has. */
let gateway: TestGateway
let stock: Client
let key: string

beforeAll(async () => {
  gateway = await startGateway({
    files: {
      'tieout.yaml': DEFINITION.replace('mode: mirror', 'mode: mirror, guards: { rejects: off }').replace(
        "name: { type: [string, 'null'] }",
        "name: { type: [string, 'null'], personal: true }",
      ),
      'own.csv': 'sku,name,quantity\n',
    },
  })
  stock = client(gateway)
  key = gateway.key()
})

beforeEach(() => {
  makeStock(gateway.folder)
})

afterEach(async () => {
  const change = { state: 'resolved', reason: 'over' }
  for (const id of await open())
    await gateway.call(key, 'PATCH', `/v1/exceptions/${String(id)}`, { body: change })
})

afterAll(() => gateway.close())

async function retry(): Promise<unknown> {
  const options = { headers: { prefer: 'wait=20' }, body: {} }
  return jsonOf(await gateway.call(key, 'POST', '/v1/workflows/stock/retries', options))
}

async function fix(id: number | undefined, fields: object): Promise<number> {
  return (await gateway.call(key, 'PATCH', `/v1/exceptions/${String(id)}`, { body: { fix: fields } })).status
}

/** Numbers of the open exceptions, oldest first. */
async function open(): Promise<number[]> {
  const { items } = (await stock.get('/v1/exceptions?state=open')).json
  const ids = isList(items) ? items.map((item) => Number(isObject(item) ? item['id'] : item)) : []
  return ids.sort((a, b) => a - b)
}

async function history(id: number | undefined): Promise<unknown> {
  return (await stock.get(`/v1/exceptions/${String(id)}`)).json['history']
}

/** Of the state of the gateway. */
function filesWith(text: string): string[] {
  const folder = join(gateway.folder, '.tieout')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text))
}

function inStock(sql: string): void {
  const db = new DatabaseSync(join(gateway.folder, 'stock.sqlite'))
  db.exec(sql)
  db.close()
}

const ndjson = (...records: object[]): Promise<Answered> =>
  stock.upload(records.map((record) => JSON.stringify(record) + '\n').join(''), {
    'content-type': 'application/x-ndjson',
  })

test('what came is told with each field at fault, and only what kind of value where it is personal', async () => {
  const { json } = await stock.upload(
    '[{"sku":"1","name":4711,"quantity":1},{"sku":"2","name":"Two","quantity":"many"}]',
    { 'content-type': 'application/json' },
  )
  expect(json['errors']).toMatchObject([
    { row: 1, column: 'name', code: 'VALIDATION_FAILED', received: '###' },
    { row: 2, column: 'quantity', code: 'VALIDATION_FAILED', received: 'many' },
  ])
})

test('records with their fixes go out as the file has them, also one that had no key; the others do not', async () => {
  await stock.upload('sku,name,quantity\nA,One,many\n,Two,2\nC,Three,3\n')
  const [first, second] = await open()
  expect(await fix(first, { quantity: '5' })).toBe(200)
  expect(await fix(second, { sku: 'B' })).toBe(200)
  expect(await retry()).toMatchObject({ state: 'succeeded', outcomes: { created: 2 } })
  expect(await open()).toEqual([])
  expect(stockIn(gateway.folder)).toEqual([
    ['A', 'One', 5],
    ['B', 'Two', 2],
    ['C', 'Three', 3],
  ])
})

test('a personal field is corrected in one of them; nobody reads what it was set to', async () => {
  await stock.upload('sku,name,quantity\nP,Grace,many\n')
  const [id] = await open()
  const set = { quantity: '5', name: 'Grace Brewster' }
  const path = `/v1/exceptions/${String(id)}`
  const fixed = await gateway.call(key, 'PATCH', path, { body: { fix: set } })
  expect(fixed.status).toBe(200)
  expect(await fixed.text()).not.toMatch(/Grace|sealed/)
  expect((await stock.get(path)).text).not.toMatch(/Grace|sealed/)
  expect((await stock.get('/v1/events')).text).not.toMatch(/Grace|sealed/)
  expect(filesWith('Grace Brewster')).toEqual([])
  expect(await retry()).toMatchObject({ outcomes: { created: 1 } })
  expect(stockIn(gateway.folder)).toEqual([['P', 'Grace Brewster', 5]])
  expect(filesWith('Grace Brewster')).toEqual([])
})

test('what fails once more can be fixed and sent again from the same file', async () => {
  await stock.upload('sku,name,quantity\nE,One,many\n')
  expect(await retry()).toMatchObject({ outcomes: { rejected: 1 } })
  expect(await retry()).toMatchObject({ outcomes: { rejected: 1 } })
  expect(await fix((await open())[0], { quantity: '5' })).toBe(200)
  expect(await retry()).toMatchObject({ outcomes: { created: 1 } })
  expect(stockIn(gateway.folder)).toEqual([['E', 'One', 5]])
})

test('one retry sends what failed of two files and of the own source, each with its own types', async () => {
  await stock.upload('sku,name,quantity\nK,One,many\nM,"",3\n')
  await ndjson({ sku: 'L', name: '2', quantity: '2' })
  writeFileSync(join(gateway.folder, 'own.csv'), 'sku,name,quantity\nN,Four,some\n')
  await stock.sync()
  const exceptions = await open()
  expect(exceptions).toHaveLength(3)
  for (const id of exceptions) expect(await fix(id, { quantity: 9 })).toBe(200)
  expect(await retry()).toMatchObject({ outcomes: { created: 3 } })
  expect(stockIn(gateway.folder)).toEqual([
    ['K', 'One', 9],
    ['L', '2', 9],
    ['M', '', 3],
    ['N', 'Four', 9],
  ])
})

test('it is done in the mode in which the file was sent', async () => {
  await stock.upload('sku,name,quantity\nF,One,many\n', {}, '?mode=update-only')
  expect(await fix((await open())[0], { quantity: '5' })).toBe(200)
  expect(await retry()).toMatchObject({ outcomes: { skipped: 1 } })
  expect(stockIn(gateway.folder)).toEqual([])
})

test('a row that cannot be read would not be better now: it stays open and its history says so', async () => {
  await stock.upload('sku,name,quantity\nG,One,1,more\nH,Two,many\n')
  const [unreadable, bad] = await open()
  expect(await fix(bad, { quantity: '2' })).toBe(200)
  expect(await retry()).toMatchObject({ outcomes: { created: 1 } })
  expect(await open()).toEqual([unreadable])
  expect(JSON.stringify(await history(unreadable))).toContain('UPLOAD_GONE')
})

describe('a record that was put alone, where it failed', () => {
  const big = '{"sku":"Q","name":"Grace Hopper","quantity":1234567890123456789}'
  const path = '/v1/workflows/stock/records/Q'
  const put = (body: string): Promise<Response> =>
    gateway.call(key, 'PUT', path, { headers: { 'content-type': 'application/json' }, body })

  beforeEach(() => {
    inStock(
      `CREATE TRIGGER closed BEFORE INSERT ON stock WHEN NEW.name <> 'Grace Brewster' BEGIN SELECT RAISE(ABORT, 'closed'); END`,
    )
  })

  test('is sent again from what was kept of it, with every digit', async () => {
    expect((await put(big)).status).toBe(422)
    expect(await open()).toHaveLength(1)
    inStock('DROP TRIGGER closed')
    expect(await retry()).toMatchObject({ state: 'succeeded', outcomes: { created: 1 } })
    expect(await open()).toEqual([])
    expect(stockIn(gateway.folder)).toEqual([['Q', 'Grace Hopper', '1234567890123456789']])
  })

  test('can be fixed, also in a personal field, which nobody reads', async () => {
    await put(big)
    const [id] = await open()
    expect(await fix(id, { name: 'Grace Brewster', quantity: 5 })).toBe(200)
    expect(filesWith('Grace Brewster')).toEqual([])
    expect(await retry()).toMatchObject({ outcomes: { created: 1 } })
    expect(stockIn(gateway.folder)).toEqual([['Q', 'Grace Brewster', 5]])
  })

  test('is one of the files of its run; one that was taken is not kept', async () => {
    const kept = filesWith('Grace Hopper').length
    const { detail, evidence } = await jsonOf(await put(big))
    expect(detail).toBe('1 of 1 records were refused.')
    const { run } = objectIn(evidence)
    expect((await stock.get(`/v1/runs/${String(run)}/records/failed`)).text).toContain('1234567890123456789')
    expect((await stock.get(`/v1/runs/${String(run)}`)).json).toHaveProperty('files')
    const after = filesWith('Grace Hopper').length
    expect(after).toBeGreaterThan(kept)
    inStock('DROP TRIGGER closed')
    const taken = await jsonOf(await put(big))
    expect(filesWith('Grace Hopper')).toHaveLength(after)
    expect((await stock.get(`/v1/runs/${String(taken['run'])}`)).json).not.toHaveProperty('files')
  })
})

describe('when the file is not kept any more', () => {
  beforeEach(async () => {
    await stock.upload('sku,name,quantity\nI,One,many\n')
    rmSync(join(gateway.folder, '.tieout/uploads'), { recursive: true })
  })

  test('a retry of it alone fails with the code that says so', async () => {
    expect(await retry()).toMatchObject({ state: 'failed', problem: { code: 'UPLOAD_GONE' } })
    expect(await open()).toHaveLength(1)
  })

  test('others are sent; it stays open, and its history says why', async () => {
    await ndjson({ sku: 'J', quantity: -1 })
    const [gone, kept] = await open()
    expect(await fix(kept, { quantity: 1 })).toBe(200)
    expect(await retry()).toMatchObject({ state: 'succeeded', outcomes: { created: 1 } })
    expect(await open()).toEqual([gone])
    expect(JSON.stringify(await history(gone))).toContain('UPLOAD_GONE')
  })
})
