import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { folderWith } from '../../support/folder'
import { MalformedRow } from '../../../shared/core/connector'
import type { Progress } from '../../../shared/core/bulk-sync/request'
import { Rejection } from '../../../shared/core/record/rejection'
import { textOf } from '../../../shared/core/record/value'
import { outage, refusedBatch } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

describe('a first run and the next', () => {
  it('creates everything, then sends nothing', async () => {
    const bench = new Bench(rows(230))
    const first = await bench.sync()
    expect(first.status).toBe('succeeded')
    expect(counts(first)).toEqual({ created: 230 })
    expect(bench.target.state).toHaveLength(230)
    expect(counts(await bench.sync())).toEqual({ unchanged: 230 })
  })

  it('names a file behind a signed URL without its signature', async () => {
    const bench = new Bench(rows(1))
    bench.workflow.source.stream = 'https://me:secret@files.example.com/a.csv?sig=secret'
    expect((await bench.sync()).source).toEqual({
      connection: 'erp',
      stream: 'https://files.example.com/a.csv',
    })
  })

  it('remembers what it sent to a target that cannot compare, and sends only what changed', async () => {
    const bench = new Bench(rows(230))
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    expect(counts(await bench.sync())).toEqual({ created: 230 })
    bench.source.rows[17] = { qty: 99, name: 'other', id: 18 }
    const sent = bench.target.sent
    expect(counts(await bench.sync())).toEqual({ updated: 1, unchanged: 229 })
    expect(bench.target.sent - sent).toBe(1)
  })

  it('does not take another order of fields for a change', async () => {
    const bench = new Bench([{ id: 1, a: { x: 1, y: null }, b: '' }])
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    await bench.sync()
    bench.source.rows = [{ b: '', a: { y: null, x: 1 }, id: 1 }]
    expect(counts(await bench.sync())).toEqual({ unchanged: 1 })
    bench.source.rows = [{ b: null, a: { y: null, x: 1 }, id: 1 }]
    expect(counts(await bench.sync())).toEqual({ updated: 1 })
    bench.source.rows = [{ a: { y: null, x: 1 }, id: 1 }]
    await bench.sync()
    expect(bench.target.sent).toBe(3)
  })

  it('writes A again after A, B within a target that remembers idempotency keys', async () => {
    const bench = new Bench([{ id: 1, v: 'A' }])
    bench.target.abilities = { compares: false, repeat: 'replayed', atomic: true, before: false }
    await bench.sync()
    for (const v of ['B', 'A', 'B', 'A']) {
      bench.source.rows = [{ id: 1, v }]
      await bench.sync()
      expect(bench.target.state).toEqual([{ id: 1, v }])
    }
  })
})

describe('a target that compares and tells when its content was replaced', () => {
  const remembered = async (): Promise<Bench> => {
    const bench = new Bench(rows(50))
    bench.target.fingerprint = () =>
      Promise.resolve({ identity: 'table 1', records: () => Promise.resolve(bench.target.records.size) })
    await bench.sync()
    bench.target.batches.length = 0
    return bench
  }

  it('gets only what changed', async () => {
    const bench = await remembered()
    bench.source.rows[7] = { id: 8, name: 'other' }
    expect(counts(await bench.sync())).toEqual({ unchanged: 49, updated: 1 })
    expect(bench.target.sent).toBe(1)
  })

  it('gets everything after its content was replaced or rows were lost', async () => {
    const bench = await remembered()
    bench.target.fingerprint = () =>
      Promise.resolve({ identity: 'table 2', records: () => Promise.resolve(50) })
    await bench.sync()
    expect(bench.target.sent).toBe(50)
    bench.target.records.delete('[3]')
    bench.target.fingerprint = () =>
      Promise.resolve({ identity: 'table 2', records: () => Promise.resolve(49) })
    expect(counts(await bench.sync())).toEqual({ unchanged: 49, created: 1 })
  })

  it('gets only what changed also when it refused some and has not seen others', async () => {
    const bench = new Bench(rows(50), { mode: 'update-only' })
    for (const record of rows(60).slice(0, 48))
      bench.target.records.set(`[${textOf(record['id'])}]`, { ...record, qty: 99 })
    bench.target.records.set('[900]', { id: 900 })
    bench.target.refuse = (record) => (record['id'] === 7 ? 'no' : undefined)
    bench.target.fingerprint = () =>
      Promise.resolve({ identity: 'table 1', records: () => Promise.resolve(bench.target.records.size) })
    expect(counts(await bench.sync())).toEqual({ updated: 47, skipped: 2, rejected: 1 })
    bench.target.batches.length = 0
    expect(counts(await bench.sync())).toEqual({ unchanged: 47, skipped: 2, rejected: 1 })
    expect(bench.target.sent).toBe(3)
  })

  it('is put right where somebody changed it, by a full run', async () => {
    const bench = await remembered()
    bench.target.records.set('[3]', { id: 3, name: 'by hand', qty: 2 })
    expect(counts(await bench.sync())).toEqual({ unchanged: 50 })
    expect(counts(await bench.sync({ full: true }))).toEqual({ unchanged: 49, updated: 1 })
    expect(bench.target.records.get('[3]')?.['name']).toBe('record 3')
  })

  it('compares a single record by itself, without a look at all that it was given', async () => {
    const bench = await remembered()
    bench.target.records.set('[3]', { id: 3, name: 'by hand', qty: 2 })
    bench.source.rows = rows(3).slice(2)
    expect(counts(await bench.sync({ upload: true, records: 1 }))).toEqual({ updated: 1 })
  })

  it('is remembered within bounds however many single records come', async () => {
    const folder = folderWith({})
    const path = join(folder.path, 'state.sqlite')
    const store = openSqliteStore(path)
    const bench = await remembered()
    for (let i = 0; i < 1200; i++) {
      bench.source.rows = [{ id: 1, name: String(i) }]
      await bench.sync({ store, upload: true, records: 1 })
    }
    const parts = new DatabaseSync(path).prepare('SELECT count(*) AS n FROM memory').get()?.['n']
    expect(parts).toBeGreaterThan(1)
    expect(parts).toBeLessThanOrEqual(1000)
    await store.close()
    folder.remove()
  })
})

