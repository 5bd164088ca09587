import { readFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../../connectors'
import { clock as wallClock } from '../../../shared/adapters/clock'
import { verifyReceipt, type Receipt } from '../../../shared/core/bulk-sync/receipt'
import { errorEntry, isErrorCode } from '../../../shared/contract/errors'
import { parseJson } from '../../../shared/core/format/json'
import type { Clock } from '../../../shared/core/ports'
import type { DataRecord, Value } from '../../../shared/core/record/value'
import type { Failure } from '../../../shared/core/exceptions/exception'
import { folderWith } from '../../support/folder'
import { openWorkspace } from '../../support/workspace'

/** Time runs a hundred times as fast: waits are made in full, and nobody notices. */
export const fastClock: Clock = {
  now: () => Math.round(STARTED + fastClock.elapsed()),
  elapsed: () => wallClock.elapsed() * SPEED,
  sleep: (ms, signal) => wallClock.sleep(ms / SPEED, signal),
  random: () => 0.5,
}
const SPEED = 100
const STARTED = Date.now() - wallClock.elapsed() * SPEED

/** After which an answer is too late; a busy machine must not be taken for a slow service. */
export const TOO_LATE_MS = 600

export function stock(count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => ({ sku: `S${String(i + 1).padStart(3, '0')}`, qty: i }))
}

export interface Way {
  /** The connection of the API; its stream `stock` is written to, or read from. */
  api: DataRecord
  /** Into the API (from a file), or out of it. */
  direction: 'in' | 'out'
  sync?: DataRecord
  /** Where the other end is a file: what it holds at first. */
  records?: readonly DataRecord[]
}

export interface Ran {
  receipt: Receipt
  /** `created 10`, the outcomes that are not zero. */
  outcomes: string
  failures: Failure[]
}

/** A workflow between a file and an API, over the real connector and the real HTTP client. */
export class FaultBench {
  private constructor(
    private readonly folder: ReturnType<typeof folderWith>,
    private readonly opened: Awaited<ReturnType<typeof openWorkspace>>,
  ) {}

  static async open({ api, direction, sync = {}, records = [] }: Way): Promise<FaultBench> {
    const file = { connection: 'file', stream: 'stock.ndjson' }
    const service = { connection: 'api', stream: 'stock' }
    const definition = {
      tieout: 1,
      connections: { file: { connector: 'ndjson' }, api: { connector: 'http', proxy: 'none', ...api } },
      workflows: {
        stock: {
          key: 'sku',
          source: direction === 'in' ? file : service,
          target: direction === 'in' ? service : file,
          sync: { batch: 5, concurrency: 1, guards: { rejects: 'off' }, ...sync },
        },
      },
    }
    const folder = folderWith({ 'tieout.yaml': JSON.stringify(definition) })
    const bench = new FaultBench(
      folder,
      await openWorkspace({
        folder: folder.path,
        registry,
        owner: { name: 'host:1', alive: () => true },
        state: ':memory:',
        clock: fastClock,
      }),
    )
    if (records.length > 0)
      writeFileSync(bench.file, records.map((record) => JSON.stringify(record) + '\n').join(''))
    return bench
  }

  async sync(): Promise<Ran> {
    const receipt = await this.opened.workspace.sync('stock', { signal: new AbortController().signal })
    const { problems } = verifyReceipt(JSON.parse(JSON.stringify(receipt)))
    if (problems.length > 0) throw new Error(problems.join('\n'))
    const outcomes = Object.entries(receipt.outcomes).filter(([, { count }]) => count > 0)
    return {
      receipt,
      outcomes: outcomes.map(([outcome, { count }]) => `${outcome} ${count}`).join(', '),
      failures: await this.opened.store.inbox.failures({ run: receipt.run, limit: 100 }),
    }
  }

  /** What the file holds. */
  get content(): Value[] {
    if (!existsSync(this.file)) return []
    const lines = readFileSync(this.file, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map(parseJson)
  }

  async close(): Promise<void> {
    await this.opened.store.close()
    this.folder.remove()
  }

  private get file(): string {
    return join(this.folder.path, 'stock.ndjson')
  }
}

/** The codes that a run tells, each with an owner and steps that somebody can take and verify. */
export function codesOf({ receipt, failures }: Ran): string[] {
  const { fault } = receipt
  const codes = [...new Set(failures.map(({ code }) => code))]
  for (const code of [...(fault ? [fault.code] : []), ...codes]) {
    if (!isErrorCode(code)) throw new Error(`${code} is not in the catalogue`)
    const { owner, steps } = errorEntry(code)
    expectAdvice(owner, steps)
  }
  return [...(fault ? [fault.code] : []), ...codes.filter((code) => code !== 'RUN_STOPPED').sort()]
}

function expectAdvice(owner: string, steps: readonly { do: string; verify: string }[]): void {
  expect(owner).toMatch(/^(you|your-network-team|other-system|us)$/)
  expect(steps.length).toBeGreaterThan(0)
  for (const step of steps) expect([step.do, step.verify]).not.toContain('')
}
