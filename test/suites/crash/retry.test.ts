import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { textOf } from '../../../shared/core/record/value'
import { full } from '../../support/crash'
import { schema } from './data'
import { pointsOf, type Counts, type Job } from './job'
import { doublingKind, keyedKind } from './kinds/http'
import type { Kind, OpenTarget } from './kinds/kind'
import { chanceOf, some } from './random'
import { Program } from './start'

const RECORDS = 90

/** A night in which two of three records were refused, all mended since: what is left is to send them again. */
class Night {
  readonly saved = mkdtempSync(join(tmpdir(), 'tieout-saved-'))
  private putBack: () => Promise<void> = () => Promise.resolve()

  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    readonly target: OpenTarget,
  ) {}

  static async open(program: Program, kind: Kind): Promise<Night> {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-crash-'))
    const target = await kind.open(folder)
    const night = new Night(program, folder, target)
    const { connection, stream } = target
    const definition = {
      tieout: 1,
      connections: { from: { connector: 'csv', folder: '.' }, to: connection },
      workflows: {
        stock: {
          key: 'sku',
          schema,
          source: { connection: 'from', stream: 'source.csv' },
          target: { connection: 'to', stream },
          sync: {
            mode: kind === doublingKind ? 'insert-only' : 'upsert',
            batch: 7,
            checkpointEvery: 14,
            concurrency: 2,
            guards: { rejects: 'off' },
          },
        },
      },
    }
    mkdirSync(join(folder, '.tieout'))
    writeFileSync(join(folder, 'tieout.yaml'), JSON.stringify(definition))
    night.offer((n) => (n % 3 === 0 ? '1' : 'many'))
    await night.start().end()
    night.offer(() => '1')
    cpSync(folder, night.saved, { recursive: true })
    night.putBack = await target.save()
    return night
  }

  start(job: Partial<Job> = {}): ReturnType<Program['start']> {
    return this.program.start({ folder: this.folder, workflow: 'stock', ...job })
  }

  async counts(): Promise<Counts> {
    const report = await this.start({ retry: true }).end()
    if (report === 'killed') throw new Error('the clean run was killed')
    return report.counts
  }

  async reset(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true })
    cpSync(this.saved, this.folder, { recursive: true })
    await this.putBack()
  }

  /** What is not as it would be had nobody killed it; nothing when all is well. */
  async differences(): Promise<string[]> {
    const skus = (await this.target.content()).map(({ sku }) => textOf(sku))
    const found = new Set(skus).size === RECORDS ? [] : [`${new Set(skus).size} records`]
    if (skus.length !== new Set(skus).size) found.push(`${skus.length - new Set(skus).size} doubled`)
    for (const [sku, count] of this.target.writes ?? [])
      if (count > 1) found.push(`${sku} written ${count} times`)
    const store = openSqliteStore(join(this.folder, '.tieout', 'state.sqlite'))
    const open = await store.inbox.countExceptions({ state: 'open' })
    if (open > 0) found.push(`${open} open`)
    if (await store.unfinished('stock', 'retry')) found.push('an unfinished retry')
    await store.close()
    return found
  }

  async close(): Promise<void> {
    await this.target.close()
    for (const folder of [this.folder, this.saved]) rmSync(folder, { recursive: true, force: true })
  }

  private offer(quantity: (n: number) => string): void {
    const rows = Array.from({ length: RECORDS }, (_, i) => `S${i},Part,${quantity(i)},1\n`)
    writeFileSync(join(this.folder, 'source.csv'), 'sku,name,qty,price\n' + rows.join(''))
  }
}

let program: Program
beforeAll(() => {
  program = new Program()
})
afterAll(() => {
  program.remove()
})

/** The next start is a retry or the nightly sync: both finish what was begun. */
test.each([
  ['a service that would hold a repeated record twice', doublingKind],
  ['a service that knows repeated batches', keyedKind],
])(
  'a bulk retry that is killed anywhere doubles nothing: %s',
  async (name, kind) => {
    const night = await Night.open(program, kind)
    try {
      const points = pointsOf(await night.counts())
      expect(await night.differences()).toEqual([])
      const found: Record<string, string[]> = {}
      for (const [i, killAt] of (full
        ? points
        : ['before closeRun 1', ...some(points, 1, chanceOf(name))]
      ).entries()) {
        await night.reset()
        const killed = await night.start({ retry: true, killAt }).end()
        const next = i % 2 === 0
        await night.start({ retry: next }).end()
        const differences = await night.differences()
        if (killed !== 'killed') differences.push('was not killed')
        if (differences.length > 0) found[`${killAt}, then a ${next ? 'retry' : 'sync'}`] = differences
      }
      expect(found).toEqual({})
    } finally {
      await night.close()
    }
  },
  900_000,
)
