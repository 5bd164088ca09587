import type { BreakKind } from '../../../shared/core/reconciliation/break'
import type { ReconcileSettings } from '../../../shared/core/reconciliation/settings'
import { propertiesOf } from '../../../shared/core/mapping/schema'
import type { JsonSchema } from '../../../shared/core/ports'
import { sameRecord, sameValue } from '../../../shared/core/record/canonical'
import { keyText } from '../../../shared/core/record/key'
import type { DataRecord } from '../../../shared/core/record/value'

/** What has to be found: nothing more and nothing less. */
export interface Planted {
  kind: BreakKind
  key: string
  /** Only of `differs`. */
  fields: readonly string[]
  /** Id of the rule that has to name it; none for what has no cause. */
  cause: string | undefined
}

/** Two sides, and everything in which they disagree. */
export interface Truth {
  key: readonly string[]
  schema: JsonSchema
  settings: Partial<ReconcileSettings>
  source: readonly DataRecord[]
  target: readonly DataRecord[]
  planted: readonly Planted[]
  /** Pairs that are equal. */
  agreed: number
}

/** Two equal sides into which breaks are planted; each pair gets one at most. */
export class Books {
  readonly planted: Planted[] = []
  agreed: number
  private readonly source: DataRecord[]
  private readonly target: DataRecord[]
  private readonly gone = { source: new Set<number>(), target: new Set<number>() }
  private readonly more: { source: DataRecord[]; target: DataRecord[] } = { source: [], target: [] }
  private next = 0

  constructor(
    private readonly key: readonly string[],
    records: readonly DataRecord[],
  ) {
    this.source = records.map((record) => ({ ...record }))
    this.target = records.map((record) => ({ ...record }))
    this.agreed = records.length
  }

  /** The target holds something else. */
  differ(
    count: number,
    cause: string | undefined,
    change: (record: DataRecord, i: number) => DataRecord,
  ): void {
    this.each(count, (at, record, i) => {
      const changed = change(record, i)
      this.target[at] = changed
      const names = new Set([...Object.keys(record), ...Object.keys(changed)])
      const fields = [...names].filter((field) => !sameValue(record[field], changed[field])).sort()
      this.plant('differs', record, fields, cause)
    })
  }

  /** The target holds it under another key. */
  move(
    count: number,
    cause: string | undefined,
    change: (record: DataRecord, i: number) => DataRecord,
  ): void {
    this.each(count, (at, record, i) => {
      const changed = change(record, i)
      this.target[at] = changed
      this.plant('missing-in-target', record, [], cause)
      this.plant('missing-in-source', changed, [], cause)
    })
  }

  /** One side does not have it; `change` makes what the other has. */
  lose(
    side: 'source' | 'target',
    count: number,
    cause?: string,
    change: (record: DataRecord, i: number) => DataRecord = (record) => record,
  ): void {
    const other = side === 'source' ? this.target : this.source
    this.each(count, (at, record, i) => {
      this.gone[side].add(at)
      const changed = change(record, i)
      other[at] = changed
      this.plant(side === 'source' ? 'missing-in-source' : 'missing-in-target', changed, [], cause)
    })
  }

  /** One side has it once more; the first of them still agrees with the other side's. */
  repeat(side: 'source' | 'target', count: number): void {
    this.agreed += count
    this.each(count, (_, record) => {
      this.more[side].push({ ...record })
      this.plant('duplicate', record, [], 'double-posting')
    })
  }

  sides(): Pick<Truth, 'source' | 'target'> {
    return {
      source: [...this.source.filter((_, at) => !this.gone.source.has(at)), ...this.more.source],
      target: [...this.target.filter((_, at) => !this.gone.target.has(at)), ...this.more.target],
    }
  }

  private each(count: number, visit: (at: number, record: DataRecord, i: number) => void): void {
    for (let i = 0; i < count; i++) {
      const at = this.next++
      const record = this.source[at]
      if (!record) throw new Error('not enough records for what is to be planted')
      visit(at, record, i)
    }
    this.agreed -= count
  }

  private plant(
    kind: BreakKind,
    record: DataRecord,
    fields: readonly string[],
    cause: string | undefined,
  ): void {
    this.planted.push({ kind, key: keyText(record, this.key) ?? '', fields, cause })
  }
}

/** The record without a field. */
export function without(record: DataRecord, field: string): DataRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== field))
}

export function fieldsOf({ schema }: Truth): string[] {
  return Object.keys(propertiesOf(schema) ?? {})
}

/** Where each row has all columns: absent becomes null, and what differed only in that agrees. */
export function inColumns(truth: Truth): Truth {
  const fields = fieldsOf(truth)
  const whole = (record: DataRecord): DataRecord =>
    Object.fromEntries(fields.map((field) => [field, record[field] ?? null]))
  const [source, target] = [truth.source.map(whole), truth.target.map(whole)]
  const keyOf = (record: DataRecord): string => keyText(record, truth.key) ?? ''
  const held = new Map(target.map((record) => [keyOf(record), record]))
  const same = new Set(
    source.filter((record) => sameRecord(record, held.get(keyOf(record)) ?? {})).map(keyOf),
  )
  const planted = truth.planted.filter(({ kind, key }) => kind !== 'differs' || !same.has(key))
  return { ...truth, source, target, planted, agreed: truth.agreed + truth.planted.length - planted.length }
}
