// Values that exist nowhere else are sent through every way in; then everything that was written or answered is searched.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { operations, type Operation } from '../../../shared/contract/operations'
import { startGateway, type TestGateway } from '../../support/gateway'
import { FILES } from '../errors/files'

const PERSONAL = 'Zebediah-Quill-1961-03-07'
const SECRET = 'canary-secret-93f1c6'

let gateway: TestGateway
let key: string
const said: string[] = []
const answers: { what: string; status: number; text: string }[] = []

/** All of it: the personal value and the secret wherever something can be sent. */
const record = { sku: PERSONAL, quantity: PERSONAL, name: PERSONAL, password: SECRET }
const credentials: Record<string, string>[] = [
  {},
  { 'x-api-key': SECRET },
  { authorization: `Bearer ${SECRET}` },
  { authorization: `Basic ${Buffer.from(`acme:${SECRET}`).toString('base64')}` },
]

async function send(what: string, path: string, options: RequestInit): Promise<void> {
  const answer = await fetch(gateway.url + path, options)
  answers.push({ what, status: answer.status, text: await answer.text() })
}

beforeAll(async () => {
  gateway = await startGateway({
    files: { ...FILES, 'stock.csv': `sku,quantity,name\nA1,5,${PERSONAL}\n` },
    say: (line) => said.push(line),
  })
  key = gateway.key()
  gateway.issue.client('other', 'default')
  await gateway.issue.secret({ client: 'other', scopes: ['runs:read'], workflows: 'all', addresses: [] })
  for (const [id, operation] of Object.entries(operations)) await everyWayInto(id, operation)
  await send('a wrong secret', '/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'other',
      client_secret: SECRET,
    }),
  })
  await send('a webhook with a password', '/v1/webhooks', {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `https://user:${SECRET}@example.com/` }),
  })
}, 120_000)
afterAll(() => gateway.close())

async function everyWayInto(id: string, { method, path }: Operation): Promise<void> {
  const filled = path.replace('{workflow}', 'stock').replace(/\{\w+\}/g, '1')
  for (const headers of credentials) await send(`${id} with what is no key`, filled, { method, headers })
  const allowed = { 'x-api-key': key, 'if-match': SECRET, cookie: SECRET, 'x-client-request-id': '1' }
  await send(`${id} in a header`, filled, { method, headers: allowed })
  const good = { 'x-api-key': key, prefer: 'wait=20' }
  await send(`${id} in the query`, `${filled}?limit=${PERSONAL}&wait=${PERSONAL}`, { method, headers: good })
  if (method === 'GET') return
  const bodies: [string, string][] = [
    ['application/json', JSON.stringify(record)],
    ['application/json', JSON.stringify({ ...record, sku: 'A1' })],
    ['application/json', `{"sku": ${PERSONAL}`],
    ['application/json', `{"sku": "${PERSONAL}", "sku": "${PERSONAL}"}`],
    ['text/csv', `sku,quantity,name\nA1,${PERSONAL},${PERSONAL}\n`],
    ['text/csv', `sku,quantity\n"${PERSONAL}\n`],
    ['application/xml', `<a><b>${PERSONAL}</b>`],
    ['application/x-ndjson', `{"sku":"A1","quantity":"${PERSONAL}"}\n{${PERSONAL}\n`],
  ]
  for (const [type, body] of bodies)
    for (const more of [{}, { 'idempotency-key': `${id}-${String(answers.length)}` }])
      await send(`${id} in a body of ${type}`, filled, {
        method,
        headers: { ...good, ...more, 'content-type': type },
        body,
      })
}

test('it went in everywhere', () => {
  expect(answers.length).toBeGreaterThan(300)
  expect(answers.filter(({ status }) => status >= 500).map(({ what, text }) => `${what}: ${text}`)).toEqual(
    [],
  )
})

test('no refusal repeats a personal value or a secret', () => {
  const telling = answers
    .filter(({ status }) => status >= 400)
    .filter(({ text }) => text.includes(PERSONAL) || text.includes(SECRET))
  expect(telling.map(({ what, text }) => `${what}: ${text.slice(0, 600)}`)).toEqual([])
})

test.each(['PUT', 'GET'])('nor the key of the record that it is about: %s', async (method) => {
  const body = method === 'PUT' ? JSON.stringify({ sku: 'A1', quantity: 'many' }) : null
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  const path = '/v1/workflows/stock/records/Canary-0815'
  const answer = await fetch(gateway.url + path, { method, headers, body })
  expect(answer.status).toBe(method === 'PUT' ? 422 : 405)
  const text = await answer.text()
  expect(text).toContain('/v1/workflows/stock/records/***')
  expect(text).not.toContain('0815')
})

test('nothing that is said to whoever runs it has one', () => {
  expect(said.filter((line) => line.includes(PERSONAL) || line.includes(SECRET))).toEqual([])
})

test('the state of the gateway has neither; records stand only where records are kept, and secrets nowhere', () => {
  gateway.sql.of('PRAGMA wal_checkpoint(FULL)').all()
  const state = join(gateway.folder, '.tieout')
  const files = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const tables = gateway.sql.of(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
  const rows = tables.flatMap(({ name }) =>
    gateway.sql
      .of(`SELECT * FROM ${String(name)}`)
      .all()
      .map((row) => `${String(name)}: ${Object.values(row).join()}`),
  )
  expect(rows.filter((row) => row.includes(PERSONAL)).map((row) => row.slice(0, 400))).toEqual([])
  const having = (text: string): string[] =>
    files.filter((file) => readFileSync(file).includes(text)).map((file) => relative(state, file))
  expect(having(key)).toEqual([])
  // exceptions and uploads hold records until their retention ends; what the gateway keeps of calls does not
  const kept = /^(state\.sqlite(-wal|-shm)?$|uploads\/|runs\/|downloads\/)/
  expect(having(PERSONAL).filter((file) => !kept.test(file))).toEqual([])
  expect(having(SECRET).filter((file) => !kept.test(file))).toEqual([])
})
