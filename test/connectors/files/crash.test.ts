import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csv } from '../../../connectors/csv'
import { json } from '../../../connectors/json'
import type { Connector, SyncMode } from '../../../shared/core/connector'
import type { FileSink, Ports, SpillTable } from '../../../shared/core/ports'
import { batchOf, FileBench, live } from './bench'

class Crash extends Error {}

/**
 * Ports that fail before or after their n-th change of the disk, as if the process died there. A fake, because a real
 * kill (test/suites/crash) hits the moment between a rename and the next instruction only by luck.
 */
class DyingPorts {
  /** Changes left until death. */
  left = Infinity
  private open: SpillTable[] = []
  /** Written to and not in its place yet. */
  private sink: FileSink | undefined

  around = (ports: Ports): Ports => ({
    ...ports,
    spill: { log: () => ports.spill.log(), table: (path) => this.table(ports.spill.table(path)) },
    files: {
      list: (pattern) => ports.files.list(pattern),
      locate: (path) => ports.files.locate(path),
      read: (path, start) => ports.files.read(path, start),
      text: (path) => ports.files.text(path),
      bytes: (path) => ports.files.bytes(path),
      remove: (path) => ports.files.remove(path),
      write: async (path) => {
        const sink = await ports.files.write(path)
        this.sink = sink
        return {
          write: (bytes) => this.change(() => sink.write(bytes)),
          commit: () =>
            this.change(async () => {
              await sink.commit()
              this.sink = undefined
            }),
          // a dead process tidies nothing away
          abort: () => Promise.resolve(),
        }
      },
    },
  })

  /** What the operating system does when a process dies. */
  async die(leftover: string): Promise<void> {
    for (const table of this.open) table.close()
    this.open = []
    if (!this.sink) return
    await this.sink.abort()
    this.sink = undefined
    await writeFile(leftover, 'half a file')
  }

  private table(table: SpillTable): SpillTable {
    this.open.push(table)
    return {
      write: (puts, removes) => {
        this.countdown()
        table.write(puts, removes)
        this.countdown()
      },
      drop: () => {
        this.countdown()
        table.drop()
        this.countdown()
      },
      get: (keys) => table.get(keys),
      scan: () => table.scan(),
      count: () => table.count(),
      close: () => {
        table.close()
      },
    }
  }

  private async change(work: () => Promise<void>): Promise<void> {
    this.countdown()
    await work()
    this.countdown()
  }

  private countdown(): void {
    if (--this.left <= 0) throw new Crash()
  }
}

const old = [
  { id: 1, qty: 1 },
  { id: 2, qty: 2 },
  { id: 3, qty: 3 },
]
const batches = [
  [
    { id: 4, qty: 4 },
    { id: 2, qty: 20 },
  ],
  [{ id: 5, qty: 5 }],
]

/** What the core does: a batch that was answered is not sent again, and `finish` is repeated until it was answered. */
async function run(
  bench: FileBench,
  connector: Connector,
  file: string,
  mode: SyncMode,
  done: { batches: number },
) {
  const target = await bench.target(connector, file, { mode })
  for (const batch of batches.slice(done.batches)) {
    await target.write(batchOf(batch, mode === 'append' ? 'insert' : 'upsert'), live)
    done.batches++
  }
  await target.finish?.(live)
}

async function cleanRun(connector: Connector, file: string, mode: SyncMode): Promise<unknown[]> {
  const bench = await FileBench.open()
  await bench.write(connector, file, old, { mode: 'append' })
  await run(bench, connector, file, mode, { batches: 0 })
  const rows = await bench.rows(connector, file)
  await bench.close()
  return rows
}

test.each([
  ['csv', csv, 'a.csv', 'append'],
  ['json', json, 'a.json', 'upsert'],
] as const)(
  '%s: killed at any change, then resumed, it ends as a clean run',
  async (_, connector, file, mode) => {
    const clean = await cleanRun(connector, file, mode)
    let died = true
    for (let point = 1; died; point++) {
      const ports = new DyingPorts()
      const bench = await FileBench.open(ports.around)
      await bench.write(connector, file, old, { mode: 'append' })
      const done = { batches: 0 }
      ports.left = point
      died = await run(bench, connector, file, mode, done).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Crash) return true
          throw error
        },
      )
      ports.left = Infinity
      await ports.die(join(bench.folder, `${file}.tieout-new`))
      if (died) {
        // readers see the old file or the new one
        const seen = await bench.rows(connector, file)
        expect([clean.length, old.length]).toContain(seen.length)
        await run(bench, connector, file, mode, done)
      }
      expect(await bench.rows(connector, file)).toEqual(clean)
      expect(await readdir(bench.folder)).toEqual([file])
      await bench.close()
      expect(point).toBeLessThan(60)
    }
  },
)