describe('progress', () => {
  it('counts what has its outcome, also before a checkpoint', async () => {
    const bench = new Bench(rows(3000), { batch: 100, concurrency: 1, checkpointEvery: 100_000 })
    bench.target.refuse = (record) => (record['id'] === 7 ? 'no' : undefined)
    bench.target.before = () => {
      bench.clock.advance(300)
    }
    const shown: Progress[] = []
    await bench.sync({ onProgress: (progress) => shown.push(progress) })
    expect(shown.length).toBeGreaterThan(20)
    const [early] = shown.filter(({ read }) => read === 1000)
    expect(early?.rejected).toBe(1)
    expect(early?.written).toBeGreaterThanOrEqual(800)
    expect(shown.map(({ written }) => written)).toEqual(
      shown.map(({ written }) => written).sort((a, b) => a - b),
    )
  })
})

describe('bad rows are data', () => {
  it('rejects what has no key, has a key twice or cannot be read, and goes on', async () => {
    const bench = new Bench(rows(100))
    bench.source.rows[3] = { id: null, name: 'x' }
    bench.source.rows[4] = { id: '', name: 'x' }
    bench.source.rows[5] = { name: 'x' }
    bench.source.rows[6] = { id: 1, name: 'other' }
    bench.source.rows[7] = { id: 2, name: 'record 2', qty: 1 }
    bench.source.rows[8] = new MalformedRow(
      new Rejection('CSV_QUOTE_NOT_CLOSED', 'quote not closed'),
      'stock.csv line 10',
      '"a',
    )
    bench.source.rows[9] = { id: 0, name: 'zero is a key' }
    const receipt = await bench.sync()
    expect(receipt.status).toBe('exceptions')
    expect(counts(receipt)).toEqual({ created: 94, skipped: 1, rejected: 5 })
    expect(receipt.rejectedBy).toEqual({ KEY_MISSING: 3, KEY_DUPLICATE: 1, CSV_QUOTE_NOT_CLOSED: 1 })
    expect(receipt.skippedBy).toEqual({ duplicate: 1 })
    const kept = await bench.store.inbox.failures({ run: receipt.run, limit: 10 })
    expect(kept.map(({ row, place, code }) => [row, place, code])).toEqual([
      [4, 'row 4', 'KEY_MISSING'],
      [5, 'row 5', 'KEY_MISSING'],
      [6, 'row 6', 'KEY_MISSING'],
      [7, 'row 7', 'KEY_DUPLICATE'],
      [9, 'stock.csv line 10', 'CSV_QUOTE_NOT_CLOSED'],
    ])
  })

  it('says where a record stands, whoever refuses it', async () => {
    const bench = new Bench(rows(2500))
    bench.source.place = (row) => `stock.csv line ${String(row + 1)}`
    bench.source.rows[3] = { id: null }
    bench.target.refuse = (record) => (record['id'] === 1700 ? 'unknown unit' : undefined)
    const { run } = await bench.sync()
    const kept = await bench.store.inbox.failures({ run, limit: 10 })
    expect(kept.map(({ row, place, code }) => [row, place, code])).toEqual([
      [4, 'stock.csv line 5', 'KEY_MISSING'],
      [1700, 'stock.csv line 1701', 'RECORD_REFUSED'],
    ])
  })

  it('tries a refused record again in the next run although it did not change', async () => {
    const bench = new Bench(rows(20))
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    bench.target.refuse = (record) => (record['id'] === 7 ? 'unknown unit' : undefined)
    expect(counts(await bench.sync())).toEqual({ created: 19, rejected: 1 })
    bench.target.refuse = () => undefined
    expect(counts(await bench.sync())).toEqual({ created: 1, unchanged: 19 })
  })

  it('takes no batch that waits for rejects: 2 % of bad rows hold nothing, whatever the size of a batch', async () => {
    const bad = rows(3000).map((row, i) => (i % 50 === 0 ? { ...row, id: null } : row))
    const bench = new Bench(bad, { batch: 3000 })
    const receipt = await bench.sync()
    expect(receipt.held).toBeUndefined()
    expect(counts(receipt)).toEqual({ created: 2940, rejected: 60 })
  })

  it('stops when too many of the last records are rejected, and goes on once the set is approved', async () => {
    // no checkpoint before it trips: what is rejected before one stays rejected
    const bench = new Bench(rows(200), { checkpointEvery: 1000 })
    bench.target.refuse = (record) => (Number(record['id']) % 2 === 0 ? 'no' : undefined)
    const held = await bench.sync()
    expect(held.status).toBe('held')
    expect(held.held?.guard).toBe('rejects')
    expect(bench.target.sent).toBeLessThan(200)
    const kept = await bench.store.inbox.failures({ run: held.run, limit: 500 })
    expect(kept.filter(({ code }) => code === 'RECORD_REFUSED').length).toBeGreaterThanOrEqual(20)
    bench.target.refuse = () => undefined
    const again = await bench.sync({ approve: held.held?.hash ?? '' })
    expect(again.run).toBe(held.run)
    expect(again.read.source.count).toBe(200)
    expect(bench.target.state).toHaveLength(200 - (counts(again)['rejected'] ?? 0))
    expect(bench.target.state.length).toBeGreaterThan(150)
  })
})

