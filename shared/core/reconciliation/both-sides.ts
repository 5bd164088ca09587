import type { DataRecord } from '../record/value'
import type { Workflow } from '../workflow'
import type { GroupTotals, KeyGroup, SideCounts } from './first-pass'
import { SideReader, type SideInput } from './side'
import { Totals } from './totals'

export type SideName = 'source' | 'target'

/** How the sides of a pass are read that looks at every record. */
export interface Reading {
  workflow: Workflow
  source: SideInput
  target: SideInput
  signal: AbortSignal
  onRead: (read: number) => void
}

/** Both sides as they are read, record by record; each one is added up on the way. */
export class BothSides {
  readonly source: SideReader
  readonly target: SideReader
  private readonly totals: Totals
  private read = 0

  constructor(private readonly reading: Reading) {
    this.totals = new Totals(reading.workflow.reconcile)
    this.source = this.reader('source')
    this.target = this.reader('target')
  }

  async *pages(side: SideName): AsyncGenerator<readonly DataRecord[]> {
    for await (const page of this[side].pages()) {
      this.read += page.length
      this.reading.onRead(this.read)
      yield page
    }
  }

  /** Rows that could not be read, since the last call. */
  takeRefused(): KeyGroup[] {
    return [
      ...this.source.takeRefused().map((key): KeyGroup => ({ key, source: [UNREADABLE], target: [] })),
      ...this.target.takeRefused().map((key): KeyGroup => ({ key, source: [], target: [UNREADABLE] })),
    ]
  }

  counts(side: SideName, { repeated, keyless }: { repeated: number; keyless: number }): SideCounts {
    const { records, refusals } = this[side]
    return { records, repeated, unreadable: refusals + keyless }
  }

  groups(): readonly GroupTotals[] {
    return this.totals.groups()
  }

  private reader(side: SideName): SideReader {
    const { totals } = this
    const { workflow, signal } = this.reading
    return new SideReader(
      this.reading[side],
      signal,
      (record) => {
        totals[side](record)
      },
      () => {
        totals[side](UNREADABLE)
      },
      workflow.reconcile.cutOff?.field,
    )
  }
}

/** What is compared and added up of a row that could not be read. */
const UNREADABLE: DataRecord = {}
