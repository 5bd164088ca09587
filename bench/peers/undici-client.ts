import { Pool } from 'undici'
import { tellCost } from '../lib/process'

/**
 * What a good developer writes by hand: pages of 1,000 through undici, each record mapped, batches of 1,000 posted.
 * No receipt, no retry, no memory of what was sent. Measures the transfer alone.
 */
async function main(url: string, concurrency: number, pages: number): Promise<void> {
  const pool = new Pool(url, { connections: concurrency, pipelining: 1 })
  const cpu = process.cpuUsage()
  const started = performance.now()
  let next = 1
  const worker = async (): Promise<void> => {
    while (next <= pages) {
      const { body } = await pool.request({ path: `/inventory?page=${String(next++)}`, method: 'GET' })
      const page: unknown = JSON.parse(await body.text())
      const answer = await pool.request({
        path: '/stock',
        method: 'POST',
        body: JSON.stringify(mapped(page)),
        headers: { 'content-type': 'application/json' },
      })
      await answer.body.dump()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const wall = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  await pool.close()
  tellCost({ wall, cpu: (used.user + used.system) / 1e6 })
}

function mapped(page: unknown): unknown[] {
  if (!isPage(page)) throw new Error('not a page')
  return page.items.map((record) => ({
    sku: record['sku'],
    warehouse: record['location'],
    qty: record['quantity'],
    cost: record['unit_cost'],
    ccy: record['currency'],
    status: record['status'],
    at: record['updated_at'],
  }))
}

function isPage(page: unknown): page is { items: Record<string, unknown>[] } {
  return typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items)
}

const [url = '', concurrency = '1', pages = '50'] = process.argv.slice(2)
void main(url, Number(concurrency), Number(pages))
