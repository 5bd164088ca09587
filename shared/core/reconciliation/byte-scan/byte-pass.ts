import { renamingOf } from '../../mapping/source-fields'
import { Fault } from '../../fault'
import type { MappingDefinition } from '../../mapping/definition'
import { fieldsToCompare } from '../fields'
import type { FirstPass, FirstPassResult, GroupTotals, KeyGroup, SideCounts } from '../first-pass'
import type { DataRecord } from '../../record/value'
import { breakKey } from '../key-text'
import { Pace } from '../pace'
import type { PassRequest } from '../record-pass'
import type { SideInput } from '../side'
import { ByteScan } from './byte-scan'
import { byteTotals } from './byte-totals'
import { byteSigns, planFields, type FieldPlan } from './column-plan'
import { canScanBytes, isOutOfMemory } from './compiled'
import { KeyPartitions } from './key-partitions'
import { mergedTotals } from './merged-totals'
import { PairTable, type Places, type SideNumber } from './pair-table'
import { RowFetch } from './row-fetch'
import { newIntake, RowIntake, type Intake } from './row-intake'
import { SideScan, type ByteSide } from './side-scan'
import { expectedSize, type ExpectedSize } from './expected-size'

/** Of the rows of groups that are read again at once: so many that a file is not read again and again. */
const WINDOW_BYTES = 2 * 1024 * 1024
/** Groups looked up at once, and those handed out at once. */
const MOST = 1024
const PAGE = 256
/** Of the memory that matching may take: the rest is for what is read and for growing. */
const SHARE = 0.75
const MOST_PARTS = 256
/** The rest goes to disk whatever the workflow allows: the scan has 31 bits of addresses, also while a table moves. */
const MOST_MEMORY = 2 ** 30
/** For each time that the memory is too small: keys may be spread unevenly. */
const PARTS = 4

/**
 * Over the bytes of CSV files: rows are hashed where they stand, and only those of keys that are not known to agree become
 * records. What the bytes cannot tell for sure is taken from the row as a record.
 *
 * @returns undefined where nothing runs the scan or gives it the memory that it expects to take, a side is not made of local CSV files in UTF-8, its mapping does more than
 * rename each column once, or some of its records count as not there
 */
export async function bytePass(request: PassRequest): Promise<FirstPass | undefined> {
  const { workflow } = request
  // fields that no column holds
  if (workflow.sync.restore || !canScanBytes()) return undefined
  const source = await byteSide(request.source, request, workflow.map)
  const target = source && (await byteSide(request.target, request, undefined))
  if (!target) return undefined
  const compared = fieldsToCompare(workflow, source.fields, target.fields)
  const plan = planFields(workflow.reconcile, workflow.schema, compared)
  if (!plan) return undefined
  try {
    const expected = await expectedSize(workflow.reconcile, plan, [source, target])
    return new BytePass(request, plan, source, target, expected)
  } catch (error) {
    if (isOutOfMemory(error)) return undefined
    throw error
  }
}

async function byteSide(
  { source, mapper, leavesOut }: SideInput,
  { workflow }: PassRequest,
  map: MappingDefinition | undefined,
): Promise<ByteSide | undefined> {
  if (leavesOut) return undefined
  const columnOf = renamingOf(map, workflow.schema)
  if (!columnOf) return undefined
  const files = await source.csvFiles?.()
  if (!files?.every(({ layout }) => layout === undefined || byteSigns(layout))) return undefined
  const columns = new Set(files.flatMap(({ layout }) => layout?.columns ?? []))
  const names = [...columns, ...Object.keys(map ?? {}).filter((name) => name !== '*')]
  const fields = new Set(names.filter((name) => columns.has(columnOf(name) ?? '')))
  // a column fills one slot
  if (new Set([...fields].map(columnOf)).size < fields.size) return undefined
  return { files, mapper, columnOf, fields }
}

class BytePass implements FirstPass {
  readonly source: SideScan
  readonly target: SideScan
  private readonly intakes: Readonly<Record<'source' | 'target', RowIntake>>
  private readonly scan: ByteScan
  private readonly into: Intake
  private rows: PairTable | KeyPartitions
  private readonly keyFields: readonly string[]
  private readonly limit: number
  private readonly pace: Pace
  private totals: GroupTotals[] = []
  private agreed = 0
  private readonly repeated = { source: 0, target: 0 }

  constructor(
    private readonly request: PassRequest,
    private readonly plan: FieldPlan,
    private readonly from: ByteSide,
    private readonly to: ByteSide,
    private readonly expected: ExpectedSize,
  ) {
    const { reconcile } = request.workflow
    this.keyFields = reconcile.match[0]?.on.map(({ field }) => field) ?? []
    this.pace = new Pace(request.ports.clock, request.signal)
    this.limit = Math.min(reconcile.memory, MOST_MEMORY) * SHARE
    this.scan = new ByteScan(plan)
    this.rows =
      expected.bytes > this.limit
        ? this.partitions()
        : new PairTable(this.scan, expected.keys, expected.keyBytes)
    this.into = newIntake(reconcile, this.scan)
    this.intakes = {
      source: new RowIntake(0, reconcile, plan, this.into),
      target: new RowIntake(1, reconcile, plan, this.into),
    }
    const takeAway = (side: SideNumber) => (): void => {
      this.rows.takeAway(side)
    }
    this.source = new SideScan(this.scan, from, plan, this.intakes.source, takeAway(0))
    this.target = new SideScan(this.scan, to, plan, this.intakes.target, takeAway(1))
  }

