import type {
  Answer,
  Batch,
  Page,
  ReadRequest,
  Source,
  Target,
  TargetAbilities,
} from '../../shared/core/connector'
import { MalformedRow } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { sameRecord } from '../../shared/core/record/canonical'
import { keyText } from '../../shared/core/record/key'
import { textOf, type DataRecord } from '../../shared/core/record/value'

/**
 * A source and a target in memory, for faults that no real system makes on demand: an answer that never comes, a
 * listing that ends early, a kill between two instants. Everything else is tested with real systems.
 */
export class MemorySource implements Source {
  readonly typed: boolean = true
  address?: string
  /** Called before each page; may throw. */
  beforePage: (page: number) => void = () => undefined
  total: number | undefined
  complete = true
  /** Of a row by its ordinal. */
  place: ((row: number) => string) | undefined
  reads: ReadRequest[] = []

  constructor(public rows: (DataRecord | MalformedRow)[]) {}

  async *read(request: ReadRequest): AsyncGenerator<Page> {
    this.reads.push(request)
    const rows = request.since ? this.rows.filter((row) => isSince(row, request.since)) : this.rows
    let at = request.after === undefined ? 0 : Number(request.after)
    for (let page = 0; ; page++) {
      this.beforePage(page)
      await Promise.resolve()
      const slice = rows.slice(at, at + request.pageSize)
      const last = at + slice.length >= rows.length
      const one: Page = { rows: slice, firstRow: at + 1, position: String(at + slice.length) }
      const { place } = this
      const firstRow = at + 1
      if (place) one.place = (index) => place(firstRow + index)
      if (last)
        one.end = {
          complete: this.complete,
          evidence: 'memory',
          ...(this.total === undefined ? {} : { total: this.total }),
        }
      yield one
      if (last) return
      at += slice.length
    }
  }
}

function isSince(row: DataRecord | MalformedRow, since: ReadRequest['since']): boolean {
  if (row instanceof MalformedRow || !since) return true
  return textOf(row[since.field]) >= since.value
}

export class MemoryTarget implements Target {
  address?: string
  readonly records = new Map<string, DataRecord>()
  readonly batches: Batch[] = []
  finished = 0
  abilities: TargetAbilities = { compares: true, repeat: 'harmless', atomic: true, before: true }
  lookup?: NonNullable<Target['lookup']>
  plan?: NonNullable<Target['plan']>
  keys: NonNullable<Target['keys']>
  fingerprint?: NonNullable<Target['fingerprint']>
  /** Called with each batch before it has its effect; may throw. */
  before: (batch: Batch, call: number) => void = () => undefined
  /** Called after the effect; may throw (the answer is lost) or answer something else. */
  after: (batch: Batch, answers: Answer[], call: number) => Answer[] = (_, answers) => answers
  /** Refuses single records. */
  refuse: (record: DataRecord) => string | undefined = () => undefined
  private readonly ledger = new Map<string, Answer[]>()

  constructor(private readonly key: readonly string[]) {
    this.lookup = (keys) => Promise.resolve(keys.map((one) => this.records.get(this.text(one))))
    this.plan = (batch) => this.planned(batch)
    this.keys = () => listKeys(this.records, this.key)
  }

  write(batch: Batch): Promise<Answer[]> {
    const call = this.batches.push(copyOf(batch))
    return Promise.resolve().then(() => {
      this.before(batch, call)
      const earlier = this.abilities.repeat === 'replayed' ? this.ledger.get(batch.idempotencyKey) : undefined
      const answers = earlier ?? batch.writes.map((write) => this.apply(write))
      this.ledger.set(batch.idempotencyKey, answers)
      return this.after(batch, answers, call)
    })
  }

  private planned(batch: Batch): Promise<Answer[]> {
    const held = new Map(this.records)
    const answers = batch.writes.map((write) => this.apply(write))
    this.records.clear()
    for (const [key, record] of held) this.records.set(key, record)
    return Promise.resolve(answers)
  }

  finish(): Promise<void> {
    this.finished++
    return Promise.resolve()
  }

  /** All records, by key. */
  get state(): DataRecord[] {
    return [...this.records.keys()].sort().map((key) => this.records.get(key) ?? {})
  }

  get sent(): number {
    return this.batches.reduce((sum, batch) => sum + batch.writes.length, 0)
  }

  private apply(write: Batch['writes'][number]): Answer {
    const message = this.refuse(write.record)
    if (message !== undefined) return { outcome: 'rejected', code: 'RECORD_REFUSED', message }
    const key =
      this.abilities.repeat === 'doubles' && write.operation === 'insert'
        ? `${this.text(write.key)}#${String(this.batches.length)}`
        : this.text(write.key)
    const before = this.records.get(key)
    if (write.operation === 'delete') {
      this.records.delete(key)
      return before ? { outcome: 'deleted', before } : { outcome: 'unchanged' }
    }
    if (!before && write.operation === 'update') return { outcome: 'skipped', reason: 'absent' }
    const record = { ...before, ...write.record }
    this.records.set(key, record)
    if (!before) return { outcome: 'created' }
    return sameRecord(before, record) ? { outcome: 'unchanged' } : { outcome: 'updated', before }
  }

  private text(record: DataRecord): string {
    return keyText(record, this.key) ?? JSON.stringify(record)
  }
}

/** The core lets go of a record once it has its outcome. */
function copyOf({ idempotencyKey, writes }: Batch): Batch {
  const copies = writes.map(({ operation, key, record, exists, json, idempotencyKey }) => {
    return { operation, key, record, exists, json, idempotencyKey }
  })
  return { idempotencyKey, writes: copies }
}

async function* listKeys(
  records: Map<string, DataRecord>,
  key: readonly string[],
): AsyncGenerator<DataRecord[]> {
  await Promise.resolve()
  yield [...records.values()].map((record) =>
    Object.fromEntries(key.map((field) => [field, record[field] ?? null])),
  )
}

/** An outage, as a connector reports it. */
export function outage(retryAfterMs?: number): Fault {
  return new Fault('UPSTREAM_DOWN', 'The target answers 503.', {}, retryAfterMs)
}

export function lostAnswer(): Fault {
  return new Fault('RESPONSE_LOST', 'The request was sent and no answer came.')
}

export function refusedBatch(): Fault {
  return new Fault('BATCH_REFUSED', 'The batch was refused as a whole.')
}
