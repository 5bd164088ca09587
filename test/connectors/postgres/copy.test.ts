import fc from 'fast-check'
import { CopyBuffer } from '../../../connectors/postgres/copy'
import { plainNumber } from '../../../shared/core/record/decimal'

const taken = (value: number): string | undefined => {
  const buffer = new CopyBuffer(1)
  return buffer.number(value) ? buffer.take().toString() : undefined
}

test('a number of at most two decimals is written as its text would be', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2_147_483_647, max: 2_147_483_647 }), (hundredths) => {
      const value = hundredths / 100
      expect(taken(value)).toBe(`${plainNumber(value)}\t`)
    }),
  )
})

test('any other number is left to be printed, or is written the same', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect([undefined, `${plainNumber(value)}\t`]).toContain(taken(value))
    }),
  )
  for (const value of [0.001, 21_474_836.48, 1e9, Number.NaN, Infinity]) expect(taken(value)).toBeUndefined()
})
