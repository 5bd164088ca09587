import fc from 'fast-check'
import { Checksum } from '../../../shared/core/record/checksum'

const lane = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const hashes = fc.array(fc.tuple(lane, lane), { maxLength: 30 })

function sumOf(all: readonly (readonly [number, number])[]): Checksum {
  const sum = new Checksum()
  for (const [a, b] of all) sum.add(a, b)
  return sum
}

describe('a checksum', () => {
  it('does not depend on the order, nor on how its parts were put together', () => {
    fc.assert(
      fc.property(hashes, fc.nat(), (all, at) => {
        const cut = all.length === 0 ? 0 : at % all.length
        const turned = [...all.slice(cut), ...all.slice(0, cut).reverse()]
        expect(sumOf(turned).text()).toBe(sumOf(all).text())
        const parts = new Checksum()
        parts.addText(sumOf(all.slice(0, cut)).text())
        parts.addText(sumOf(all.slice(cut)).text())
        expect(parts.text()).toBe(sumOf(all).text())
      }),
    )
  })

  it('is 16 hexadecimal digits and changes with every hash that is added', () => {
    fc.assert(
      fc.property(hashes, lane, lane, (all, a, b) => {
        const before = sumOf(all).text()
        expect(before).toMatch(/^[0-9a-f]{16}$/)
        if (a !== 0 || b !== 0) expect(sumOf([...all, [a, b]]).text()).not.toBe(before)
      }),
    )
  })
})
