import { Fault } from '../../../shared/core/fault'
import { CountingLedger } from '../../../shared/core/record/ledger'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { lostAnswer, refusedBatch } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** A commit after `skip` others does not happen: as if the process had been killed before it. */
function killBeforeCommit(bench: Bench, skip: number): void {
  const { store } = bench
  const commit = store.commit.bind(store)
  let calls = 0
  store.commit = (segment) => {
    if (calls++ < skip) return commit(segment)
    store.commit = commit
    return Promise.reject(new Error('killed'))
  }
}

/** A target that writes again whatever arrives again, and can be asked by key. */
function doubles(bench: Bench): void {
  bench.target.abilities = { compares: false, repeat: 'doubles', atomic: false, before: false }
  bench.target.lookup = (keys) => Promise.resolve(keys.map((key) => heldBy(bench, key)))
}

function heldBy(bench: Bench, key: DataRecord): DataRecord | undefined {
  return [...bench.target.records.values()].find((record) => record['id'] === key['id'])
}

it('counts what the target altered over all attempts', async () => {
  const bench = new Bench(rows(300), { concurrency: 1 })
  const attempt = (failAt: number): ReturnType<Bench['sync']> => {
    const targetLedger = new CountingLedger()
    bench.target.after = ({ writes }, answers, call) => {
      if (call === failAt) throw new Fault('UNAUTHORIZED', 'refused')
      writes.forEach(() => {
        targetLedger.note('qty', 'ROUNDED')
      })
      return answers
    }
    return bench.sync({ targetLedger })
  }
  const failed = await attempt(11)
  expect(failed.altered).toEqual({ qty: { ROUNDED: 100 } })
  const receipt = await attempt(0)
  expect(receipt.altered).toEqual({ qty: { ROUNDED: 300 } })
})

