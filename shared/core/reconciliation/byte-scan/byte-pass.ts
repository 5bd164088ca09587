import { renamingOf } from '../../mapping/source-fields'
import type { MappingDefinition } from '../../mapping/definition'
import type { DataRecord } from '../../record/value'
import { dimensionTexts } from '../dimension'
import { fieldsToCompare } from '../fields'
import type { FirstPassResult, KeyGroup, FirstPass, SideCounts } from '../first-pass'
import { breakKey } from '../key-text'
import { Pace } from '../pace'
import type { PassRequest } from '../record-pass'
import type { SideInput } from '../side'
import { Totals } from '../totals'
import { ByteText } from './byte-keys'
import { ByteTotals } from './byte-totals'
import { byteSigns, planFields, type FieldPlan } from './column-plan'
import { KeyPartitions } from './key-partitions'
import { mergedTotals } from './merged-totals'
import { PairTable, type Places, type SideNumber } from './pair-table'
import { RowFetch } from './row-fetch'
import { RowGroup } from './row-group'
import { RowHash } from './row-hash'
import { RowKey } from './row-key'
import type { RowWalk } from './row-walk'
import { SideScan, type ByteSide, type RowSink } from './side-scan'
import { expectedSize, type ExpectedSize } from './expected-size'

/** Groups whose rows are read again at once, and those handed out at once. */
const WINDOW = 1024
const PAGE = 256
/** Of the memory that matching may take: the rest is for what is read and for growing. */
const SHARE = 0.75
const MOST_PARTS = 256
/** For each time that the memory is too small: a table may still be held while the next one is filled. */
const PARTS = 4
const UNREADABLE: DataRecord = {}

/**
 * Over the bytes of CSV files: rows are hashed where they stand, and only those of keys that are not known to agree become
 * records. What the bytes cannot tell for sure is taken from the row as a record.
 *
 * @returns undefined where a side is not made of local CSV files in UTF-8, its mapping does more than rename, or some of
 * its records count as not there
 */
export async function bytePass(request: PassRequest): Promise<FirstPass | undefined> {
  const { workflow } = request
  // fields that no column holds
  if (workflow.sync.restore) return undefined
  const source = await byteSide(request.source, request, workflow.map)
  const target = source && (await byteSide(request.target, request, undefined))
  if (!target) return undefined
  const compared = fieldsToCompare(workflow, source.fields, target.fields)
  const plan = planFields(workflow.reconcile, workflow.schema, compared)
  return plan && new BytePass(request, plan, source, target, await expectedSize(plan, [source, target]))
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
  const fields = names.filter((name) => columns.has(columnOf(name) ?? ''))
  return { files, mapper, columnOf, fields: new Set(fields) }
}

class BytePass implements FirstPass {
  readonly source: SideScan
  readonly target: SideScan
  private readonly totals: ByteTotals
  private readonly recordTotals: Totals
  private readonly keyFields: readonly string[]
  private readonly limit: number
  private readonly pace: Pace
  private table: PairTable | undefined
  private parts: KeyPartitions | undefined
  private agreed = 0
  private readonly repeated = { source: 0, target: 0 }
  private readonly keyless = { source: 0, target: 0 }
  /** Groups of rows that have no key or are no records. */
  private waiting: KeyGroup[] = []

  constructor(
    private readonly request: PassRequest,
    private readonly plan: FieldPlan,
    private readonly from: ByteSide,
    private readonly to: ByteSide,
    private readonly expected: ExpectedSize,
  ) {
    const { reconcile } = request.workflow
    this.totals = new ByteTotals(dimensionTexts(reconcile), plan.measures)
    this.recordTotals = new Totals(reconcile)
    this.keyFields = reconcile.match[0]?.on.map(({ field }) => field) ?? []
    this.pace = new Pace(request.ports.clock, request.signal)
    this.limit = reconcile.memory * SHARE
    if (expected.bytes > this.limit) this.parts = this.partitions()
    else this.table = new PairTable(plan.key.length, expected.keys, expected.keyWords)
    this.source = new SideScan(from, plan, this.sink(0))
    this.target = new SideScan(to, plan, this.sink(1))
  }

