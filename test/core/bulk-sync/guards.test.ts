import { deleteGuard, RejectGuard, type Tripped } from '../../../shared/core/bulk-sync/guards'
import type { Limit } from '../../../shared/core/workflow'

const record = (i: number) => ({ keyA: i, keyB: i, payloadA: i, payloadB: i })

/** Lets records pass (.) and be rejected (x), and says at which one the guard tripped. */
function tripsAt(limit: Limit, story: string, forgiven = 0): [at: number, Tripped] | undefined {
  const guard = new RejectGuard(limit, forgiven)
  for (let i = 0; i < story.length; i++) {
    if (story[i] === '.') guard.valid()
    else {
      const tripped = guard.invalid(record(i))
      if (tripped) return [i + 1, tripped]
    }
  }
  return undefined
}

describe('the guard of rejects', () => {
  const fifth = { share: 0.2 }

  it('trips by share at the first reject above it, but not for fewer than twenty', () => {
    expect(tripsAt(fifth, 'x'.repeat(19))).toBeUndefined()
    expect(tripsAt(fifth, 'x'.repeat(30))?.[0]).toBe(20)
    expect(tripsAt(fifth, '.'.repeat(80) + 'x'.repeat(20))).toBeUndefined()
    expect(tripsAt(fifth, '.'.repeat(80) + 'x'.repeat(21))?.[0]).toBe(101)
    expect(tripsAt({ share: 1 }, 'x'.repeat(5000))).toBeUndefined()
  })

  it('looks at the last thousand only: what went well long ago excuses nothing', () => {
    const story = '.'.repeat(100_000) + 'x'.repeat(400)
    const [at, tripped] = tripsAt(fifth, story) ?? []
    expect(at).toBe(100_201)
    expect(tripped).toMatchObject({ guard: 'rejects', records: 201, of: 1000 })
    expect(tripped?.reason).toBe('201 of the last 1000 records were rejected; the limit is 20 %.')
  })

  it('forgets rejects that lie more than a thousand records back', () => {
    expect(tripsAt(fifth, ('x'.repeat(150) + '.'.repeat(850)).repeat(20))?.[0]).toBe(20)
    expect(tripsAt(fifth, '.'.repeat(1000) + ('x'.repeat(150) + '.'.repeat(850)).repeat(20))).toBeUndefined()
  })

  it('trips by count, from the first one where none is allowed', () => {
    expect(tripsAt({ count: 3 }, 'x.x.x.')).toBeUndefined()
    expect(tripsAt({ count: 3 }, 'x.x.x.x')?.[1].reason).toBe('4 records were rejected; the limit is 3.')
    expect(tripsAt({ count: 0 }, '..x')?.[0]).toBe(3)
    expect(tripsAt({ share: 0.5, count: 3 }, 'x.x.x.x')?.[0]).toBe(7)
  })

  it('counts what a target answers apart from what was read since, and both in the end', () => {
    const guard = new RejectGuard({ share: 0.2 }, 0)
    const tripped: (Tripped | undefined)[] = []
    // a batch of 5,000 was not sent yet
    for (let i = 0; i < 5000; i++)
      if (i % 10 === 0) tripped.push(guard.invalid(record(i)))
      else guard.valid()
    for (let i = 0; i < 4500; i++)
      if (i % 10 === 5) tripped.push(guard.refused(record(i)))
      else guard.taken()
    expect(tripped.filter((one) => one !== undefined)).toEqual([])
    const worse = Array.from({ length: 200 }, (_, i) => guard.refused(record(i))).filter(
      (one) => one !== undefined,
    )
    expect(worse[0]?.reason).toBe(
      '100 of the last 1000 records that were read and 112 of the last 1000 records that were sent were rejected; the limit is 20 %.',
    )
  })

  it('never trips when it is off', () => {
    expect(tripsAt({}, 'x'.repeat(5000))).toBeUndefined()
  })

  it('counts anew after as many rejects as somebody approved', () => {
    expect(tripsAt({ count: 3 }, 'x'.repeat(7), 4)).toBeUndefined()
    expect(tripsAt({ count: 3 }, 'x'.repeat(8), 4)?.[0]).toBe(8)
  })

  it('names the exact set of rejected records', () => {
    const [, one] = tripsAt({ count: 1 }, 'xx') ?? []
    const [, again] = tripsAt({ count: 1 }, 'xx') ?? []
    const [, other] = tripsAt({ count: 1 }, 'x.x') ?? []
    expect(again?.hash).toBe(one?.hash)
    expect(other?.hash).not.toBe(one?.hash)
  })
})

describe('the guard of deletes', () => {
  const complete = { complete: true, evidence: 'read to the end' }

  it.each<[string, number, number, Limit, string | undefined]>([
    ['nothing', 0, 100, { share: 0, count: 0 }, undefined],
    ['just the share', 10, 100, { share: 0.1 }, undefined],
    [
      'more than the share',
      11,
      100,
      { share: 0.1 },
      '11 of 100 records would be deleted; the limit is 10 %.',
    ],
    ['just the count', 5, 100, { count: 5 }, undefined],
    ['more than the count', 6, 1000, { share: 0.5, count: 5 }, '6 records would be deleted; the limit is 5.'],
    ['all of it, with no limit', 100, 100, {}, undefined],
    [
      'a share with decimals',
      2,
      1000,
      { share: 0.0015 },
      '2 of 1000 records would be deleted; the limit is 0.2 %.',
    ],
  ])('%s', (_, deletes, held, limit, reason) => {
    expect(deleteGuard(deletes, held, complete, limit)).toBe(reason)
  })

  it('holds any delete where the listing is not proven complete, whatever the limit', () => {
    const listing = { complete: false, evidence: 'the file was cut short' }
    expect(deleteGuard(1, 100, listing, {})).toMatch(/did not prove.*the file was cut short/)
    expect(deleteGuard(0, 100, listing, {})).toBeUndefined()
  })
})
