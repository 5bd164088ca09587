import { MalformedRow } from '../connector'
import type { Mapper } from '../mapping/mapper'
import { Hasher } from '../record/hash'
import { hashOfKey, keyText } from '../record/key'
import { UNCOUNTED } from '../record/ledger'
import { Rejection } from '../record/rejection'
import type { DataRecord } from '../record/value'
import { KEY_HASH } from './chosen'
import { hashSubject } from './lifecycle'

/** Tells which of some subjects a row of the source is: by its key, or by its content. */
export class Matcher {
  /** Some of them have no key, so every row has to be looked at. */
  readonly byContent: boolean
  /** Of some of them only the hash of the key is known. */
  readonly byKeyHash: boolean
  /** Rows without a key so far that are none of them. */
  strangers = 0
  private readonly hasher = new Hasher()

  constructor(
    private readonly subjects: ReadonlySet<string>,
    private readonly mapper: Mapper,
    private readonly key: readonly string[],
  ) {
    this.byContent = [...subjects].some((subject) => subject.startsWith('#'))
    this.byKeyHash = [...subjects].some((subject) => subject.startsWith(KEY_HASH))
  }

  subjectOf(row: DataRecord | MalformedRow): string | undefined {
    const record = row instanceof MalformedRow ? { raw: row.raw } : row
    const content = this.byContent ? hashSubject(this.hasher.record(record).hex()) : ''
    if (this.subjects.has(content)) return content
    const key = row instanceof MalformedRow ? undefined : this.keyOf(row)
    if (key === undefined) this.strangers++
    if (key === undefined || this.subjects.has(key)) return key
    const hashed = this.byKeyHash ? KEY_HASH + hashOfKey(key) : ''
    return this.subjects.has(hashed) ? hashed : undefined
  }

  private keyOf(record: DataRecord): string | undefined {
    const mapped = this.mapper.map(record, UNCOUNTED)
    const known = mapped instanceof Rejection ? this.mapper.part?.(record, this.key) : mapped
    return known && keyText(known, this.key)
  }
}
