import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errors, type ErrorEntry } from '../../shared/contract/errors'

const entries = Object.entries<ErrorEntry>(errors)
const reference = readFileSync(join(__dirname, '..', '..', 'docs', 'reference', 'errors.md'), 'utf8')

test('every number belongs to one code', () => {
  const numbers = entries.map(([, { number }]) => number)
  expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
})

test.each(entries)('%s says who does what and how to check it', (_, { title, owner, causes, steps }) => {
  expect(title).not.toMatch(/\.$/)
  expect(owner).not.toBe('')
  expect(causes.filter(({ cause, check }) => cause === '' || check === '')).toEqual([])
  expect(steps.length).toBeGreaterThan(0)
  expect(steps.filter((step) => step.do === '' || step.verify === '')).toEqual([])
})

test('the reference describes exactly the codes there are', () => {
  const described = Array.from(reference.matchAll(/^## ([A-Z0-9_]+)$/gm), ([, code]) => code)
  expect(described.sort()).toEqual(entries.map(([code]) => code).sort())
})
