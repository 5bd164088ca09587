import { fieldOf, fingerprintOf } from '../../../shared/core/exceptions/fingerprint'
import { failure } from '../../support/failures'

function group(message: string, pointer = '/qty'): string {
  return fingerprintOf(failure(1, { message, pointer }))
}

test('says by which version of the algorithm it was made', () => {
  expect(group('no')).toMatch(/^v1:[0-9a-f]{16}$/)
})

describe('the same cause is the same group, whatever the values', () => {
  it.each([
    ['numbers', 'qty 12 is more than 10', 'qty 3,456.78 is more than 10'],
    ['signs and units', 'weight is -4kg', 'weight is +12.5kg'],
    ['quoted values', 'country "UK" is not in the list', 'country "Great Britain" is not in the list'],
    ['quotes in quotes', String.raw`name "a \" b" is taken`, 'name "c" is taken'],
    ['single quotes', "unknown unit 'pcs'", "unknown unit 'l\\'eau'"],
    ['typographic quotes', 'unit “pcs” is unknown', 'unit “boxes of ten” is unknown'],
    ['backticks', 'column `a b` is missing', 'column `c` is missing'],
    [
      'uuids',
      'order 0b1f2c3d-1111-4222-8333-444455556666 is closed',
      'order ffffffff-aaaa-4bbb-8ccc-dddddddddddd1 is closed',
    ],
    ['dates', 'due on 2026-01-31 is past', 'due on 2025-12-01T10:00:00.5+01:00 is past'],
    ['e-mail addresses', 'no account for kim.lee@example.com', 'no account for jo@shop.example.org'],
    ['article numbers', 'Item SKU-17/A is locked', 'Item B9 is locked'],
    ['what is masked', 'patient *** has no doctor', 'patient ********* has no doctor'],
    ['space and case', 'Item is  locked', 'item is locked\n'],
  ])('%s', (_, one, other) => {
    expect(group(one)).toBe(group(other))
  })

  it('wherever in a list', () => {
    expect(group('too long', '/lines/3/text')).toBe(group('too long', '/lines/17/text'))
    expect(fieldOf({ pointer: '/lines/3/a~1b' })).toBe('lines/a/b')
    expect(fieldOf({})).toBeUndefined()
  })
})

describe('unlike causes are unlike groups', () => {
  const base = failure(1)
  it.each([
    ['workflow', { workflow: 'orders' }],
    ['code', { code: 'RECORD_REFUSED' }],
    ['stage', { stage: 'write' as const }],
    ['field', { pointer: '/price' }],
    ['no field', { pointer: '' }],
    ['message', { message: 'qty: must be text' }],
  ])('by %s', (_, change) => {
    expect(fingerprintOf({ ...base, ...change })).not.toBe(fingerprintOf(base))
  })

  it("takes an apostrophe for no quote: what is between two of them isn't a value", () => {
    expect(group("the customer doesn't exist, so the order can't be made")).not.toBe(
      group("the customer doesn't pay, so the order can't be made"),
    )
  })
})
