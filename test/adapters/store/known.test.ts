import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import fc from 'fast-check'
import { migrate } from '../../../shared/adapters/store/schema'
import { SqliteKnown } from '../../../shared/adapters/store/known'
import { Sql } from '../../../shared/adapters/store/sql'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { KnownLog } from '../../../shared/core/bulk-sync/known-log'
import type { TextLog } from '../../../shared/core/bulk-sync/text-log'
import { hashOf } from '../../../shared/core/record/checksum'
import { Hasher, hashNumber } from '../../../shared/core/record/hash'
import { keyText } from '../../../shared/core/record/key'
import type { PackedKnown } from '../../../shared/core/store'
import { folderWith } from '../../support/folder'

type Change = readonly ['given' | 'again' | 'maybe' | 'gone', id: number, value: number]

const hasher = new Hasher()

function written(id: number, value = 0) {
  const record = { id, value }
  const text = keyText(record, ['id']) ?? ''
  const keyInto = (log: TextLog): void => {
    log.line(text)
  }
  return { ...hashOf(hasher, record, ['id'], record), keyText: text, keyInto }
}

function numberOf(id: number, value: number): number {
  const { payloadA, payloadB } = written(id, value)
  return hashNumber(payloadA, payloadB)
}

function packed(segment: readonly Change[]): PackedKnown {
  const log = new KnownLog()
  for (const [what, id, value] of segment) log[what](written(id, value))
  return log.packed
}

function openKnown(limits = { records: 20, segments: 3, perSegment: 5 }): SqliteKnown {
  const db = new DatabaseSync(':memory:')
  migrate(db)
  return new SqliteKnown(new Sql(db, ':memory:'), limits)
}

describe('what a target is known to hold', () => {
  it('is what came last under each key, wherever it is kept', () => {
    const id = fc.integer({ min: 0, max: 40 })
    const what = fc.constantFrom('given', 'again', 'maybe', 'gone')
    const change = fc.tuple(what, id, fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 12 }), (segments) => {
        const known = openKnown()
        const model = new Map<number, number | undefined>()
        for (const segment of segments) {
          known.save('stock', packed(segment))
          for (const [what, key, value] of segment) {
            if (what === 'gone') model.delete(key)
            else if (what === 'maybe') model.set(key, undefined)
            else model.set(key, what === 'given' ? numberOf(key, value) : 0)
          }
          const now = known.load('stock')
          for (let key = 0; key <= 40; key++) expect(now.hash(written(key))).toBe(model.get(key))
        }
        const held = [...known.keys('stock')].flat()
        expect(held.toSorted()).toEqual([...model.keys()].map((key) => `[${String(key)}]`).toSorted())
        expect(known.any('orders')).toBe(false)
        expect(known.load('orders').hash(written(1))).toBeUndefined()
      }),
    )
  })

  it('takes few rows after many small runs, and leaves a large one alone', () => {
    const db = new DatabaseSync(':memory:')
    migrate(db)
    const known = new SqliteKnown(new Sql(db, ':memory:'))
    known.save('stock', packed(Array.from({ length: 10_000 }, (_, id) => ['given', 100 + id, 1])))
    for (let run = 0; run < 500; run++) known.save('stock', packed([['given', run % 7, run]]))
    expect(db.prepare('SELECT count(*) AS n FROM given').get()?.['n']).toBeLessThanOrEqual(200)
    expect(db.prepare('SELECT max(records) AS n FROM given WHERE id = 1').get()?.['n']).toBe(10_000)
    expect(known.load('stock').hash(written(6))).toBe(numberOf(6, 496))
  })

  it('is told as soon as another run has changed it', () => {
    const known = openKnown({ records: 100, segments: 10, perSegment: 5 })
    known.save('stock', packed(Array.from({ length: 30 }, (_, id) => ['given', id, 1])))
    expect(known.load('stock').hash(written(7))).toBe(numberOf(7, 1))
    known.save('stock', packed([['given', 7, 2]]))
    expect(known.load('stock').hash(written(7))).toBe(numberOf(7, 2))
    known.save('stock', packed([['gone', 7, 0]]))
    expect(known.load('stock').hash(written(7))).toBeUndefined()
  })
})

describe('a state file of an earlier version', () => {
  it('goes on: what it knew of records, and of batches that had no answer', async () => {
    const folder = folderWith({})
    const path = join(folder.path, 'state.sqlite')
    await openSqliteStore(path).close()
    const db = new DatabaseSync(path)
    db.exec('DROP TABLE given; DROP TABLE IF EXISTS answer; PRAGMA user_version = 3')
    db.prepare('INSERT INTO known (workflow, key, hash) VALUES (?, ?, ?)').run('stock', '[1]', numberOf(1, 5))
    const intend = db.prepare('INSERT INTO intent (run, batch, last_row, keys) VALUES (?, ?, ?, ?)')
    intend.run('r', 'b1', 2, '["[1]","[9007199254740993]"]')
    db.close()

    const store = openSqliteStore(path)
    expect(await store.knowsAny('stock')).toBe(true)
    expect((await store.known('stock')).hash(written(1))).toBe(numberOf(1, 5))
    const [intent] = await store.intents('r')
    const lanes = Array.from(intent?.keys ?? [])
    const { keyA, keyB } = written(1)
    expect(lanes.slice(0, 2)).toEqual([keyA, keyB])
    // or the first row of a stream without a key
    hasher.text('1')
    expect(lanes.slice(2, 4)).toEqual([hasher.a, hasher.b])
    await store.close()
    folder.remove()
  })
})