describe('a mirror that is interrupted', () => {
  it('accounts for deletes that were done before the checkpoint was saved', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror', guards: { deletes: {}, rejects: {} } })
    bench.target.abilities = { compares: true, repeat: 'replayed', atomic: true, before: true }
    await bench.sync()
    bench.source.rows = rows(70)
    killBeforeCommit(bench, 2)
    expect((await bench.sync()).status).toBe('failed')
    expect(bench.target.state).toHaveLength(70)
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ unchanged: 70, deleted: 30 })
    let journal = ''
    for await (const { keys } of bench.store.changes(receipt.run)) journal += keys
    expect(journal.trimEnd().split('\n')).toHaveLength(30)
  })

  it('loses no row that the state did not take: nothing of it is deleted as gone', async () => {
    const bench = new Bench(rows(300), {
      mode: 'mirror',
      checkpointEvery: 20,
      guards: { deletes: {}, rejects: {} },
    })
    bench.target.abilities = { compares: true, repeat: 'replayed', atomic: true, before: true }
    await bench.sync()
    bench.source.rows = rows(300).map((row) => ({ ...row, qty: 50 }))
    // the first batch is slow, so that many segments wait to be saved; the disk is full when the second one is
    const write = bench.target.write.bind(bench.target)
    let calls = 0
    bench.target.write = async (batch) => {
      if (calls++ === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      return write(batch)
    }
    killBeforeCommit(bench, 1)
    const failed = await bench.sync()
    expect(failed.status).toBe('failed')
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ updated: 300 })
    expect(bench.target.state).toHaveLength(300)
  })

  it('counts deletes before and after a checkpoint once', async () => {
    const bench = new Bench(rows(300), { mode: 'mirror', guards: { deletes: {}, rejects: {} } })
    bench.target.abilities = { compares: true, repeat: 'replayed', atomic: true, before: true }
    bench.target.refuse = (record) => (Number(record['id']) === 260 ? 'locked' : undefined)
    bench.source.rows = rows(300).filter((row) => row['id'] !== 260)
    bench.target.records.set('[260]', { id: 260 })
    await bench.sync()
    bench.source.rows = rows(100)
    killBeforeCommit(bench, 5)
    await bench.sync()
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ unchanged: 100, deleted: 199, rejected: 1 })
    expect(await bench.store.inbox.failures({ run: receipt.run, limit: 10 })).toHaveLength(1)
  })

  it('still holds its deletes when it was killed just before the end', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror' })
    await bench.sync()
    bench.source.rows = rows(50)
    jest.spyOn(bench.store, 'closeRun').mockRejectedValueOnce(new Error('killed'))
    await expect(bench.sync()).rejects.toThrow('killed')
    const receipt = await bench.sync()
    expect(receipt.status).toBe('held')
    expect(counts(receipt)).toEqual({ unchanged: 50, skipped: 50 })
  })

  it('leaves a record alone that came back before its delete was repeated', async () => {
    const bench = new Bench(rows(100), { mode: 'mirror', guards: { deletes: {}, rejects: {} } })
    await bench.sync()
    bench.source.rows = rows(90)
    killBeforeCommit(bench, 2)
    await bench.sync()
    bench.source.rows = [...rows(90), { id: 95, name: 'back again', qty: 1 }]
    await bench.sync()
    expect(bench.target.state.filter((record) => Number(record['id']) > 90)).toEqual([
      { id: 95, name: 'back again', qty: 1 },
    ])
  })

  it('forgets a record that was gone from the target already', async () => {
    const bench = new Bench(rows(20), { mode: 'mirror', guards: { deletes: {}, rejects: {} } })
    bench.target.abilities = { compares: false, repeat: 'harmless', atomic: true, before: false }
    bench.workflow.sync.deleteScope = 'written'
    bench.target.after = (batch, answers) =>
      batch.writes.map((write, i) =>
        write.operation === 'delete'
          ? { outcome: 'skipped', reason: 'absent' }
          : (answers[i] ?? { outcome: 'created' }),
      )
    await bench.sync()
    bench.source.rows = rows(15)
    expect(counts(await bench.sync())).toEqual({ unchanged: 15, skipped: 5 })
    expect(counts(await bench.sync())).toEqual({ unchanged: 15 })
  })
})

describe('a row that comes twice, before and after a kill', () => {
  it('is a duplicate also when the first was refused', async () => {
    const bench = new Bench([...rows(150), { id: 7, name: 'record 7', qty: 6 }])
    bench.target.refuse = (record) => (record['id'] === 7 ? 'no' : undefined)
    killBeforeCommit(bench, 3)
    await bench.sync()
    const receipt = await bench.sync()
    expect(receipt.attempts).toBe(2)
    expect(receipt.skippedBy).toEqual({ duplicate: 1 })
    expect(receipt.rejectedBy).toEqual({ RECORD_REFUSED: 1 })
  })
})

describe('a target that doubles', () => {
  it('gets what is missing of a batch that it refused after writing a part of it', async () => {
    const bench = new Bench(rows(20), { mode: 'insert-only', batch: 20, concurrency: 1 })
    doubles(bench)
    bench.target.before = (batch) => {
      if (!batch.writes.some((write) => write.record['id'] === 13)) return
      for (const write of batch.writes) {
        if (write.record['id'] === 13) break
        bench.target.records.set(`part ${textOf(write.record['id'])}`, write.record)
      }
      throw refusedBatch()
    }
    const receipt = await bench.sync()
    expect(counts(receipt)).toEqual({ created: 19, rejected: 1 })
    const ids = bench.target.state.map((record) => record['id'])
    expect(ids).toHaveLength(19)
    expect(new Set(ids).size).toBe(19)
  })

  it('gets a record later that it had asked to send later when the run was interrupted', async () => {
    const bench = new Bench(rows(10), { mode: 'insert-only', concurrency: 1 })
    doubles(bench)
    bench.target.refuse = (record) => (record['id'] === 5 ? 'later' : undefined)
    bench.target.after = (_, answers) =>
      answers.map((answer) => (answer.outcome === 'rejected' ? { outcome: 'retry' } : answer))
    bench.target.before = (_, call) => {
      if (call === 2) throw new Fault('UNAUTHORIZED', 'The token has ended.')
    }
    expect((await bench.sync()).status).toBe('failed')
    bench.target.refuse = () => undefined
    expect(counts(await bench.sync())).toEqual({ created: 10 })
    expect(bench.target.records.size).toBe(10)
  })
})

