import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as elapsed } from 'node:timers/promises'
import { freePort } from '../../../bench/lib/port'
import { isObject, textOf, type DataRecord } from '../../../shared/core/record/value'
import { parseJson } from '../../../shared/core/format/json'
import { Compiled } from '../../support/compiled'
import { folderWith } from '../../support/folder'
import { startGateway } from '../../support/gateway'
import { DEFINITION, makeStock, stockIn } from './stock'

let program: Compiled
let folder: ReturnType<typeof folderWith>
const started: ChildProcess[] = []

beforeAll(() => {
  program = new Compiled(join(__dirname, '../../../cli/index.ts'))
}, 60_000)

afterAll(() => {
  for (const one of started) one.kill('SIGKILL')
  program.remove()
  folder.remove()
})

/** A gateway in a process of its own, when it listens. */
async function serve(): Promise<{ url: string; kill: () => Promise<void> }> {
  const child = program.start([
    'serve',
    '--port',
    String(await freePort()),
    '--json',
    '--config',
    join(folder.path, 'tieout.yaml'),
  ])
  started.push(child)
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  while (child.exitCode === null && !/http:\/\/[\d.]+:\d+/.test(out))
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  const url = /http:\/\/[\d.]+:\d+/.exec(out)?.[0] ?? ''
  return {
    url,
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

test('a gateway that is killed in the middle of an upload goes on with it, and a repeat finds its run', async () => {
  const rows = 60_000
  folder = folderWith({ 'tieout.yaml': DEFINITION, 'own.csv': 'sku,name,quantity\n' })
  makeStock(folder.path)
  const before = await startGateway({ folder: folder.path })
  const key = before.key()
  await before.close()

  const file = Array.from({ length: rows }, (_, i) => `${String(i)},Part ${String(i)},${String(i)}\n`)
  const post = async (url: string): Promise<DataRecord> => {
    const headers = {
      'x-api-key': key,
      'content-type': 'text/csv',
      'idempotency-key': 'night',
      prefer: 'respond-async',
    }
    const body = `sku,name,quantity\n${file.join('')}`
    return jsonOf(await fetch(`${url}/v1/workflows/stock/records`, { method: 'POST', headers, body }))
  }
  const runOf = async (url: string, run: string, wait = 0): Promise<DataRecord> =>
    jsonOf(await fetch(`${url}/v1/runs/${run}?wait=${String(wait)}`, { headers: { 'x-api-key': key } }))

  const first = await serve()
  const run = textOf((await post(first.url))['id'])
  while (readIn(await runOf(first.url, run)) === 0) await elapsed(20)
  await first.kill()
  const left = stockIn(folder.path).length
  expect(left).toBeLessThan(rows)

  const second = await serve()
  expect(await post(second.url)).toMatchObject({ id: run })
  const done = await runOf(second.url, run, 50)
  expect(done).toMatchObject({
    state: 'succeeded',
    receipt: { attempts: 2, read: { source: { count: rows } } },
  })
  expect(stockIn(folder.path)).toHaveLength(rows)
  await second.kill()
}, 90_000)

async function jsonOf(response: Response): Promise<DataRecord> {
  const value = parseJson(await response.text())
  return isObject(value) ? { ...value } : {}
}

function readIn({ progress }: DataRecord): number {
  return isObject(progress) ? Number(progress['read'] ?? 0) : 0
}
