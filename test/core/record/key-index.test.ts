import fc from 'fast-check'
import { KeyIndex } from '../../../shared/core/record/key-index'

describe('an index of payloads by key', () => {
  it('answers as a Map does, also after it has grown', () => {
    // few keys, many of which want the same slot
    const keyA = fc.integer({ min: -3, max: 3 }).filter((a) => a !== 0)
    const keyB = fc.constantFrom(0, 1, 16384, -16384, 32768, -1)
    const payload = fc.constantFrom(0, 1, -1, 7)
    const entry = fc.tuple(keyA, keyB, payload, payload)
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 100 }),
        fc.array(entry, { maxLength: 20 }),
        (entries, asked) => {
          const index = new KeyIndex()
          const map = new Map<string, readonly [number, number]>()
          for (const [a, b, one, two] of entries) {
            index.set(a, b, one, two)
            map.set(`${String(a)},${String(b)}`, [one, two])
          }
          for (const [a, b, one, two] of [...entries, ...asked]) {
            const [first, second] = map.get(`${String(a)},${String(b)}`) ?? []
            expect(index.holds(a, b, one, two)).toBe(two !== 0 && first === one && second === two)
          }
          expect(index.size).toBe(map.size)
          expect(index.held).toBe([...map.values()].filter(([, second]) => second !== 0).length)
        },
      ),
    )
  })

  it('holds a hundred thousand', () => {
    const index = new KeyIndex()
    const count = 100_000
    for (let i = 1; i <= count; i++) index.set(Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b), i, -i)
    expect(index.size).toBe(count)
    for (let i = 1; i <= count; i += 7) {
      expect(index.holds(Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b), i, -i)).toBe(true)
      expect(index.holds(Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b), i, i)).toBe(false)
    }
  })
})
