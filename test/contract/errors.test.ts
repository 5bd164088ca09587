import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../support/command-line'
import { errors, type ErrorEntry } from '../../shared/contract/errors'

const entries = Object.entries<ErrorEntry>(errors)
const reference = readFileSync(join(__dirname, '..', '..', 'docs', 'reference', 'errors.md'), 'utf8')

test('every number belongs to one code', () => {
  const numbers = entries.map(([, { number }]) => number)
  expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
})

test('every code is described once', () => {
  const folder = join(__dirname, '..', '..', 'shared', 'contract', 'errors')
  const described = readdirSync(folder).flatMap((file) =>
    Array.from(
      readFileSync(join(folder, file), 'utf8').matchAll(/^ {2}([A-Z0-9_]+): /gm),
      ([, code]) => code,
    ),
  )
  expect(described.sort()).toEqual(entries.map(([code]) => code).sort())
})

test.each(entries)('%s says who does what and how to check it', (_, { title, owner, causes, steps }) => {
  expect(title).not.toMatch(/\.$/)
  expect(owner).not.toBe('')
  expect(causes.filter(({ cause, check }) => cause === '' || check === '')).toEqual([])
  expect(steps.length).toBeGreaterThan(0)
  expect(steps.filter((step) => step.do === '' || step.verify === '')).toEqual([])
})

test('every command that an entry names is one of the command line', async () => {
  const { out } = await commandLine('.')('--help')
  const commands = Array.from(out.matchAll(/^ {2}([a-z-]+)/gm), ([, command]) => command)
  const named = entries.flatMap(([code, { causes, steps }]) => {
    const texts = [...causes.map(({ check }) => check), ...steps.flatMap((step) => [step.do, step.verify])]
    return texts
      .flatMap((text) =>
        Array.from(text.matchAll(/\btieout ([a-z][a-z-]*)(?= [<-]|$)/g), ([, command]) => command),
      )
      .map((command) => ({ code, command }))
  })
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter(({ command }) => !commands.includes(command))).toEqual([])
})

test('the reference describes exactly the codes there are', () => {
  const described = Array.from(reference.matchAll(/^## ([A-Z0-9_]+)$/gm), ([, code]) => code)
  expect(described.sort()).toEqual(entries.map(([code]) => code).sort())
})
