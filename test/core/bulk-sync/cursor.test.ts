import fc from 'fast-check'
import { CursorTracker, proposedLagMs } from '../../../shared/core/bulk-sync/cursor'
import { Bench, counts } from '../../support/run-sync'
import { compareCursor, distanceMs, withLag } from '../../../shared/core/bulk-sync/cursor-value'

const MINUTE = 60_000
const now = (): number => Date.UTC(2026, 5, 1)

describe('the order of cursor values', () => {
  it.each([
    ['microseconds', '2026-01-01T10:00:00.123456Z', '2026-01-01T10:00:00.123457Z'],
    ['more digits', '2026-01-01T10:00:00.1234567891234567Z', '2026-01-01T10:00:00.1234567891234568Z'],
    ['fractions of different length', '2026-01-01T10:00:00.12Z', '2026-01-01T10:00:00.123Z'],
    ['a fraction and none', '2026-01-01T10:00:00Z', '2026-01-01T10:00:00.001Z'],
    ['zones', '2026-01-01T12:00:00+02:00', '2026-01-01T10:30:00Z'],
    ['zones as databases write them', '2026-01-01 12:00:00+02', '2026-01-01 10:30:00+0000'],
    ['an hour that summer time leaves out', '2026-03-29 02:30:00', '2026-03-29 03:10:00'],
    ['days', '2025-12-31', '2026-01-01'],
    ['numbers', '9', '10'],
    ['negative numbers', '-10', '-9'],
    ['integers beyond 2^53', '9007199254740992', '9007199254740993'],
    ['negative ones beyond 2^53', '-9007199254740993', '-9007199254740992'],
    ['decimals', '1.5', '1.25e1'],
    ['texts', 'A-9', 'B-1'],
  ])('%s', (_, earlier, later) => {
    expect(compareCursor(earlier, later)).toBeLessThan(0)
    expect(compareCursor(later, earlier)).toBeGreaterThan(0)
  })

  it.each([
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01 10:00:00', '2026-01-01T10:00Z'],
    ['1.50', '1.5'],
  ])('%s is %s', (one, two) => {
    expect(compareCursor(one, two)).toBe(0)
  })

  it('is that of the instants, in whatever zone they are written', () => {
    const time = fc.record({ ms: fc.integer({ min: 0, max: 4e12 }), zone: fc.integer({ min: -12, max: 14 }) })
    const text = ({ ms, zone }: { ms: number; zone: number }): string => {
      const hours = String(Math.abs(zone)).padStart(2, '0')
      return (
        new Date(ms + zone * 3_600_000).toISOString().slice(0, -1) + (zone < 0 ? '-' : '+') + hours + ':00'
      )
    }
    fc.assert(
      fc.property(time, time, (one, two) => {
        expect(Math.sign(compareCursor(text(one), text(two)))).toBe(Math.sign(one.ms - two.ms))
        expect(distanceMs(text(one), text(two))).toBe(Math.max(0, two.ms - one.ms))
      }),
    )
  })
})

describe('a lag', () => {
  it.each([
    ['2026-01-01T00:03:00Z', '2025-12-31T23:58:00Z'],
    ['2026-01-01T00:03:00.123456Z', '2025-12-31T23:58:00.123456Z'],
    ['2026-01-01T00:03:00.1+02:00', '2025-12-31T23:58:00.1+02:00'],
    // SQLite's own form; it is compared as text there
    ['2026-01-01 00:03:00', '2025-12-31 23:58:00'],
    ['2026-01-01T00:03', '2025-12-31T23:58'],
    ['2026-01-01', '2025-12-31'],
    ['1767225600000', '1767225300000'],
    ['not a time', 'not a time'],
  ])('of five minutes reaches back from %s to %s: the form stays', (value, expected) => {
    expect(withLag(value, 5 * MINUTE)).toBe(expected)
  })

  it('never reaches back less than it says', () => {
    expect(withLag('2026-01-01T00:00:01.900Z', 1500)).toBe('2025-12-31T23:59:59.900Z')
    expect(withLag('2026-01-01', 25 * 60 * MINUTE)).toBe('2025-12-30')
    expect(withLag('2026-01-01T00:00:00Z', 0)).toBe('2026-01-01T00:00:00Z')
  })
})