  async *unequal(): AsyncGenerator<readonly KeyGroup[]> {
    const { comparison } = this.request
    try {
      yield* this.scanned(this.source)
      yield* this.scanned(this.target)
      comparison.narrow(this.source.fields, this.target.fields)
      const fetch = { source: new RowFetch(this.from, this.plan), target: new RowFetch(this.to, this.plan) }
      try {
        if (this.table) yield* this.groups(this.table, fetch)
        else for await (const table of this.parts?.tables(this.pace) ?? []) yield* this.groups(table, fetch)
      } finally {
        await fetch.source.close()
        await fetch.target.close()
      }
    } finally {
      this.parts?.drop()
    }
  }

  result(): FirstPassResult {
    const counts = (side: 'source' | 'target'): SideCounts => ({
      records: this[side].records,
      repeated: this.repeated[side],
      unreadable: this[side].refusals + this.keyless[side],
    })
    return {
      source: counts('source'),
      target: counts('target'),
      agreed: this.agreed,
      totals: mergedTotals(this.recordTotals.groups(), this.totals.totals()),
      method: 'bytes',
    }
  }

  private async *scanned(side: SideScan): AsyncGenerator<readonly KeyGroup[]> {
    const { onRead } = this.request
    const before = side === this.target ? this.source.records : 0
    for await (const read of side.blocks()) {
      onRead(before + read)
      if (this.table && this.table.bytes > this.limit) await this.moveToDisk(this.table)
      if (this.waiting.length > 0) yield this.waiting
      this.waiting = []
      await this.pace.step()
    }
    this.table?.flush()
  }

  private async moveToDisk(table: PairTable): Promise<void> {
    this.parts = this.partitions()
    await table.moveTo(this.parts, this.pace)
    this.table = undefined
  }

  private partitions(): KeyPartitions {
    const count = Math.ceil(this.expected.bytes / this.limit) * PARTS
    return new KeyPartitions(this.request.ports.spill, Math.min(MOST_PARTS, count), this.plan.key.length)
  }

  private sink(side: SideNumber): RowSink {
    const name = side === 0 ? 'source' : 'target'
    const { totals, recordTotals, plan } = this
    const key = new RowKey(plan)
    const group = new RowGroup(this.request.workflow.reconcile, plan)
    const hash = new RowHash(plan)
    const keyText = new ByteText()
    const groupText = new ByteText()
    const keep = (place: number): void => {
      if (this.table) this.table.add(side, keyText, hash.a, hash.b, place)
      else this.parts?.add(side, keyText, hash.a, hash.b, place)
    }
    const alone = (id: string, record: DataRecord): void => {
      this.waiting.push({ key: id, source: [], target: [], [name]: [record] })
    }
    return {
      plain: (walk: RowWalk, place: number) => {
        if (!totals.take(walk) || !group.ofWalk(walk, groupText) || !key.ofWalk(walk, keyText)) return false
        totals.add(side, groupText)
        hash.ofWalk(walk)
        keep(place)
        return true
      },
      record: (record, walk, place) => {
        recordTotals[name](record)
        if (key.ofRecord(record, keyText)) {
          hash.ofRecord(record, walk)
          keep(place)
        } else {
          this.keyless[name]++
          alone(breakKey(record, this.keyFields), record)
        }
      },
      refused: (id) => {
        recordTotals[name](UNREADABLE)
        alone(id, UNREADABLE)
      },
    }
  }

  private async *groups(
    table: PairTable,
    fetch: Readonly<Record<'source' | 'target', RowFetch>>,
  ): AsyncGenerator<readonly KeyGroup[]> {
    this.agreed += table.agreed
    this.repeated.source += table.repeatedSource
    this.repeated.target += table.repeatedTarget
    for (const window of table.unequal(WINDOW)) {
      yield* this.pages(window, fetch)
      await this.pace.step()
    }
  }

  private async *pages(
    window: readonly Places[],
    fetch: Readonly<Record<'source' | 'target', RowFetch>>,
  ): AsyncGenerator<readonly KeyGroup[]> {
    const sources = await fetch.source.records(Float64Array.from(window.flatMap(({ source }) => source)))
    const targets = await fetch.target.records(Float64Array.from(window.flatMap(({ target }) => target)))
    let [source, target] = [0, 0]
    for (let from = 0; from < window.length; from += PAGE) {
      const page: KeyGroup[] = []
      for (const places of window.slice(from, from + PAGE)) {
        const group = {
          source: sources.slice(source, (source += places.source.length)),
          target: targets.slice(target, (target += places.target.length)),
        }
        page.push({ key: breakKey(group.source[0] ?? group.target[0] ?? {}, this.keyFields), ...group })
      }
      yield page
      await this.pace.step()
    }
  }
}
