import { hash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Pool } from 'undici'
import { tellCost } from '../lib/process'

const HASH_BYTES = 16

interface Batch {
  body: string
  keys: readonly string[]
  /** `HASH_BYTES` for each key. */
  hashes: Buffer
}

/**
 * The least that a client by hand has to do so that a killed night loses nothing and sends nothing twice: it knows the keys
 * it has seen and a hash of each record, sees that the page lost no digits, and keeps on disk what it is about to
 * send and what arrived. No retry, no limits of rate, no validation, no outcome for each record, no receipt.
 */
async function main(url: string, concurrency: number, pages: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-'))
  const journal = new Journal(join(folder, 'journal.sqlite'))
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 })
  const seen = new Set<string>()
  const cpu = process.cpuUsage()
  const started = performance.now()
  let next = 1
  const worker = async (): Promise<void> => {
    while (next <= pages) {
      const { body } = await pool.request({ path: `/inventory?page=${String(next++)}`, method: 'GET' })
      const batch = batchOf(await body.text(), seen)
      const id = journal.intend(batch)
      const answer = await pool.request({
        path: '/stock',
        method: 'POST',
        body: batch.body,
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
      })
      await answer.body.dump()
      if (answer.statusCode === 200) journal.arrived(id, batch)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const wall = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  await pool.close()
  journal.close()
  rmSync(folder, { recursive: true })
  tellCost({ wall, cpu: (used.user + used.system) / 1e6 })
}

class Journal {
  private readonly db: DatabaseSync
  private readonly intent
  private readonly outcome

  constructor(path: string) {
    this.db = new DatabaseSync(path)
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    this.db.exec('CREATE TABLE intent (id TEXT PRIMARY KEY, keys TEXT)')
    this.db.exec('CREATE TABLE outcome (id TEXT PRIMARY KEY, hashes BLOB)')
    this.intent = this.db.prepare('INSERT INTO intent VALUES (?, ?)')
    this.outcome = this.db.prepare('INSERT INTO outcome VALUES (?, ?)')
  }

  intend({ keys }: Batch): string {
    const id = randomUUID()
    this.intent.run(id, JSON.stringify(keys))
    return id
  }

  arrived(id: string, { hashes }: Batch): void {
    this.outcome.run(id, hashes)
  }

  close(): void {
    this.db.close()
  }
}

function batchOf(text: string, seen: Set<string>): Batch {
  const page: unknown = JSON.parse(text)
  if (!isPage(page)) throw new Error('not a page')
  if (JSON.stringify(page).length !== text.length) throw new Error('the page says more than was read')
  const hashes = Buffer.allocUnsafe(page.items.length * HASH_BYTES)
  const keys: string[] = []
  const bodies: string[] = []
  for (const record of page.items) {
    const key = `${String(record['sku'])}\0${String(record['location'])}`
    if (seen.has(key)) continue
    seen.add(key)
    const body = JSON.stringify({
      sku: record['sku'],
      warehouse: record['location'],
      qty: record['quantity'],
      cost: record['unit_cost'],
      ccy: record['currency'],
      status: record['status'],
      at: record['updated_at'],
    })
    hashes.write(hash('md5', body, 'binary'), keys.length * HASH_BYTES, 'latin1')
    keys.push(key)
    bodies.push(body)
  }
  return { body: `[${bodies.join(',')}]`, keys, hashes: hashes.subarray(0, keys.length * HASH_BYTES) }
}

function isPage(page: unknown): page is { items: Record<string, unknown>[] } {
  return typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items)
}

const [url = '', concurrency = '1', pages = '50'] = process.argv.slice(2)
void main(url, Number(concurrency), Number(pages))
