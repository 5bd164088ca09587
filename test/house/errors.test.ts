// Every code of the catalogue is caused by a test: what nothing can cause is no error of ours.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { errors } from '../../shared/contract/errors'

const root = join(__dirname, '..')
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
