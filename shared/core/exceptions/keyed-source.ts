import { MalformedRow, type ListingEnd, type Page, type ReadRequest, type Source } from '../connector'
import type { Mapper } from '../mapping/mapper'
import { parseJson } from '../format/json'
import type { Clock } from '../ports'
import { Hasher } from '../record/hash'
import { isList, type DataRecord } from '../record/value'
import type { Attempt, Chosen } from './chosen'
import { applyFix } from './fix'
import type { Picked, Picker } from './picker'
import { openedChanges, type Sealing } from './sealed'

export interface KeyedSourceOptions {
  picker: Picker
  typed: boolean
  /** Of the workflow's own source. */
  mapper: Mapper
  clock: Clock
  /** Records per second at most. */
  rate?: number | undefined
  /**
   * What becomes of a record whose fix no longer fits, because what it corrects has changed: it gets it nevertheless, or
   * goes without. By default it is left alone.
   */
  stale?: 'rebase' | 'discard' | undefined
  /** What opens the values of personal fields in the fix of an exception. */
  sealing: Omit<Sealing, 'exception'>
  /** Somebody decided that a first attempt that may have been written does not count. */
  again?: boolean | undefined
}

/** A record of a retry as the rest of the run has to know it. */
export interface Redriven {
  /** Of its exception. */
  subject: string
  /** Its exception is known by the key, not by the content. */
  keyed: boolean
  /** As the source has it, without its fix. */
  original: DataRecord
  /** An attempt to write just this that this one repeats. */
  repeats?: Attempt
}

/**
 * A source that yields only chosen records, as the real source has them now, with their fixes. What it finds out on the
 * way is in `found` and `stale`.
 */
export class KeyedSource implements Source {
  readonly typed: boolean
  /** Subjects that the source still has. */
  readonly found = new Set<string>()
  /** Those that were left alone, because their fix no longer fits. */
  readonly stale: Chosen[] = []
  /** Rows of a file that cannot be read: they would not be better now. */
  readonly unreadable: Chosen[] = []
  /** Maps each record as what it was found in needs it: texts of a file are converted, values of a database are not. */
  readonly mapper: Mapper
  private readonly redriven = new WeakMap<DataRecord, Redriven>()
  private readonly picked = new WeakMap<DataRecord, Picked>()
  private readonly hasher = new Hasher()

  constructor(private readonly options: KeyedSourceOptions) {
    this.typed = options.typed
    const of = (record: DataRecord): Mapper => this.picked.get(record)?.mapper ?? options.mapper
    this.mapper = {
      map: (record, ledger) => of(record).map(record, ledger),
      part: (record, fields) => of(record).part?.(record, fields),
    }
  }

  /** Of a record that this source yielded. */
  readonly of = (record: DataRecord): Redriven | undefined => this.redriven.get(record)

  /** Of a record that this source yielded: the run that its file was sent to. */
  readonly sentTo = (record: DataRecord): string | undefined => this.picked.get(record)?.sentTo

  async *read({ after, pageSize, signal }: ReadRequest): AsyncGenerator<Page> {
    const { picker, clock, rate = Infinity } = this.options
    const started = clock.elapsed()
    const size = Math.max(1, Math.min(pageSize, Math.floor(rate)))
    let { position, count } = placeOf(after)
    let sent = 0
    for await (const picked of picker.pick(position, signal)) {
      const rows = picked.flatMap((one) => this.rowOf(one))
      for (let at = 0; at < rows.length; at += size) {
        const some = rows.slice(at, at + size)
        const early = started + (sent / rate) * 1000 - clock.elapsed()
        if (early > 0 && !(await waited(clock, early, signal))) return
        position = some.at(-1)?.position
        const page = { firstRow: count + 1, place: placesOf(some) }
        count += some.length
        sent += some.length
        yield { ...page, rows: some.map(({ row }) => row), position: textOf(position, count) }
      }
    }
    yield { rows: [], firstRow: count + 1, position: textOf(position, count), end: END }
  }

  /** Nothing when it is left alone. */
  private rowOf(picked: Picked): [Picked] | [] {
    const { row, chosen } = picked
    if (!(row instanceof MalformedRow)) this.picked.set(row, picked)
    if (!chosen) return [picked]
    this.found.add(chosen.subject)
    if (row instanceof MalformedRow) {
      if (chosen.upload === undefined) return [picked]
      this.unreadable.push(chosen)
      return []
    }
    const sent = this.fixed(row, chosen)
    if (sent === undefined) {
      this.stale.push(chosen)
      return []
    }
    const hash = this.hasher.record(row).hex()
    const { subject } = chosen
    const redriven: Redriven = { subject, keyed: !subject.startsWith('#'), original: row }
    const repeats = sent === row && hash === chosen.hash && this.options.again !== true
    if (chosen.attempt && repeats) redriven.repeats = chosen.attempt
    this.picked.set(sent, picked)
    this.redriven.set(sent, redriven)
    return [{ ...picked, row: sent }]
  }

  private fixed(record: DataRecord, { fix, exception = 0 }: Chosen): DataRecord | undefined {
    const { stale, sealing } = this.options
    if (!fix) return record
    const changes = openedChanges(fix.changes, { ...sealing, exception })
    const fixed = changes && applyFix(record, changes, stale === 'rebase')
    return fixed ?? (stale === 'discard' ? record : undefined)
  }
}

const END: ListingEnd = { complete: false, evidence: 'a retry reads only what was chosen.' }

/** @returns false when somebody stopped the run meanwhile */
async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal)
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

/** A function that does not hold the rows. */
function placesOf(picked: readonly Picked[]): (index: number) => string {
  const places = picked.map(({ place }) => place)
  return (index) => places[index] ?? ''
}

function textOf(position: string | undefined, count: number): string {
  return JSON.stringify([position ?? null, count])
}

function placeOf(after: string | undefined): { position: string | undefined; count: number } {
  const parts = after === undefined ? [] : parseJson(after)
  const [position, count] = isList(parts) ? parts : []
  return { position: typeof position === 'string' ? position : undefined, count: Number(count ?? 0) }
}
