import { parseJson } from '../../core/format/json'
import { Hasher, hashNumber } from '../../core/record/hash'
import { keyOfText } from '../../core/record/key'
import { KeyIndex } from '../../core/record/key-index'
import { Lanes } from '../../core/record/lanes'
import { isList } from '../../core/record/value'
import type { Known, PackedKnown } from '../../core/store'
import { bytesOf, lanesOf } from './lanes'
import { isKeys, saved } from './saved'
import type { Sql } from './sql'

/** Four lanes for each key: those of PackedKnown. */
const LANES = 4
const KEYS_PER_READ = 10_000
/** A run of so few records asks segment by segment: an index of all that is known takes longer. */
const FEW_LOOKUPS = 2

export interface Limits {
  /** Records of a workflow in `given`: all of them come into memory (32 bytes each) in a run. */
  records: number
  /** Segments of a workflow in `given`. */
  segments: number
  /** Records of a segment that is made of others. */
  perSegment: number
}

const LIMITS: Limits = { records: 1_000_000, segments: 200, perSegment: 10_000 }

/** What it has is later than what `known` has. */
export const GIVEN = `
  CREATE TABLE given (
    id INTEGER PRIMARY KEY, workflow TEXT NOT NULL, records INTEGER NOT NULL, entries BLOB NOT NULL, keys TEXT NOT NULL
  );
  CREATE INDEX given_by_workflow ON given (workflow, id, records);
`

/**
 * What targets that cannot compare were last given. A segment of a run is one row of `given`, which costs a fraction of
 * a row for each record. Of what is more than the memory may hold, the oldest goes into `known`, a row for each key.
 */
export class SqliteKnown {
  private readonly hasher = new Hasher()

  constructor(
    private readonly sql: Sql,
    private readonly limits = LIMITS,
  ) {}

  /** In the caller's transaction. */
  save(workflow: string, known: PackedKnown): void {
    if (known.entries.length === 0) return
    this.insert(workflow, known)
    const all = this.sql.of('SELECT id, records FROM given WHERE workflow = ? ORDER BY id').all(workflow)
    let records = all.reduce((sum, row) => sum + Number(row['records']), 0)
    for (const row of all) {
      if (records <= this.limits.records) break
      this.fold(workflow, Number(row['id']))
      records -= Number(row['records'])
    }
    if (all.length > this.limits.segments) this.merge(workflow, this.smallOf(all))
  }

  /** In the caller's transaction. */
  forget(workflow: string): void {
    for (const table of ['given', 'known'])
      this.sql.of(`DELETE FROM ${table} WHERE workflow = ?`).run(workflow)
  }

  load(workflow: string): Known {
    let lookups = 0
    let index: KeyIndex | undefined
    const given = (keyA: number, keyB: number): number | undefined => {
      if (!index && lookups++ < FEW_LOOKUPS) return this.search(workflow, keyA, keyB)
      index ??= this.index(workflow)
      return index.payload(keyA, keyB, numberOf)
    }
    const rows = this.hasRows(workflow)
      ? this.sql.of('SELECT hash FROM known WHERE workflow = ? AND key = ?')
      : undefined
    if (!this.any(workflow)) return { hash: () => undefined }
    return {
      hash: (of) => {
        const found = given(of.keyA, of.keyB)
        if (found !== undefined) return found < 0 ? undefined : found
        // a text is made only when somebody asks for it
        const hash = rows?.get(workflow, of.keyText)?.['hash']
        return typeof hash === 'number' && hash >= 0 ? hash : undefined
      },
    }
  }

  any(workflow: string): boolean {
    const given = this.sql.of('SELECT 1 FROM given WHERE workflow = ? LIMIT 1')
    return this.hasRows(workflow) || given.get(workflow) !== undefined
  }

  /** Of all records that the target holds. */
  *keys(workflow: string): Generator<readonly string[]> {
    const told = new KeyIndex()
    for (const { entries, keys } of this.latest(workflow, told)) {
      const texts = keys.split('\n')
      yield texts.slice(0, -1).filter((_, i) => entries[i * LANES + 3] !== 0)
    }
    const next = this.sql.of(
      `SELECT key FROM known WHERE workflow = ? AND key > ? ORDER BY key LIMIT ${String(KEYS_PER_READ)}`,
    )
    for (let after = ''; ;) {
      const keys = next.all(workflow, after).map((row) => String(row['key']))
      const last = keys.at(-1)
      if (last === undefined) return
      yield keys.filter((key) => {
        const { a, b } = keyHash(key, this.hasher)
        return told.payload(a, b, numberOf) === undefined
      })
      after = last
    }
  }

  /** The last entry of each key, newest first. @param told the keys that came */
  private *latest(workflow: string, told: KeyIndex, from = 0): Generator<PackedKnown> {
    for (const { entries, keys } of this.segments(workflow, { from, order: 'DESC' })) {
      const texts = keys.split('\n')
      const lanes = new Lanes()
      let left = ''
      for (let i = entries.length - LANES; i >= 0; i -= LANES) {
        const [a = 0, b = 0, one = 0, two = 0] = entries.subarray(i, i + LANES)
        if (told.payload(a, b, numberOf) !== undefined) continue
        told.set(a, b, one, two)
        lanes.pair(a, b)
        lanes.pair(one, two)
        left += `${texts[i / LANES] ?? ''}\n`
      }
      yield { entries: lanes.packed, keys: left }
    }
  }