describe('batches', () => {
  it.each([
    ['first', [1]],
    ['middle', [45]],
    ['last', [100]],
    ['several', [1, 33, 34, 77]],
  ])('finds the records at fault in a refused batch: %s', async (_, poison) => {
    const bench = new Bench(rows(100), { batch: 100 })
    bench.target.before = (batch) => {
      if (batch.writes.some((write) => poison.includes(Number(write.record['id'])))) throw refusedBatch()
    }
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ created: 100 - poison.length, rejected: poison.length })
    expect(receipt.rejectedBy).toEqual({ BATCH_REFUSED: poison.length })
    expect(bench.target.batches.length).toBeLessThanOrEqual(1 + 2 * poison.length * Math.ceil(Math.log2(100)))
  })

  it('leaves the rest unprocessed when the bisection budget is spent', async () => {
    const bench = new Bench(rows(100), {
      batch: 100,
      bisectionBudget: 10,
      guards: { deletes: {}, rejects: {} },
    })
    bench.target.before = () => {
      throw refusedBatch()
    }
    const receipt = await bench.sync()
    expect(receipt.status).toBe('exceptions')
    expect(bench.target.batches.length).toBeLessThanOrEqual(11)
    expect(counts(receipt)['unprocessed']).toBeGreaterThan(90)
    const kept = await bench.store.inbox.failures({ run: receipt.run, limit: 100 })
    expect(kept.map(({ outcome, code }) => `${outcome} ${code}`)).toContain('unprocessed BISECTION_BUDGET')
  })

  it('waits out an outage without blaming a record or splitting a batch', async () => {
    const bench = new Bench(rows(30), { concurrency: 1 })
    bench.target.before = (_, call) => {
      if (call === 2 || call === 3) throw outage(7000)
    }
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ created: 30 })
    expect(receipt.traffic.retries).toBe(2)
    expect(bench.clock.slept.filter((ms) => ms >= 7000)).toHaveLength(2)
    expect(bench.target.batches.map((batch) => batch.writes.length)).toEqual([10, 10, 10, 10, 10])
  })

  it('ends with a receipt when the outage lasts, and goes on later without sending anything twice', async () => {
    const bench = new Bench(rows(100), { concurrency: 1, checkpointEvery: 20 })
    bench.target.abilities = { compares: false, repeat: 'replayed', atomic: true, before: false }
    bench.target.before = (_, call) => {
      if (call > 5) throw outage()
    }
    const failed = await bench.sync()
    expect(failed.status).toBe('failed')
    expect(failed.fault?.code).toBe('UPSTREAM_DOWN')
    expect(counts(failed)['rejected']).toBeUndefined()
    const left = await bench.store.inbox.failures({ run: failed.run, limit: 100 })
    expect(new Set(left.map(({ outcome, code }) => `${outcome} ${code}`))).toEqual(
      new Set(['unprocessed RUN_STOPPED']),
    )
    bench.target.before = () => undefined
    const resumed = await bench.sync()
    expect(resumed.run).toBe(failed.run)
    expect(resumed.attempts).toBe(2)
    expect(counts(resumed)).toEqual({ created: 100 })
    expect(bench.target.state).toHaveLength(100)
  })

  it('sends a record alone again when only it was told to wait', async () => {
    const bench = new Bench(rows(10), { concurrency: 1 })
    bench.target.after = (_, answers, call) =>
      answers.map((answer, i) => (call === 1 && i === 4 ? { outcome: 'retry', afterMs: 3000 } : answer))
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ created: 9, unchanged: 1 })
    expect(bench.target.batches[1]?.writes.map((write) => write.record['id'])).toEqual([5])
  })
})

