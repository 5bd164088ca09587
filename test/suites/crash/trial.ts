import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyReceipt } from '../../../shared/core/bulk-sync/receipt'
import { isObject, type DataRecord, type Value } from '../../../shared/core/record/value'
import { contentOf, csvOf, nextStock, schema, stock } from './data'
import { pointsOf, type Job, type Report } from './job'
import type { Kind, OpenTarget } from './kinds/kind'
import type { Program, Start } from './start'

export type Mode = 'upsert' | 'mirror' | 'insert-only' | 'append'

export interface Size {
  records: number
  batch: number
  checkpointEvery: number
}

/** One kind of target in one mode: a clean run to compare with, and runs that are killed. */
export class Trial {
  /** The clean run: what it counted, what it told, what the target held afterwards. */
  clean: Clean = { points: [], earlier: 0, outcomes: '', again: '', content: [], tookMs: 0 }
  private putBack: () => Promise<void> = () => Promise.resolve()
  private readonly saved = mkdtempSync(join(tmpdir(), 'tieout-saved-'))

  private constructor(
    private readonly program: Program,
    private readonly kind: Kind,
    private readonly folder: string,
    readonly target: OpenTarget,
  ) {}

  /** Upsert begins with an empty target; the other modes meet a target that an earlier run has filled. */
  static async open(program: Program, kind: Kind, mode: Mode, size: Size): Promise<Trial> {
    const folder = mkdtempSync(join(tmpdir(), 'tieout-crash-'))
    const trial = new Trial(program, kind, folder, await kind.open(folder))
    trial.define(mode, size)
    const first = stock(size.records)
    trial.offer(first)
    if (mode !== 'upsert') {
      await trial.finish()
      trial.offer(nextStock(first))
    }
    await trial.save()
    const started = performance.now()
    const { receipt, again, counts, earlier } = await trial.finish()
    trial.clean = {
      points: pointsOf(counts),
      earlier,
      outcomes: trial.outcomes(receipt),
      again: trial.outcomes(again),
      content: await trial.content(),
      tookMs: performance.now() - started,
    }
    return trial
  }

  /** Everything is again as it was before the clean run. */
  async reset(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true })
    cpSync(this.saved, this.folder, { recursive: true })
    await this.putBack()
  }

  start(job: Partial<Job> = {}): Start {
    return this.program.start({ folder: this.folder, workflow: 'stock', ...job })
  }

  /** Starts the workflow and kills it after `ms`, unless it has ended before. */
  async killAfter(ms: number): Promise<void> {
    const start = this.start()
    const timer = setTimeout(() => {
      start.signal('SIGKILL')
    }, ms)
    await start.end()
    clearTimeout(timer)
  }

  /** Starts the workflow again and expects it to end. */
  async finish(): Promise<Report> {
    const report = await this.start({ again: true }).end()
    if (report === 'killed') throw new Error('the run was killed by somebody else')
    if (report.fault) throw new Error(`${report.fault.code}: ${report.fault.detail}`)
    return report
  }

  /** What is not as after the clean run; nothing when all is well. */
  async differences({ receipt, again, earlier }: Report): Promise<string[]> {
    const content = await this.content()
    const { problems } = verifyReceipt(receipt)
    const found = problems.map((problem) => `receipt: ${problem}`)
    const [here, there] = [new Set(content), new Set(this.clean.content)]
    for (const row of content) if (!there.has(row)) found.push(`only here: ${row}`)
    for (const row of this.clean.content) if (!here.has(row)) found.push(`missing: ${row}`)
    if (content.length !== this.clean.content.length)
      found.push(`${content.length} records, not ${this.clean.content.length}`)
    const outcomes = this.outcomes(receipt)
    // a run that was killed after its end is over: what follows is the next one
    const next = earlier > this.clean.earlier && outcomes === this.clean.again
    if (outcomes !== this.clean.outcomes && !next) found.push(`${outcomes}, not ${this.clean.outcomes}`)
    const later = this.outcomes(again)
    if (later !== this.clean.again) found.push(`a further run: ${later}, not ${this.clean.again}`)
    for (const [key, count] of this.target.writes ?? [])
      if (count > 1 && this.kind.repeats === 'recognised') found.push(`${key} was written ${count} times`)
    return found
  }

  /** What became of the records: `updated 46, unchanged 182`. */
  outcomes(receipt: Value | undefined): string {
    const counts = new Map<string, number>()
    for (const [outcome, count] of outcomesOf(receipt)) {
      // such a target answers a repeated create like an update, and a repeated delete like one of nothing
      const told = this.kind.repeats === 'harmless' ? (HARMLESS[outcome] ?? outcome) : outcome
      counts.set(told, (counts.get(told) ?? 0) + count)
    }
    return [...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ')
  }

  async close(): Promise<void> {
    await this.target.close()
    for (const folder of [this.folder, this.saved]) rmSync(folder, { recursive: true, force: true })
  }

  private async content(): Promise<string[]> {
    return contentOf(await this.target.content())
  }

  private async save(): Promise<void> {
    cpSync(this.folder, this.saved, { recursive: true })
    this.putBack = await this.target.save()
  }

  private define(mode: Mode, { batch, checkpointEvery }: Size): void {
    const definition = {
      tieout: 1,
      connections: { from: { connector: 'csv', folder: '.' }, to: this.target.connection },
      workflows: {
        stock: {
          key: 'sku',
          schema,
          source: { connection: 'from', stream: 'source.csv' },
          target: { connection: 'to', stream: this.target.stream },
          sync: { mode, batch, checkpointEvery, concurrency: 2 },
        },
      },
    }
    mkdirSync(join(this.folder, '.tieout'))
    writeFileSync(join(this.folder, 'tieout.yaml'), JSON.stringify(definition))
  }

  private offer(records: readonly DataRecord[]): void {
    writeFileSync(join(this.folder, 'source.csv'), csvOf(records))
  }
}

export interface Clean {
  /** Where the run can be killed. */
  points: string[]
  /** Runs that had ended before it. */
  earlier: number
  outcomes: string
  /** Of the run after it. */
  again: string
  content: string[]
  tookMs: number
}

const HARMLESS: Readonly<Record<string, string>> = {
  created: 'written',
  updated: 'written',
  deleted: 'gone',
  skipped: 'gone',
}

/** The outcomes of a receipt that are not zero. */
function outcomesOf(receipt: Value | undefined): [outcome: string, count: number][] {
  const outcomes = isObject(receipt) ? receipt['outcomes'] : undefined
  return Object.entries(isObject(outcomes) ? outcomes : {}).flatMap(([outcome, sum]) => {
    const count = isObject(sum) ? Number(sum['count']) : 0
    return count === 0 ? [] : [[outcome, count]]
  })
}
