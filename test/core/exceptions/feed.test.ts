import { Bench, rows } from '../../support/run-sync'
import { Feed } from '../../../shared/core/exceptions/feed'
import { failure, InboxBench } from '../../support/failures'

test('gives everything in order, from a cursor on, and never a thing less than once', async () => {
  const { feed } = await InboxBench.with(...Array.from({ length: 7 }, (_, i) => failure(i)))
  const seen: number[] = []
  let after: string | undefined
  for (let page = 0; page < 4; page++) {
    const { events, next } = await feed.read({ after, limit: 3 })
    seen.push(...events.map(({ exception = 0 }) => exception))
    // the same page again, as after a crash before it was worked off
    expect((await feed.read({ after, limit: 3 })).events).toEqual(events)
    after = next
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('goes on after events that were filtered out', async () => {
  const bench = await InboxBench.with(failure(1), failure(2, { workflow: 'orders' }))
  const { events, next } = await bench.feed.read({ workflow: 'stock', limit: 10 })
  expect(events.map(({ workflow }) => workflow)).toEqual(['stock'])
  await bench.raise(failure(3))
  const later = await bench.feed.read({ after: next, type: 'exception.opened', limit: 10 })
  expect(later.events.map(({ exception }) => exception)).toEqual([3])
})

describe('a long poll', () => {
  it('waits as long as asked where nothing happens', async () => {
    const { feed, clock } = await InboxBench.with(failure(1))
    const { next } = await feed.read({ limit: 10 })
    const before = clock.now()
    const { events, next: same } = await feed.read({ after: next, limit: 10, wait: 1900 })
    expect([events, same, clock.now() - before]).toEqual([[], next, 1900])
  })

  it('ends as soon as there is something', async () => {
    const bench = await InboxBench.with(failure(1))
    const { next } = await bench.feed.read({ limit: 10 })
    const sleep = bench.clock.sleep.bind(bench.clock)
    bench.clock.sleep = async (ms, signal) => {
      bench.clock.sleep = sleep
      await bench.raise(failure(2))
      return sleep(ms, signal)
    }
    const { events } = await bench.feed.read({ after: next, limit: 10, wait: 60_000 })
    expect(events.map(({ exception }) => exception)).toEqual([2])
    expect(bench.clock.slept).toHaveLength(1)
  })

  it('ends with what there is when nobody waits any more', async () => {
    const bench = await InboxBench.with(failure(1))
    const { next } = await bench.feed.read({ limit: 10 })
    const stop = new AbortController()
    bench.clock.sleep = () => {
      stop.abort()
      return Promise.reject(new Error('aborted'))
    }
    const request = { after: next, limit: 10, wait: 60_000, signal: stop.signal }
    expect(await bench.feed.read(request)).toEqual({ events: [], next })
  })
})

test.each(['', 'e1-1', 'e1-1-000000', 'e1-zz-xxxxxx', '42'])('refuses the cursor "%s"', async (after) => {
  const { feed } = await InboxBench.with(failure(1))
  await expect(feed.read({ after, limit: 1 })).rejects.toThrow('CURSOR_UNKNOWN')
})

test('refuses the cursor of another store that is ahead of this one', async () => {
  const ahead = await InboxBench.with(failure(1), failure(2))
  const { next } = await ahead.feed.read({ limit: 10 })
  const { feed } = await InboxBench.with(failure(1))
  await expect(feed.read({ after: next, limit: 1 })).rejects.toThrow('CURSOR_UNKNOWN')
})

test('tells of every run how it ended', async () => {
  const bench = new Bench(rows(20))
  bench.target.refuse = ({ id }) => (id === 7 ? 'no' : undefined)
  const { run } = await bench.sync()
  bench.source.beforePage = () => {
    throw new Error('down')
  }
  const failed = await bench.sync()
  const { events } = await new Feed(bench.store.inbox, bench.clock).read({ type: 'run.ended', limit: 10 })
  expect(events).toMatchObject([
    {
      workflow: 'stock',
      run,
      who: `run ${run}`,
      facts: { kind: 'sync', status: 'exceptions', outcomes: { created: 19, rejected: 1 } },
    },
    { run: failed.run, facts: { status: 'failed', fault: 'UNEXPECTED' } },
  ])
})
