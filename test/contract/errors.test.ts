import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../support/command-line'
import { errors, isErrorCode, type ErrorEntry } from '../../shared/contract/errors'
import { entryOverHttp } from '../../shared/contract/errors/over-http'
import { operations } from '../../shared/contract/operations'

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

describe('over HTTP', () => {
  const codes = Object.keys(errors).filter(isErrorCode)
  const textsOf = ({ causes, steps }: ErrorEntry): string[] => [
    ...causes.map(({ check }) => check),
    ...steps.flatMap((step) => [step.do, step.verify]),
  ]

  test('nobody is sent to a command that only the machine of the gateway has', () => {
    const sent = codes.flatMap((code) => {
      const { steps } = entryOverHttp(code)
      const own = steps.filter(
        ({ who, do: what }) => who !== 'us' && /(?<!runs the gateway .*)(tieout [a-z]|\s--[a-z])/.test(what),
      )
      const asked = textsOf({ ...entryOverHttp(code), steps: [] }).concat(steps.map(({ verify }) => verify))
      const bare = asked.filter((text) =>
        /^(tieout|ls|curl|df) |(?<!gateway: .*)(?<![`\w])tieout [a-z]/.test(text),
      )
      return [...own.map((step) => step.do), ...bare].map((text) => `${code}: ${text}`)
    })
    expect(sent).toEqual([])
  })

  test('every request that an entry names is there', () => {
    const paths = Object.values(operations).map(
      ({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`,
    )
    const named = codes.flatMap((code) =>
      textsOf(entryOverHttp(code)).flatMap((text) =>
        Array.from(
          text.matchAll(/\b(GET|POST|PATCH|PUT|DELETE) (\/[\w./{}-]*)/g),
          ([, method = '', path = '']) =>
            `${method} ${path
              .replace(/\{\w+\}/g, '{}')
              .replace(/[.]$/, '')
              .replace(/records\/failed$/, 'records/{}')}`,
        ),
      ),
    )
    expect(named.length).toBeGreaterThan(100)
    expect([...new Set(named)].filter((one) => !paths.includes(one))).toEqual([])
  })

  test.each([
    ['FILE_NOT_FOUND', 'us'],
    ['CONNECTION_REFUSED', 'other-system'],
    ['PROXY_AUTH_REQUIRED', 'us'],
    ['CSV_FIELD_COUNT', 'you'],
    ['VALIDATION_FAILED', 'you'],
    ['CREDENTIALS_INVALID', 'you'],
    ['HEADERS_LOST', 'your-network-team'],
  ] as const)('%s is fixed by %s', (code, owner) => {
    expect(entryOverHttp(code).owner).toBe(owner)
  })
})
