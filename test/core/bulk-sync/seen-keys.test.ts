import fc from 'fast-check'
import { NodeSpill } from '../../../shared/adapters/spill'
import { SeenKeys } from '../../../shared/core/bulk-sync/seen-keys'
import { KeyIndex } from '../../../shared/core/record/key-index'
import { KeySet } from '../../../shared/core/record/key-set'

const lane = fc.integer({ min: 1, max: 4 })
const hash = fc
  .tuple(lane, lane, lane)
  .map(([keyA, keyB, payload]) => ({ keyA, keyB, payloadA: payload, payloadB: payload }))
const given = fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 20 })
const read = fc.array(hash, { maxLength: 60 })

it('Keys are new, the same or others whether or not the target was given them before; what it holds is recalled', () => {
  fc.assert(
    fc.property(given, read, (given, read) => {
      const memory = new KeyIndex()
      for (const [{ keyA, keyB, payloadA, payloadB }, held] of given)
        memory.set(keyA, keyB, payloadA, held ? payloadB : 0)
      const plain = new KeySet(new NodeSpill())
      const seen = new SeenKeys(new KeySet(new NodeSpill()), memory)
      for (const record of read) {
        const { keyA, keyB, payloadA, payloadB } = record
        const before = plain.add(keyA, keyB, payloadA)
        const recalled = before === 'new' && memory.holds(keyA, keyB, payloadA, payloadB)
        expect(seen.add(record)).toBe(recalled ? 'recalled' : before)
        expect(seen.has(keyA, keyB)).toBe(true)
      }
      for (const [{ keyA, keyB }] of given) expect(seen.has(keyA, keyB)).toBe(plain.has(keyA, keyB))
    }),
  )
})
