import type { Answer, Batch, SyncMode, Target, TargetAbilities, Write } from '../../../shared/core/connector'
import { sameRecord } from '../../../shared/core/record/canonical'
import { Hasher } from '../../../shared/core/record/hash'
import { keyRecord } from '../../../shared/core/record/key'
import type { DataRecord } from '../../../shared/core/record/value'
import type { InputRecords } from '../../host/items'

/** What has to be done to one record of the target, for a node that does it. */
export interface Change {
  operation: 'create' | 'update' | 'delete'
  key: DataRecord
  record: DataRecord
  /** The record as it was mapped, in which the key may be written otherwise. */
  mapped: DataRecord
  before?: DataRecord
  /** The item of the second input. */
  from?: number
  batch: number
  idempotencyKey: string
  batchKey: string
}

/** The items of the second input as the target: nothing is written, what would be is noted. */
export class PlanTarget implements Target {
  readonly abilities: TargetAbilities = { compares: true, repeat: 'harmless', atomic: true, before: true }
  readonly changes: Change[] = []
  /** Items whose key an earlier one has, too. */
  repeated = 0
  private readonly hasher = new Hasher()
  private readonly held = new Map<string, DataRecord>()
  private batch = 0

  constructor(
    private readonly input: InputRecords,
    private readonly key: readonly string[],
    private readonly mode: SyncMode,
  ) {
    // every record is added, whatever is there
    if (mode === 'append') return
    for (const record of input.records) {
      const print = this.print(record)
      if (print === undefined) continue
      if (this.held.has(print)) this.repeated++
      else this.held.set(print, record)
    }
  }

  write(batch: Batch): Promise<Answer[]> {
    this.batch++
    return Promise.resolve(batch.writes.map((write) => this.judge(write, batch.idempotencyKey)))
  }

  async *keys(): AsyncGenerator<readonly DataRecord[]> {
    yield await Promise.resolve([...this.held.values()].map((record) => keyRecord(record, this.key)))
  }

  /** Of its key, in which 7 is '7': a sheet has the one where an API has the other. */
  private print(record: DataRecord): string | undefined {
    return this.hasher.key(record, this.key) ? this.hasher.hex() : undefined
  }

  private judge(
    { operation, key: ofSource, record: mapped, idempotencyKey }: Write,
    batchKey: string,
  ): Answer {
    const before = this.held.get(this.print(ofSource) ?? '')
    // as the target writes it, so that who does the change finds the record
    const key = before ? keyRecord(before, this.key) : ofSource
    const record = before ? { ...mapped, ...key } : mapped
    const note = (change: Pick<Change, 'operation'>): void => {
      const from = this.input.placeOf(before)
      const known = { ...(before === undefined ? {} : { before }), ...(from === undefined ? {} : { from }) }
      this.changes.push({
        ...change,
        ...known,
        key,
        record,
        mapped,
        batch: this.batch,
        idempotencyKey,
        batchKey,
      })
    }
    if (operation === 'delete') {
      if (!before) return { outcome: 'unchanged' }
      note({ operation: 'delete' })
      return { outcome: 'deleted', before }
    }
    if (!before) {
      if (this.mode === 'update-only') return { outcome: 'skipped', reason: 'absent' }
      note({ operation: 'create' })
      return { outcome: 'created' }
    }
    if (this.mode === 'insert-only') return { outcome: 'skipped', reason: 'exists' }
    if (sameRecord(part(before, record), record)) return { outcome: 'unchanged' }
    note({ operation: 'update' })
    return { outcome: 'updated', before }
  }
}

/** The fields that the source has: what the target has beyond them is the target's own. */
function part(of: DataRecord, like: DataRecord): DataRecord {
  const fields: DataRecord = {}
  for (const field of Object.keys(like)) if (of[field] !== undefined) fields[field] = of[field]
  return fields
}
