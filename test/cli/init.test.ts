import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { detect } from '../../cli/init/detect'
import { keyCandidate } from '../../cli/init/key'
import { addSecrets } from '../../cli/init/write'
import { registry } from '../../connectors'
import { readSecrets } from '../../shared/adapters/definition/secrets-file'
import { commandLine } from '../support/command-line'
import { startFaultyApi } from '../support/faulty-api'
import { folderWith } from '../support/folder'

const stock = 'sku,location,qty\nA1,N,5\nA1,S,5\nA2,N,7\n'

test('makes a definition that validates and syncs as it stands', async () => {
  const folder = folderWith({ 'stock.csv': stock })
  try {
    const tieout = commandLine(folder.path)
    const made = await tieout('init', '--from', 'stock.csv', '--to', 'copy.ndjson')
    expect(made).toMatchObject({ exit: 0, err: '' })
    expect(made.out).toContain('Key: sku, location')
    expect((await tieout('validate')).exit).toBe(0)
    expect(await tieout('sync', 'copy')).toMatchObject({ exit: 0 })
    expect(readFileSync(join(folder.path, 'copy.ndjson'), 'utf8')).toContain(
      '{"sku":"A1","location":"S","qty":5}',
    )
  } finally {
    folder.remove()
  }
})

test('an API is asked at its address, not at what is above it', async () => {
  const records = ['A1', 'A2', 'A3'].map((sku) => ({ sku, qty: 5 }))
  const api = await startFaultyApi({ records, paging: 'link' })
  const folder = folderWith({})
  try {
    const tieout = commandLine(folder.path)
    expect(await tieout('init', '--from', `${api.url}/items`, '--to', 'copy.ndjson')).toMatchObject({
      exit: 0,
    })
    expect(await tieout('sync', 'copy')).toMatchObject({ exit: 0 })
    expect(readFileSync(join(folder.path, 'copy.ndjson'), 'utf8')).toContain('{"sku":"A3","qty":5}\n')
    expect(new Set(api.requests.map(({ url }) => url.pathname))).toEqual(new Set(['/items']))
  } finally {
    folder.remove()
    await api.close()
  }
})

test('a secret is read back as it was given, whatever is in it', async () => {
  const folder = folderWith({})
  const secrets = { A: `a"b\\nc`, B: `it's "so" \\`, C: "x'y", D: 'p$1#2', E: '' }
  await addSecrets(join(folder.path, '.tieout'), secrets)
  expect(await readSecrets(folder.path, undefined)).toEqual(secrets)
  folder.remove()
})

test('writes over nothing', async () => {
  const folder = folderWith({ 'stock.csv': stock, 'tieout.yaml': 'mine' })
  try {
    const tieout = commandLine(folder.path)
    const refused = await tieout('init', '--from', 'stock.csv', '--to', 'copy.ndjson')
    expect(refused.exit).toBe(2)
    expect(refused.err).toContain('FILE_EXISTS')
    expect(readFileSync(join(folder.path, 'tieout.yaml'), 'utf8')).toBe('mine')

    writeFileSync(join(folder.path, 'copy.schema.json'), 'mine too')
    await tieout('init', '--from', 'stock.csv', '--to', 'copy.ndjson', '--config', 'other.yaml')
    expect(readFileSync(join(folder.path, 'copy.schema.json'), 'utf8')).toBe('mine too')
  } finally {
    folder.remove()
  }
})

test('a database with several tables is not guessed at: the fault lists them', async () => {
  const folder = folderWith({})
  try {
    const database = new DatabaseSync(join(folder.path, 'shop.sqlite'))
    database.exec('CREATE TABLE orders (id TEXT PRIMARY KEY); CREATE TABLE stock (sku TEXT PRIMARY KEY)')
    database.close()
    const { exit, out } = await commandLine(folder.path)(
      ...['init', '--from', 'shop.sqlite', '--to', 'copy.ndjson', '--json'],
    )
    expect(exit).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: 'STREAM_UNCLEAR',
        detail: 'sqlite has the streams orders, stock.',
        evidence: { connector: 'sqlite', streams: 2 },
      },
    })
    expect(existsSync(join(folder.path, 'tieout.yaml'))).toBe(false)
  } finally {
    folder.remove()
  }
})

test.each([
  ['stock.csv', { connector: 'csv', settings: {}, stream: 'stock.csv' }],
  ['in/stock.jsonl.gz', { connector: 'ndjson', settings: {}, stream: 'in/stock.jsonl.gz' }],
  ['csv:stock.txt', { connector: 'csv', settings: {}, stream: 'stock.txt' }],
  ['https://x.example/a/stock.csv?v=1', { connector: 'csv', stream: 'https://x.example/a/stock.csv?v=1' }],
  [
    'postgres://u@h/db#public.stock',
    { connector: 'postgres', settings: { url: 'postgres://u@h/db' }, stream: 'public.stock' },
  ],
  ['postgresql://h/db', { connector: 'postgres', stream: undefined }],
  [
    'https://x.example/api/v1/products',
    {
      connector: 'http',
      settings: { baseUrl: 'https://x.example/api/v1', streams: { products: { path: '/products' } } },
      stream: 'products',
    },
  ],
])('%s is understood', (text, endpoint) => {
  expect(detect(text, '/data', '/data', registry)).toMatchObject(endpoint)
})

test('a file may have any signs in its name', () => {
  for (const name of ['stock #1.csv', 'what?.json', 'a#b.xlsx'])
    expect(detect(name, '/data', '/data', registry)).toMatchObject({ stream: name, file: true })
  expect(detect('my#1.db#stock', '/data', '/data', registry)).toMatchObject({
    connector: 'sqlite',
    settings: { file: 'my#1.db' },
    stream: 'stock',
  })
})

test('an address of another kind is told without its password', () => {
  const work = (): unknown => detect('mysql://me:hunter2@host/shop', '/data', '/data', registry)
  expect(work).toThrow('mysql://***@host/shop is of no kind that is known.')
})

test('a kind that nobody knows is a fault that says how to name it', () => {
  expect(() => detect('stock.foo', '/data', '/data', registry)).toThrow('CONNECTOR_UNDETECTED')
})

describe('a key', () => {
  test('is the fewest fields that tell the records apart, likely names first', () => {
    const records = [
      { name: 'a', sku: '1', size: 1 },
      { name: 'b', sku: '2', size: 1 },
    ]
    expect(keyCandidate(records)).toEqual(['sku'])
    expect(keyCandidate(records.map((record) => ({ ...record, sku: '1' })))).toEqual(['name'])
  })

  test('never has an empty, an absent or a fractional value in it', () => {
    expect(
      keyCandidate([
        { a: null, b: 1 },
        { a: 1, b: 2 },
      ]),
    ).toEqual(['b'])
    expect(
      keyCandidate([
        { a: '', b: 1.5 },
        { a: 'x', b: 2.5 },
      ]),
    ).toBeUndefined()
    expect(keyCandidate([{ a: 1 }, { b: 2 }])).toBeUndefined()
  })
})
