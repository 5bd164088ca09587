import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { drawn } from '../../support/crash'
import { schema } from './data'
import { Program } from './start'

const RECORDS = 100

const definition = {
  tieout: 1,
  connections: { files: { connector: 'csv', folder: '.' }, to: { connector: 'ndjson', folder: '.' } },
  workflows: {
    stock: {
      key: 'sku',
      schema,
      source: { connection: 'files', stream: 'source.csv' },
      target: { connection: 'to', stream: 'target.ndjson' },
      sync: { batch: 10, checkpointEvery: 20, guards: { rejects: 'off' } },
    },
  },
}

let program: Program
let folder: string
let saved: string

/** A first night in which every tenth record is refused. */
beforeAll(async () => {
  program = new Program()
  folder = mkdtempSync(join(tmpdir(), 'tieout-crash-'))
  saved = mkdtempSync(join(tmpdir(), 'tieout-saved-'))
  mkdirSync(join(folder, '.tieout'))
  writeFileSync(join(folder, 'tieout.yaml'), JSON.stringify(definition))
  offer((n) => (n % 10 === 0 ? 'many' : '1'))
  await program.start({ folder, workflow: 'stock' }).end()
  // the next: of the ten one is gone, five are mended, four are still wrong
  offer((n) => (n === 50 ? undefined : n % 10 === 0 && n > 60 ? 'many' : '1'))
  cpSync(folder, saved, { recursive: true })
}, 60_000)

afterAll(() => {
  program.remove()
  for (const path of [folder, saved]) rmSync(path, { recursive: true })
})

function offer(quantity: (n: number) => string | undefined): void {
  const rows = Array.from({ length: RECORDS }, (_, i) => {
    const found = quantity(i + 1)
    return found === undefined ? '' : `S${String(i + 1)},Part,${found},1\n`
  })
  writeFileSync(join(folder, 'source.csv'), 'sku,name,qty,price\n' + rows.join(''))
}

/** Each exception with how it ended and all that was told of it. */
async function inbox(): Promise<string[]> {
  const store = openSqliteStore(join(folder, '.tieout', 'state.sqlite'))
  const found: string[] = []
  for (const { id, subject, attempts, resolution } of await store.inbox.exceptions({}, { limit: 100 })) {
    const history = (await store.inbox.events({ exception: id, limit: 100 })).map(
      ({ type }) => type.split('.')[1] ?? '',
    )
    found.push([subject, attempts, resolution?.how ?? 'open', ...history].join(' '))
  }
  await store.close()
  return found
}

const settled = (how: string, ...numbers: number[]): string[] =>
  numbers.map((n) => `["S${String(n)}"] 1 ${how} opened resolved`)

const expected = [
  ...['["S100"]', '["S90"]', '["S80"]', '["S70"]'].map((key) => `${key} 2 open opened failed-again`),
  ...settled('moved', 60),
  ...settled('gone', 50),
  ...settled('moved', 40, 30, 20, 10),
]

const BOUNDARIES = [
  'after commit 1',
  'before closeRun 1',
  'before commit 1',
  'before commit 3',
  'before finish 1',
]

test.each(drawn(BOUNDARIES, 2))('exceptions are as if nobody had killed the run: %s', async (killAt) => {
  rmSync(folder, { recursive: true })
  cpSync(saved, folder, { recursive: true })
  expect(await program.start({ folder, workflow: 'stock', killAt }).end()).toBe('killed')
  await program.start({ folder, workflow: 'stock' }).end()
  expect(await inbox()).toEqual(expected)
})