it('takes answers that stay lost for an outage where asking again does no harm', async () => {
  const bench = new Bench(rows(20), { concurrency: 1 })
  bench.target.abilities = { compares: false, repeat: 'replayed', atomic: true, before: false }
  delete bench.target.lookup
  bench.target.after = (_, answers, call) => {
    if (call > 1) throw lostAnswer()
    return answers
  }
  const failed = await bench.sync()
  expect([failed.status, failed.fault?.code]).toEqual(['failed', 'RESPONSE_LOST'])
  expect(counts(failed)).toEqual({ created: 10, unprocessed: 10 })
  bench.target.after = (_, answers) => answers
  expect(counts(await bench.sync())).toEqual({ created: 20 })
})

describe('the lock', () => {
  it('is lost to a run that took over while this one stood still, which then saves nothing more', async () => {
    const bench = new Bench(rows(3000), { batch: 100 })
    let other: string | undefined
    bench.source.beforePage = (page) => {
      if (page !== 3) return
      bench.source.beforePage = () => undefined
      bench.clock.advance(120_000)
    }
    const store = bench.store
    const commit = store.commit.bind(store)
    store.commit = async (segment) => {
      await commit(segment)
      store.commit = commit
      bench.clock.advance(120_000)
      const receipt = await bench.sync({ owner: { name: 'host:2', alive: () => true } })
      other = receipt.run
    }
    await expect(bench.sync()).rejects.toThrow('LEASE_LOST')
    const [row] = await store.runs({ limit: 1 })
    expect(row).toMatchObject({ id: other, status: 'succeeded' })
    expect(bench.target.state).toHaveLength(3000)
  })

  it('of a dead owner goes to one of two that find it dead', async () => {
    const { store } = new Bench([])
    const dead = { workflow: 'stock', run: 'r', owner: 'host:1', until: 2000 }
    const one = { ...dead, owner: 'host:2' }
    const two = { ...dead, owner: 'host:3' }
    await store.acquire(dead, 0)
    expect(await store.acquire(one, 0, dead)).toBeUndefined()
    expect(await store.acquire(two, 0, dead)).toEqual(one)
    expect(await store.renew(dead)).toBe(false)
    await store.release(dead)
    expect(await store.renew(one)).toBe(true)
  })

  it('is asked again which run goes on: the one it waited for may have ended', async () => {
    const bench = new Bench(rows(30))
    const { store } = bench
    const acquire = store.acquire.bind(store)
    const stop = new AbortController()
    stop.abort()
    const first = await new Bench(rows(30)).sync()
    bench.workflow.sync.checkpointEvery = 10
    const interrupted = await bench.sync({ signal: stop.signal })
    expect(first.status).toBe('succeeded')
    expect(interrupted.status).toBe('interrupted')
    store.acquire = async (lock, now) => {
      store.acquire = acquire
      await bench.sync({ owner: { name: 'host:2', alive: () => true } })
      return acquire(lock, now)
    }
    const receipt = await bench.sync()
    expect(receipt.run).not.toBe(interrupted.run)
    expect(counts(receipt)).toEqual({ unchanged: 30 })
  })
})

it('saves a checkpoint as often as the workflow says, also within what would be one page', async () => {
  const bench = new Bench(rows(300), { checkpointEvery: 50 })
  const commit = jest.spyOn(bench.store, 'commit')
  await bench.sync()
  expect(commit.mock.calls.length).toBeGreaterThanOrEqual(6)
})
