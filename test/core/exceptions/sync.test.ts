import { undoRun } from '../../../shared/core/bulk-sync/undo'
import { MalformedRow } from '../../../shared/core/connector'
import { personalFields } from '../../../shared/core/definition/personal'
import type { Exception } from '../../../shared/core/exceptions/exception'
import { Watch } from '../../../shared/core/exceptions/watch'
import type { FeedEvent } from '../../../shared/core/feed'
import { compileMapping } from '../../../shared/core/mapping/compile'
import { Rejection } from '../../../shared/core/record/rejection'
import { textOf } from '../../../shared/core/record/value'
import { Bench, counts, rows } from '../../support/run-sync'

const DAY = 86_400_000

/** A target that refuses these records. */
function refuse(bench: Bench, ...ids: number[]): void {
  bench.target.refuse = ({ id, qty }) =>
    ids.includes(Number(id)) ? `quantity ${textOf(qty)} is not allowed for "${textOf(id)}"` : undefined
}

function all(bench: Bench): Promise<Exception[]> {
  return bench.store.inbox.exceptions({}, { limit: 1000 })
}

async function only(bench: Bench): Promise<Exception> {
  const [one, ...others] = await all(bench)
  expect(others).toEqual([])
  if (!one) throw new Error('there is no exception')
  return one
}

async function history(bench: Bench, exception: number): Promise<FeedEvent['type'][]> {
  const events = await bench.store.inbox.events({ exception, limit: 100 })
  return events.map(({ type }) => type)
}

/** The commit after `skip` others does not happen: as if the process had been killed before it. */
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

