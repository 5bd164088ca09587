import { clock } from '../../../shared/adapters/clock'
import { signer } from '../../../shared/adapters/signer'
import { NodeSpill } from '../../../shared/adapters/spill'
import { breakHash } from '../../../shared/core/reconciliation/decisions'
import type { ReconcileProgress } from '../../../shared/core/reconciliation/request'
import type { Decision } from '../../../shared/core/reconciliation/store'
import type { DataRecord } from '../../../shared/core/record/value'
import { FakeClock } from '../../support/fake-clock'
import { MemorySource } from '../../support/memory-systems'
import { reconciled } from '../../support/reconcile'

const measures = [{ name: 'v', fields: ['v'] }]

/** A system that can be asked for single records. */
class AskedSource extends MemorySource {
  /** As it is by the time of the second look. */
  later: DataRecord[]

  constructor(records: DataRecord[], later = records) {
    super(records)
    this.later = later
  }

  lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return Promise.resolve(keys.map(({ id }) => this.later.find((one) => one['id'] === id)))
  }
}

describe('Changes on their way', () => {
  test('a break that is younger than the window is pending, on whichever side it changed', async () => {
    const now = new FakeClock()
    const at = (minutes: number): string => new Date(now.now() - minutes * 60_000).toISOString()
    const source = [
      { id: 1, v: 1, changed: at(5) },
      { id: 2, v: 1, changed: at(60) },
      { id: 3, v: 1, changed: at(60) },
      // a time without a zone, of a clock ahead of UTC; and one that was mistyped
      { id: 4, v: 1, changed: at(-13 * 60) },
      { id: 5, v: 1, changed: '2099-01-01T00:00:00Z' },
    ]
    const target = [
      // as PostgreSQL exports it
      { id: 2, v: 2, changed: at(5).replace('T', ' ').replace('Z', '+00') },
      { id: 3, v: 2, changed: at(60) },
    ]
    const { result, breaks } = await reconciled(
      source,
      target,
      { cutOff: { field: 'changed', windowMs: 15 * 60_000 }, ignore: ['changed'], measures },
      { ports: { clock: now, spill: new NodeSpill(), signer } },
    )
    expect(breaks.map(({ key, state }) => [key, state])).toEqual([
      ['[1]', 'pending'],
      ['[2]', 'pending'],
      ['[3]', 'open'],
      ['[4]', 'pending'],
      ['[5]', 'open'],
    ])
    expect(result).toMatchObject({
      asOf: '2025-12-31T23:45:00.000Z',
      breaks: { open: 2, pending: 3 },
      measures: [{ difference: '1', ofBreaks: '0', ofPending: '1' }],
    })
  })

  test('a cut-off by what is no time in any record is told', async () => {
    const note = 'No record has a date or time in changed'
    const settings = { cutOff: { field: 'changed', windowMs: 1 }, ignore: ['changed'] }
    const said = async (changed: string, others = changed): Promise<boolean> => {
      const { result } = await reconciled(
        [{ id: 1, v: 1, changed }],
        [{ id: 1, v: 2, changed: others }],
        settings,
      )
      return result.notes.some((one) => one.startsWith(note))
    }
    expect(await said('30.11.2026 18:00')).toBe(true)
    expect(await said('30.11.2026 18:00', '2026-11-30')).toBe(false)
    expect(await said('2026-11-30 18:00')).toBe(false)
  })

  test('a break that is gone on a second look is pending', async () => {
    const before = [
      { id: 1, v: 1 },
      { id: 2, v: 1 },
      { id: 3, v: 1 },
    ]
    const source = new AskedSource(before, before.slice(1))
    const target = new AskedSource(
      [
        { id: 2, v: 9 },
        { id: 3, v: 9 },
      ],
      [
        { id: 2, v: 1 },
        { id: 3, v: 9 },
      ],
    )
    const { result, breaks } = await reconciled(source, target, { secondLookMs: 10, measures })
    expect(breaks.map(({ key, state }) => [key, state])).toEqual([
      ['[1]', 'pending'],
      ['[2]', 'pending'],
      ['[3]', 'open'],
    ])
    expect(result.notes).toEqual(['2 breaks were gone on a second look and count as pending.'])
    expect(result.measures).toMatchObject([{ difference: '-15', ofBreaks: '-8', ofPending: '-7' }])
  })

  test('where a side cannot be asked for single records, the report says that there was no second look', async () => {
    const { result } = await reconciled([{ id: 1 }], [{ id: 2 }], { secondLookMs: 10 })
    expect(result.notes).toEqual([
      'No second look: not both sides can be asked for single records by the key.',
    ])
  })
})

describe('What somebody decided', () => {
  const source = [{ id: 1, v: 1 }]
  const target = [{ id: 1, v: 2 }]

  test('holds while both sides hold just that', async () => {
    const [found] = (await reconciled(source, target)).breaks
    if (!found) throw new Error('no break')
    const decision: Decision = {
      workflow: 'stock',
      key: found.key,
      kind: found.kind,
      decision: 'accept-target',
      hash: breakHash(found),
      reason: 'agreed by phone',
      who: 'ann',
      at: 0,
    }
    const accepted = await reconciled(source, target, { measures }, { decisions: [decision] })
    expect(accepted.result).toMatchObject({
      status: 'ties-out',
      breaks: { open: 0, accepted: 1 },
      measures: [{ difference: '-1', ofAccepted: '-1', tiesOut: true }],
    })
    const changed = await reconciled(source, [{ id: 1, v: 3 }], {}, { decisions: [decision] })
    expect(changed.result).toMatchObject({ status: 'breaks', breaks: { open: 1 } })
    const over = { ...decision, until: clock.now() - 1 }
    expect((await reconciled(source, target, {}, { decisions: [over] })).result.status).toBe('breaks')
  })
})

describe('A side', () => {
  test('that does not prove that it was read whole never ties out', async () => {
    const source = new MemorySource([{ id: 1 }])
    source.complete = false
    const { result } = await reconciled(source, [{ id: 1 }])
    expect(result).toMatchObject({
      status: 'failed',
      fault: { code: 'SIDE_INCOMPLETE', detail: 'The source (erp) was not proven to be read whole: memory.' },
    })
  })

  test('tells how far it is, and can be stopped', async () => {
    const records = Array.from({ length: 3000 }, (_, id) => ({ id }))
    const told: ReconcileProgress[] = []
    const { result } = await reconciled(records, records, {}, { onProgress: (one) => told.push(one) })
    expect(result.status).toBe('ties-out')
    expect(told.map(({ phase, read }) => [phase, read])).toEqual([
      ...[1000, 2000, 3000, 4000, 5000, 6000].map((read) => ['reading', read]),
      ['matching', 6000],
      ['explaining', 6000],
    ])
    const stop = new AbortController()
    const stopped = await reconciled(
      records,
      records,
      {},
      {
        signal: stop.signal,
        onProgress: () => {
          stop.abort()
        },
      },
    )
    expect(stopped.result).toMatchObject({ status: 'failed', fault: { code: 'CANCELLED' } })
  })
})