describe('one at a time', () => {
  it('refuses a second start and names the first', async () => {
    const bench = new Bench(rows(30))
    let second: unknown
    bench.source.beforePage = () => {
      bench.source.beforePage = () => undefined
      second = bench.sync().catch((error: unknown) => error)
    }
    await bench.sync()
    expect(String(await second)).toMatch(/RUN_ALREADY_GOING.*host:1/)
  })

  it('stops at the next checkpoint when asked, and goes on from there', async () => {
    const bench = new Bench(rows(3000), { batch: 100 })
    const stop = new AbortController()
    bench.source.beforePage = (page) => {
      if (page === 1) stop.abort()
    }
    const stopped = await bench.sync({ signal: stop.signal })
    expect(stopped.status).toBe('interrupted')
    bench.source.beforePage = () => undefined
    const receipt = await bench.sync()
    expect(receipt.run).toBe(stopped.run)
    expect(counts(receipt)).toEqual({ created: 3000 })
    expect(bench.target.sent).toBe(3000)
  })
})

describe('incremental', () => {
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

  it('loses no tie at the boundary, sends none twice, and measures what came late', async () => {
    const bench = new Bench([
      { id: 1, at: at(1) },
      { id: 2, at: at(10) },
    ])
    bench.workflow.source.cursor = { field: 'at', lagMs: 5 * 60_000 }
    bench.clock.advance(3_600_000)
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    await bench.sync()
    bench.source.rows = [
      { id: 1, at: at(1) },
      { id: 2, at: at(10) },
      { id: 3, at: at(10) },
      { id: 4, at: at(7) },
      { id: 5, at: at(12) },
    ]
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ unchanged: 1, created: 3 })
    expect(receipt.cursor?.late).toMatchObject({ count: 1, maxMs: 3 * 60_000 })
    expect(receipt.cursor?.proposedLagMs).toBe(6 * 60_000)
    expect(receipt.cursor?.to?.value).toBe(at(12))
  })

  it('reads again from a record that failed', async () => {
    const bench = new Bench([
      { id: 1, at: at(1) },
      { id: 2, at: at(2) },
      { id: 3, at: at(30) },
    ])
    bench.workflow.source.cursor = { field: 'at', lagMs: 0 }
    bench.target.refuse = (record) => (record['id'] === 2 ? 'no' : undefined)
    await bench.sync()
    bench.target.refuse = () => undefined
    const receipt = await bench.sync()
    expect(bench.target.state).toHaveLength(3)
    expect(counts(receipt)['created']).toBe(1)
  })

  it('never deletes in an incremental mirror', async () => {
    const bench = new Bench(
      [
        { id: 1, at: at(1) },
        { id: 2, at: at(20) },
      ],
      { mode: 'mirror' },
    )
    bench.workflow.source.cursor = { field: 'at', lagMs: 0 }
    bench.clock.advance(3_600_000)
    await bench.sync()
    expect(counts(await bench.sync())).toEqual({ unchanged: 1 })
    expect(bench.target.state).toHaveLength(2)
  })
})