describe('a record that fails', () => {
  it('is one exception, with all that a person needs', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7)
    const { run } = await bench.sync()
    const one = await only(bench)
    expect(one).toMatchObject({
      workflow: 'stock',
      subject: '[7]',
      state: 'open',
      attempts: 1,
      firstSeen: one.lastSeen,
      tags: [],
      last: {
        run,
        row: 7,
        place: 'row 7',
        key: '[7]',
        outcome: 'rejected',
        stage: 'write',
        operation: 'upsert',
        code: 'RECORD_REFUSED',
        message: 'quantity 6 is not allowed for "7"',
        record: { id: 7, name: 'record 7', qty: 6 },
        sent: { id: 7, name: 'record 7', qty: 6 },
      },
    })
    expect(one.last.hash).toMatch(/^[0-9a-f]{16}$/)
    expect((one.due ?? 0) > one.firstSeen).toBe(true)
    expect(await history(bench, one.id)).toEqual(['exception.opened'])
  })

  it('counts once for every run in which it fails', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7)
    await bench.sync()
    await bench.sync()
    const { run } = await bench.sync()
    const one = await only(bench)
    expect([one.attempts, one.last.run]).toEqual([3, run])
    expect(await history(bench, one.id)).toEqual([
      'exception.opened',
      'exception.failed-again',
      'exception.failed-again',
    ])
  })

  it('closes with the evidence as soon as a run moves it', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7, 9)
    await bench.sync()
    refuse(bench, 9)
    const { run } = await bench.sync()
    const [nine, seven] = await all(bench)
    expect(nine).toMatchObject({ subject: '[9]', state: 'open', attempts: 2 })
    expect(seven).toMatchObject({
      subject: '[7]',
      state: 'resolved',
      resolution: {
        how: 'moved',
        who: `run ${run}`,
        run,
        evidence: `the target took it as new (run ${run})`,
      },
    })
  })

  it('opens again when it fails again', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7)
    await bench.sync()
    refuse(bench)
    await bench.sync()
    bench.source.rows[6] = { id: 7, name: 'other', qty: 3 }
    refuse(bench, 7)
    bench.clock.advance(30 * DAY)
    await bench.sync()
    const one = await only(bench)
    expect(one).toMatchObject({ state: 'open', attempts: 2 })
    expect(one.resolution).toBeUndefined()
    expect(one.due).toBeGreaterThan(bench.clock.now())
    expect(await history(bench, one.id)).toEqual([
      'exception.opened',
      'exception.resolved',
      'exception.reopened',
    ])
  })

  it.each([true, false])('closes when the target is known to hold it (compares: %s)', async (compares) => {
    const bench = new Bench(rows(20))
    bench.target.abilities = { compares, repeat: 'harmless', atomic: true, before: false }
    await bench.sync()
    bench.source.rows[6] = { id: 7, name: 'x', qty: 3 }
    refuse(bench, 7)
    await bench.sync()
    bench.source.rows = rows(20)
    refuse(bench)
    await bench.sync()
    expect(await only(bench)).toMatchObject({ state: 'resolved', resolution: { how: 'moved' } })
  })

  it('closes as gone when the source no longer has it', async () => {
    const bench = new Bench(rows(20))
    bench.source.rows[3] = { id: null, name: 'no key' }
    refuse(bench, 7)
    await bench.sync()
    bench.source.rows = rows(20).filter(({ id }) => id !== 7)
    const { run } = await bench.sync()
    const evidence = `run ${run} read the whole source, and it was not there`
    const found = await all(bench)
    expect(found.map(({ subject }) => subject.slice(0, 1))).toEqual(['[', '#'])
    for (const { state, resolution } of found)
      expect({ state, resolution }).toMatchObject({
        state: 'resolved',
        resolution: { how: 'gone', evidence },
      })
  })

  it('stays open when the source did not prove that it listed everything, or a row could be any record', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7)
    await bench.sync()
    bench.source.rows = rows(6)
    bench.source.complete = false
    await bench.sync()
    expect(await only(bench)).toMatchObject({ state: 'open' })
    bench.source.complete = true
    bench.source.rows = [...rows(6), { id: '' }]
    bench.workflow.sync.guards.rejects = {}
    await bench.sync()
    expect((await all(bench)).map(({ subject, state }) => [subject.slice(0, 1), state])).toEqual([
      ['#', 'open'],
      ['[', 'open'],
    ])
  })

  it('without a key and equal to others stands for them all, and says where they are', async () => {
    const bench = new Bench(rows(5))
    const blank = { id: null, name: '' }
    bench.source.rows.push(blank, { id: null, name: 'other' }, blank)
    await bench.sync()
    const places = async (): Promise<string[]> => (await all(bench)).map(({ last }) => last.place)
    expect(await places()).toEqual(['row 7', 'row 6 and an equal row (row 8)'])
    bench.source.rows.push(blank, blank, blank)
    await bench.sync()
    expect(await places()).toEqual(['row 7', 'row 6 and 4 equal rows (row 8, row 9, ...)'])
    bench.source.rows.splice(7)
    await bench.sync()
    expect(await places()).toEqual(['row 7', 'row 6'])
  })

  it('without a key is known by its content', async () => {
    const bench = new Bench(rows(20))
    bench.source.rows[3] = { id: null, name: 'no key' }
    await bench.sync()
    await bench.sync()
    expect(await only(bench)).toMatchObject({ attempts: 2, last: { code: 'KEY_MISSING' } })
    const { key } = (await only(bench)).last
    expect(key).toBeUndefined()
  })

  it('with the key of an earlier row is not that record, which was moved', async () => {
    const bench = new Bench([...rows(20), { id: 7, name: 'another' }])
    await bench.sync()
    await bench.sync()
    expect(await only(bench)).toMatchObject({
      state: 'open',
      attempts: 2,
      last: { code: 'KEY_DUPLICATE', key: '[7]' },
    })
    bench.source.rows.splice(6, 1)
    expect(counts(await bench.sync())).toEqual({ updated: 1, unchanged: 19 })
    expect(await only(bench)).toMatchObject({ state: 'resolved', resolution: { how: 'moved' } })
  })
})

describe('a run that is killed', () => {
  it.each([0, 1, 2, 3])('counts a failure once when it goes on (killed before commit %i)', async (skip) => {
    const bench = new Bench(rows(300))
    refuse(bench, 20, 120, 220)
    await bench.sync()
    refuse(bench, 20, 220)
    killBeforeCommit(bench, skip)
    expect((await bench.sync()).status).toBe('failed')
    await bench.sync()
    expect((await all(bench)).map(({ subject, state, attempts }) => [subject, state, attempts])).toEqual([
      ['[220]', 'open', 2],
      ['[120]', 'resolved', 1],
      ['[20]', 'open', 2],
    ])
    for (const { id, state } of await all(bench)) {
      expect(await history(bench, id)).toEqual([
        'exception.opened',
        state === 'open' ? 'exception.failed-again' : 'exception.resolved',
      ])
    }
  })

  it('closes what is gone when it was killed just before its end', async () => {
    const bench = new Bench(rows(20))
    refuse(bench, 7)
    await bench.sync()
    bench.source.rows = rows(6)
    jest.spyOn(bench.store, 'closeRun').mockRejectedValueOnce(new Error('killed'))
    await expect(bench.sync()).rejects.toThrow('killed')
    expect(await only(bench)).toMatchObject({ state: 'open' })
    await bench.sync()
    expect(await only(bench)).toMatchObject({ state: 'resolved', resolution: { how: 'gone' } })
  })

  it('does not blame records for an outage', async () => {
    const bench = new Bench(rows(20), { concurrency: 1 })
    bench.source.beforePage = (page) => {
      if (page > 0) throw new Error('down')
    }
    bench.workflow.sync.checkpointEvery = 10
    const { run, status } = await bench.sync()
    expect(status).toBe('failed')
    expect(await all(bench)).toEqual([])
    expect((await bench.store.run(run))?.status).toBe('failed')
  })
})