  /** @throws Fault MEMORY_REFUSED */
  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    try {
      yield* this.matched()
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      const { name, reconcile } = this.request.workflow
      const detail = `Matching ${name} was refused memory, of which it may take ${megabytes(reconcile.memory)}: say less under memory in reconcile, such as ${megabytes(reconcile.memory / 4)}. The rest then goes to disk.`
      throw new Fault('MEMORY_REFUSED', detail, { workflow: name, memory: reconcile.memory })
    }
  }

  private async *matched(): AsyncGenerator<readonly KeyGroup[]> {
    const { comparison } = this.request
    try {
      yield* this.scanned(this.source)
      yield* this.scanned(this.target)
      comparison.narrow(this.source.fields, this.target.fields)
      const fetch = { source: new RowFetch(this.from, this.plan), target: new RowFetch(this.to, this.plan) }
      const { rows } = this
      try {
        if (rows instanceof PairTable) yield* this.groups(rows, fetch)
        else for await (const table of rows.tables(this.pace)) yield* this.groups(table, fetch)
      } finally {
        await fetch.source.close()
        await fetch.target.close()
      }
      this.totals = mergedTotals(
        this.into.recordTotals.groups(),
        byteTotals(this.scan, this.request.workflow.reconcile),
      )
    } finally {
      if (this.rows instanceof KeyPartitions) this.rows.drop()
      this.scan.drop()
    }
  }

  result(): FirstPassResult {
    const counts = (side: 'source' | 'target'): SideCounts => ({
      records: this[side].records,
      repeated: this.repeated[side],
      unreadable: this[side].refusals + this.intakes[side].keyless,
    })
    return {
      source: counts('source'),
      target: counts('target'),
      agreed: this.agreed,
      totals: this.totals,
      method: 'bytes',
    }
  }

  private async *scanned(side: SideScan): AsyncGenerator<readonly KeyGroup[]> {
    const { into, request } = this
    const number = side === this.source ? 0 : 1
    const before = number === 0 ? 0 : this.source.records
    for await (const read of side.blocks()) {
      request.onRead(before + read)
      const { rows } = this
      if (rows instanceof PairTable && rows.bytes > this.limit) {
        rows.takeAway(number)
        await this.moveToDisk(rows)
      }
      if (into.waiting.length > 0) yield into.waiting
      into.waiting = []
      await this.pace.step()
    }
  }

  private async moveToDisk(table: PairTable): Promise<void> {
    const parts = this.partitions()
    this.rows = parts
    await table.moveTo(parts, this.pace)
  }

  private partitions(): KeyPartitions {
    const count = Math.ceil(this.expected.bytes / this.limit) * PARTS
    return new KeyPartitions(this.scan, this.request.ports.spill, Math.min(MOST_PARTS, count))
  }

  private async *groups(
    table: PairTable,
    fetch: Readonly<Record<'source' | 'target', RowFetch>>,
  ): AsyncGenerator<readonly KeyGroup[]> {
    this.agreed += table.agreed
    this.repeated.source += table.repeated(0)
    this.repeated.target += table.repeated(1)
    const rows = WINDOW_BYTES / this.expected.rowBytes
    let window: number[] = []
    for (const found of table.unequal(MOST)) {
      window.push(...found)
      if (window.length * 2 >= rows) {
        yield* this.pages(table, window, fetch)
        window = []
      }
      await this.pace.step()
    }
    yield* this.pages(table, window, fetch)
  }

  private async *pages(
    table: PairTable,
    window: readonly number[],
    fetch: Readonly<Record<'source' | 'target', RowFetch>>,
  ): AsyncGenerator<readonly KeyGroup[]> {
    await fetch.source.load(Float64Array.from(window.flatMap((key) => table.placesOf(key).source)))
    await fetch.target.load(Float64Array.from(window.flatMap((key) => table.placesOf(key).target)))
    for (let from = 0; from < window.length; from += PAGE) {
      const page = window.slice(from, from + PAGE).map((key) => table.placesOf(key))
      const sources = fetch.source.records(page.flatMap(({ source }) => source))
      const targets = fetch.target.records(page.flatMap(({ target }) => target))
      yield this.groupsOf(page, sources, targets)
      await this.pace.step()
    }
  }

  /** @param sources records of all places one after the other, as `targets` */
  private groupsOf(
    page: readonly Places[],
    sources: readonly DataRecord[],
    targets: readonly DataRecord[],
  ): KeyGroup[] {
    let [source, target] = [0, 0]
    return page.map((places) => {
      const group = {
        source: sources.slice(source, (source += places.source.length)),
        target: targets.slice(target, (target += places.target.length)),
      }
      return { key: breakKey(group.source[0] ?? group.target[0] ?? {}, this.keyFields), ...group }
    })
  }
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024 ** 2))}MB`
}
