import fc from 'fast-check'
import { NodeSpill } from '../../../shared/adapters/spill'
import type { Spill, SpillLog } from '../../../shared/core/ports'
import { KeySet } from '../../../shared/core/record/key-set'

/** The real spill; knows which of its logs are not dropped. */
class CountingSpill extends NodeSpill {
  readonly open = new Set<SpillLog>()
  bytes = 0

  override log(): SpillLog {
    const log = super.log()
    const append = log.append.bind(log)
    const drop = log.drop.bind(log)
    this.open.add(log)
    log.append = (bytes) => {
      this.bytes += bytes.length
      append(bytes)
    }
    log.drop = () => {
      this.open.delete(log)
      drop()
    }
    return log
  }
}

/** (0, 0) counts as (0, 1). */
const nameOf = (a: number, b: number): string =>
  `${String(a >>> 0)},${String(a === 0 && b === 0 ? 1 : b >>> 0)}`

function check(spill: Spill, slots: number, adds: readonly (readonly [number, number, number])[]): void {
  const set = new KeySet(spill, slots)
  const map = new Map<string, number>()
  try {
    for (const [a, b, payload] of adds) {
      const name = nameOf(a, b)
      const known = map.get(name)
      expect(set.has(a, b)).toBe(known !== undefined)
      expect(set.add(a, b, payload)).toBe(known === undefined ? 'new' : known === payload ? 'same' : 'other')
      if (known === undefined) map.set(name, payload)
    }
    for (const [a, b] of adds) {
      expect(set.has(a, b)).toBe(true)
      expect(set.has(a ^ 64, b)).toBe(map.has(nameOf(a ^ 64, b)))
    }
  } finally {
    set.drop()
  }
}

describe('the keys that a run has seen', () => {
  it('are those that a Map would know, however often they go to disk', () => {
    const lane = fc.oneof(fc.integer({ min: -4, max: 12 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
    const add = fc.tuple(lane, lane, fc.integer({ min: -1, max: 2 }))
    const spill = new CountingSpill()
    fc.assert(
      fc.property(fc.constantFrom(4, 16, 64), fc.array(add, { maxLength: 200 }), (slots, adds) => {
        check(spill, slots, adds)
      }),
    )
    expect(spill.bytes).toBeGreaterThan(0)
    expect(spill.open.size).toBe(0)
  })

  it('are found again among twenty thousand that went to disk a dozen times', () => {
    const spill = new CountingSpill()
    const set = new KeySet(spill, 2048)
    const count = 20_000
    const high = (i: number): number => Math.imul(i, 0x9e3779b1)
    const low = (i: number): number => Math.imul(i, 0x85ebca6b)
    for (let i = 1; i <= count; i++) expect(set.add(high(i), low(i), i)).toBe('new')
    expect(spill.bytes).toBeGreaterThanOrEqual(12 * 12 * 1300)
    for (let i = 1; i <= count; i += 13) {
      expect(set.add(high(i), low(i), i)).toBe('same')
      expect(set.add(high(i), low(i), i + 1)).toBe('other')
    }
    for (let i = count + 1; i <= count + 2000; i++) expect(set.has(high(i), low(i))).toBe(false)
    expect(spill.open.size).toBe(1)
    set.drop()
    expect(spill.open.size).toBe(0)
  })

  it('stay in memory as long as they fit', () => {
    const spill = new CountingSpill()
    const set = new KeySet(spill)
    for (let i = 0; i < 20_000; i++) set.add(i, i, i)
    set.drop()
    expect(spill.bytes).toBe(0)
  })
})