describe('lateness', () => {
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

  it('counts only what brought something new before the place where the last run ended', () => {
    const tracker = new CursorTracker('at', { field: 'at', value: at(30) }, undefined, now)
    for (const minute of [29, 30, 31]) tracker.read(at(minute))
    for (const minute of [29, 30, 31]) tracker.written(at(minute))
    expect(tracker.progress()).toMatchObject({ high: at(31), late: { count: 1, maxMs: MINUTE } })
  })

  it('of another field is not measured', () => {
    const tracker = new CursorTracker('at', { field: 'changed', value: at(30) }, undefined, now)
    tracker.read(at(1))
    tracker.written(at(1))
    expect(tracker.progress()?.late.count).toBe(0)
  })

  it('proposes twice what nearly all would have needed, in whole minutes', () => {
    const tracker = new CursorTracker('at', { field: 'at', value: at(600) }, undefined, now)
    tracker.read(at(600))
    expect(proposedLagMs({ count: 0, maxMs: 0, buckets: [] })).toBeUndefined()
    for (let i = 0; i < 999; i++) tracker.written(at(599))
    tracker.written(at(0))
    const late = tracker.progress()?.late
    expect(late).toMatchObject({ count: 1000, maxMs: 600 * MINUTE })
    const proposed = late && proposedLagMs(late)
    expect(proposed).toBeGreaterThanOrEqual(2 * MINUTE)
    expect(proposed).toBeLessThanOrEqual(4 * MINUTE)
  })
})

describe('where the next run begins', () => {
  it('is the earliest record that failed, else the last one read, else where the last run began', () => {
    const saved = { field: 'at', value: '5' }
    const tracker = new CursorTracker('at', saved, undefined, now)
    expect(tracker.next()).toEqual(saved)
    for (const value of ['9', '10', '8']) tracker.read(value)
    expect(tracker.next()).toEqual({ field: 'at', value: '10' })
    for (const value of ['9', '7', '8']) tracker.failed(value)
    expect(tracker.next()).toEqual({ field: 'at', value: '7' })
    expect(new CursorTracker('at', saved, tracker.progress(), now).next()).toEqual({
      field: 'at',
      value: '7',
    })
  })
})

describe('a time in the future', () => {
  it.each([
    ['with a zone', '2026-06-01T00:00:01Z', '2026-05-31T23:59:59Z'],
    ['in another zone', '2026-06-01T01:00:00-00:30', '2026-06-01T01:00:00+02:00'],
    ['without one, where it may be a place ahead of UTC', '2026-06-01 14:00:01', '2026-06-01 13:59:59'],
    ['as a day', '2026-06-02', '2026-06-01'],
  ])('%s does not move the cursor', (_, future, past) => {
    const tracker = new CursorTracker('at', undefined, undefined, now)
    for (const value of [past, future]) tracker.read(value)
    expect(tracker.next()).toEqual({ field: 'at', value: past })
    expect(tracker.ahead).toBe(1)
  })

  it('is no matter of numbers', () => {
    const tracker = new CursorTracker('at', undefined, undefined, now)
    tracker.read('99999999999999')
    expect(tracker.next()).toEqual({ field: 'at', value: '99999999999999' })
  })

  it('leaves out nothing that changes before it has come', async () => {
    const bench = new Bench([
      { id: 1, at: '2025-12-31T10:00:00Z' },
      { id: 2, at: '2099-01-01T00:00:00Z' },
    ])
    bench.workflow = {
      ...bench.workflow,
      source: { ...bench.workflow.source, cursor: { field: 'at', lagMs: 0 } },
    }
    await bench.sync()
    expect(bench.warnings).toEqual(['stock: at of 1 records lies in the future; they are read every time.'])
    bench.source.rows.push({ id: 3, at: '2025-12-31T11:00:00Z' })
    expect(counts(await bench.sync())).toEqual({ created: 1, unchanged: 2 })
    expect(await bench.store.cursor('stock')).toEqual({ field: 'at', value: '2025-12-31T11:00:00Z' })
  })
})

it('of a personal field is kept to go on from, and nobody is shown its value', async () => {
  const bench = new Bench([{ id: 1, seen: '2020-01-01T10:00:00Z' }])
  bench.workflow.source.cursor = { field: 'seen', lagMs: 0 }
  bench.workflow.personal = ['seen']
  await bench.sync()
  expect((await bench.store.cursor('stock'))?.value).toBe('2020-01-01T10:00:00Z')
  bench.source.rows = [{ id: 2, seen: '2020-01-02T10:00:00Z' }]
  const { cursor } = await bench.sync()
  expect(cursor).toMatchObject({ from: { value: '******' }, to: { field: 'seen', value: '******' } })
})