  private index(workflow: string): KeyIndex {
    const index = new KeyIndex()
    for (const { entries } of this.segments(workflow)) {
      for (let i = 0; i < entries.length; i += LANES)
        index.set(entries[i] ?? 0, entries[i + 1] ?? 0, entries[i + 2] ?? 0, entries[i + 3] ?? 0)
    }
    return index
  }

  private search(workflow: string, keyA: number, keyB: number): number | undefined {
    const newestFirst = this.sql.of('SELECT entries FROM given WHERE workflow = ? ORDER BY id DESC')
    for (const row of newestFirst.iterate(workflow)) {
      const entries = lanesOf(row['entries'])
      for (let i = entries.length - LANES; i >= 0; i -= LANES) {
        if (entries[i] === keyA && entries[i + 1] === keyB)
          return numberOf(entries[i + 2] ?? 0, entries[i + 3] ?? 0)
      }
    }
    return undefined
  }

  private *segments(
    workflow: string,
    { from = 0, order = 'ASC' }: { from?: number; order?: 'ASC' | 'DESC' } = {},
  ): Generator<PackedKnown> {
    const rows = this.sql.of(`SELECT id FROM given WHERE workflow = ? AND id >= ? ORDER BY id ${order}`)
    for (const { id } of rows.all(workflow, from)) yield this.segment(Number(id))
  }

  private segment(id: number): PackedKnown {
    const row = this.sql.of('SELECT entries, keys FROM given WHERE id = ?').get(id)
    return { entries: lanesOf(row?.['entries']), keys: String(row?.['keys'] ?? '') }
  }

  private insert(workflow: string, { entries, keys }: PackedKnown): void {
    this.sql
      .of('INSERT INTO given (workflow, records, entries, keys) VALUES (?, ?, ?, ?)')
      .run(workflow, entries.length / LANES, bytesOf(entries), keys)
  }

  private hasRows(workflow: string): boolean {
    return this.sql.of('SELECT 1 FROM known WHERE workflow = ? LIMIT 1').get(workflow) !== undefined
  }

  private fold(workflow: string, id: number): void {
    const { entries, keys } = this.segment(id)
    const put = this.sql.of('INSERT OR REPLACE INTO known (workflow, key, hash) VALUES (?, ?, ?)')
    const forget = this.sql.of('DELETE FROM known WHERE workflow = ? AND key = ?')
    for (const [i, key] of keys.split('\n').slice(0, -1).entries()) {
      const hash = numberOf(entries[i * LANES + 2] ?? 0, entries[i * LANES + 3] ?? 0)
      if (hash === GONE) forget.run(workflow, key)
      else put.run(workflow, key, hash)
    }
    this.sql.of('DELETE FROM given WHERE id = ?').run(id)
  }

  /** The first of the newest segments that are smaller than one that is made of others; all, where few are. */
  private smallOf(all: readonly Readonly<Record<string, unknown>>[]): number {
    const large = all.findLastIndex((row) => Number(row['records']) >= this.limits.perSegment)
    return Number(all[large < all.length / 2 ? large + 1 : 0]?.['id'])
  }

  /** Many small segments become few, with one entry for each key. */
  private merge(workflow: string, from: number): void {
    const last = Number(
      this.sql.of('SELECT max(id) AS id FROM given WHERE workflow = ?').get(workflow)?.['id'],
    )
    let lanes = new Lanes()
    let texts = ''
    const write = (): void => {
      if (lanes.length > 0) this.insert(workflow, { entries: lanes.packed, keys: texts })
      lanes = new Lanes()
      texts = ''
    }
    for (const { entries, keys } of this.latest(workflow, new KeyIndex(), from)) {
      for (let i = 0; i < entries.length; i += 2) lanes.pair(entries[i] ?? 0, entries[i + 1] ?? 0)
      texts += keys
      if (lanes.length >= this.limits.perSegment * LANES) write()
    }
    write()
    this.sql.of('DELETE FROM given WHERE workflow = ? AND id BETWEEN ? AND ?').run(workflow, from, last)
  }
}

const GONE = -1
/** The target may hold it. */
const MAYBE = -2

function numberOf(payloadA: number, payloadB: number): number {
  if (payloadA === 0 && payloadB === 2) return MAYBE
  return payloadB === 0 ? GONE : hashNumber(payloadA, payloadB)
}

/** The hash of a key does not depend on the names of its fields. */
function keyHash(text: string, hasher: Hasher): Hasher {
  const parts = parseJson(text)
  const names = isList(parts) ? parts.map((_, i) => String(i)) : []
  hasher.key(keyOfText(text, names), names)
  return hasher
}

/** The keys of an intent: lanes, or the texts that earlier versions kept, such as `["a",1]` and for a row without key `[7]`. */
export function keysIn(value: unknown): Int32Array {
  if (value instanceof Uint8Array) return lanesOf(value)
  const hasher = new Hasher()
  const keys = new Lanes()
  for (const text of saved(value, isKeys)) {
    keyHash(text, hasher)
    keys.pair(hasher.a, hasher.b)
    hasher.text(text.slice(1, -1))
    keys.pair(hasher.a, hasher.b)
  }
  return keys.packed
}
