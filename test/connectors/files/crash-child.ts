import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csv } from '../../../connectors/csv'
import { batchOf, live, portsIn } from './bench'

// Appends 40 batches to a.csv in the folder and keeps a checkpoint as a run does; its parent kills it at any time.
async function main(folder: string): Promise<void> {
  const checkpoint = join(folder, 'checkpoint')
  const done = existsSync(checkpoint) ? readFileSync(checkpoint).length : 0
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const connection = await csv.open({ name: 'files', settings: {}, ports: portsIn(folder), traffic })
  const ledger = { note: () => undefined }
  const target = await connection.target({
    stream: 'a.csv',
    settings: {},
    key: ['id'],
    mode: 'append',
    workflow: 'stock',
    ledger,
  })
  for (let batch = done; batch < 40; batch++) {
    const records = Array.from({ length: 100 }, (_, i) => ({ id: batch * 100 + i, qty: i }))
    await target.write(batchOf(records, 'insert'), live)
    appendFileSync(checkpoint, '.')
    process.stdout.write(`${batch}\n`)
  }
  await target.finish?.(live)
  writeFileSync(join(folder, 'finished'), '')
}

void main(process.argv[2] ?? '.')
