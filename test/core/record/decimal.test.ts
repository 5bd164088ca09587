import fc from 'fast-check'
import { Decimal, exactNumber, plainNumber } from '../../../shared/core/record/decimal'
import { digits } from './values'

/** The same number as a whole number of 10^-60: what no rounding can hide. */
function scaled(text: string): bigint {
  const negative = text.startsWith('-')
  const [whole = '', fraction = ''] = (negative ? text.slice(1) : text).split('.')
  const size = BigInt(whole + fraction.padEnd(60, '0'))
  return negative ? -size : size
}

describe('a number read from text', () => {
  it('keeps every digit, and is a plain number only where that has them all', () => {
    fc.assert(
      fc.property(digits, (text) => {
        const number = exactNumber(text)
        const printed = number instanceof Decimal ? number.text : plainNumber(number ?? NaN)
        expect(scaled(printed)).toBe(scaled(text))
        expect(JSON.stringify({ number })).toBe(
          number instanceof Decimal ? `{"number":${number.text}}` : JSON.stringify({ number: Number(text) }),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it.each<[string, number | string]>([
    ['9007199254740992', 9007199254740992],
    ['9007199254740993', '9007199254740993'],
    ['0.1', 0.1],
    ['0.10', 0.1],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['1e3', 1000],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['007', 7],
    ['1e400', '1' + '0'.repeat(400)],
    ['-1.5E-3', -0.0015],
  ])('%s', (text, expected) => {
    const number = exactNumber(text)
    expect(number instanceof Decimal ? number.text : number).toBe(expected)
  })

  it.each(['', ' ', '-', '.', '1,5', '1 000', '0x10', 'NaN', 'Infinity', '1e', '--1', '١'])(
    '%p is none',
    (text) => {
      expect(exactNumber(text)).toBeUndefined()
      expect(Decimal.parse(text)).toBeUndefined()
    },
  )
})

describe('the canonical text', () => {
  it('is one for all ways to write a number', () => {
    fc.assert(
      fc.property(digits, fc.nat(5), (text, zeros) => {
        const more = (text.includes('.') ? text : text + '.') + '0'.repeat(zeros)
        const [one, two] = [Decimal.parse(text)?.canonical(), Decimal.parse(more)?.canonical()]
        expect(two).toBe(one)
        expect(scaled(one ?? '')).toBe(scaled(text))
      }),
    )
  })
})

describe('a double in full', () => {
  it('has no exponent and is the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = plainNumber(number)
        expect(text).not.toMatch(/e/i)
        expect(Number(text) === number).toBe(true)
      }),
    )
  })
})