describe('a record that cannot be mapped', () => {
  const map = { sku: 'article', unit: { from: 'unit', values: { pcs: 'piece' } } }

  function shop(): Bench {
    const bench = new Bench(
      [
        { article: 'A1', unit: 'pcs' },
        { article: 'A2', unit: 'box' },
      ],
      { mode: 'mirror', guards: { deletes: {}, rejects: {} } },
      ['sku'],
    )
    bench.workflow.map = map
    return bench
  }
  const mapper = compileMapping(map, { typed: true })

  it('is known by its key all the same, and closed when it is mapped', async () => {
    const bench = shop()
    await bench.sync({ mapper })
    expect(await only(bench)).toMatchObject({ subject: '["A2"]', last: { stage: 'map', key: '["A2"]' } })
    bench.source.rows[1] = { article: 'A2', unit: 'pcs' }
    await bench.sync({ mapper })
    expect(await only(bench)).toMatchObject({ state: 'resolved', resolution: { how: 'moved' } })
  })

  it('is not deleted in a mirror, and holds no deletes back', async () => {
    const bench = shop()
    bench.target.records.set('["A2"]', { sku: 'A2', unit: 'piece' })
    bench.target.records.set('["A3"]', { sku: 'A3', unit: 'piece' })
    expect(counts(await bench.sync({ mapper }))).toEqual({ created: 1, deleted: 1, rejected: 1 })
    expect(bench.target.state.map(({ sku }) => sku)).toEqual(['A1', 'A2'])
  })
})

describe('personal values', () => {
  it('are masked in what is kept, under the name of the source too, in messages, and in rows that cannot be read', async () => {
    const bench = new Bench([{ id: 1, contact: 'kim@example.com', born: 1970 }])
    bench.source.rows.push(
      new MalformedRow(new Rejection('CSV_QUOTE_NOT_CLOSED', 'no'), 'line 3', '2,"jo@example.com'),
    )
    bench.workflow.personal = personalFields(
      { properties: { mail: { personal: true }, year: { personal: true } } },
      { mail: 'contact', year: { cel: 'string(record.born)' } },
    )
    bench.target.refuse = () => 'no account for KIM@example.com, born in 1970'
    await bench.sync()
    const kept = JSON.stringify([await all(bench), await bench.store.inbox.events({ limit: 10 })])
    expect(kept).toContain('no account for')
    expect(kept).not.toMatch(/example|1970/i)
  })
})

it('in a workflow without a key a record is known by its content, not by its place', async () => {
  const bench = new Bench([{ note: 'first' }, { note: 'second' }], { mode: 'append' }, [])
  bench.target.refuse = ({ note }) => (note === 'second' ? 'no' : undefined)
  await bench.sync()
  bench.source.rows = [{ note: 'third' }, { note: 'fourth' }, { note: 'second' }]
  await bench.sync()
  expect(await only(bench)).toMatchObject({ state: 'open', attempts: 2, last: { row: 3 } })
  expect((await only(bench)).last.key).toBeUndefined()
  bench.target.refuse = () => undefined
  await bench.sync()
  expect(await only(bench)).toMatchObject({ state: 'resolved', resolution: { how: 'moved' } })
})

it('an undo that leaves a record alone makes an exception of it', async () => {
  const bench = new Bench(rows(5))
  bench.source.rows = rows(3)
  const { run } = await bench.sync()
  bench.target.records.set('[2]', { id: 2, name: 'changed by somebody' })
  const undone = await undoRun(bench.request(), run)
  expect(undone.rejectedBy).toEqual({ CHANGED_SINCE: 1 })
  expect(await only(bench)).toMatchObject({
    subject: '[2]',
    last: { code: 'CHANGED_SINCE', run: undone.run },
  })
})

it('costs a run nothing per record where no exception waits', async () => {
  const bench = new Bench(rows(200))
  const passed = jest.spyOn(Watch.prototype, 'passed')
  await bench.sync()
  expect(passed).not.toHaveBeenCalled()
})
