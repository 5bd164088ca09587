// Every code of the catalogue is caused by a test: what nothing can cause is no error of ours.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { errors } from '../../shared/contract/errors'

const root = join(__dirname, '..')
/** A page has options of its own, and a report is one of the command line, too. */
const PAGES = 'core/reconciliation/report/html'

/** They say what the catalogue holds, not what causes it. */
const NO_CAUSE = ['contract/', 'docs/', relative(root, __filename)]

/** Every word in capitals of the tests and their scenarios. */
function codesInTests(): Set<string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|json)$/.test(file))
    .filter((file) => !NO_CAUSE.some((start) => file.startsWith(start)))
  return new Set(
    files.flatMap((file) => readFileSync(join(root, file), 'utf8').match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []),
  )
}

test('every code of the catalogue is asserted by a test that causes it', () => {
  const asserted = codesInTests()
  expect(Object.keys(errors).filter((code) => !asserted.has(code))).toEqual([])
})

test('what is told of a fault names no command: customers of a gateway read it, too', () => {
  const shared = join(root, '..', 'shared')
  const named = [
    'core',
    'adapters/files',
    'adapters/http',
    'adapters/store',
    '../connectors',
    '../gateway',
  ].flatMap((folder) =>
    readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !join(folder, file).startsWith(PAGES))
      .filter((file) =>
        /^[^*/]*['`][^'`]*(\btieout (?!differs)[a-z]|\s--[a-z])[^'`]*['`]/m.test(
          readFileSync(join(shared, folder, file), 'utf8'),
        ),
      )
      .map((file) => join(folder, file)),
  )
  expect(named).toEqual([])
})
