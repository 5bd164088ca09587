// What must be true of the repository as a whole, whoever checks it out.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as manifest from '../../package.json'
import { VERSION } from '../../gateway/version'

const root = resolve(__dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Tracked files and new ones that git does not ignore; a deleted file that is not committed yet is left out. */
function files(...patterns: string[]): string[] {
  const list = (...flags: string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...flags, '--', ...patterns], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter((file) => file !== '')
  const deleted = new Set(list('--deleted'))
  return list('--cached', '--others', '--exclude-standard').filter((file) => !deleted.has(file))
}

/** `file:line: text` for every line of those files that matches. */
function lines(among: readonly string[], pattern: RegExp): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${file}:${index + 1}: ${text.trim()}`] : [])),
  )
}

const thisFile = 'test/house/repository.test.ts'

test('npm scripts run a Node that has node:sqlite', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24)
  expect(process.getBuiltinModule('node:sqlite')).toBeDefined()
})

test('the lock file holds no download addresses', () => {
  expect(lines(['package-lock.json'], /"resolved"/)).toEqual([])
})

test('nothing depends on one machine: no paths of its own, no folder beside the checkout, no registry', () => {
  const own = /(^|[\s'"`(=:@])\/(work|root|home\/\w+|Users\/\w+)\/|(^|[\s'"`(=])\/tmp\/\w/
  const beside = /\.\.\/shared\/(facts|checks|recipes|bench)\b/
  const registry = /\bregistry\.(npmjs|yarnpkg)\b|\bnpm\.pkg\.github\b|\.jfrog\.io\b/
  const pattern = new RegExp([own, beside, registry].map((part) => part.source).join('|'))

  const among = files().filter((file) => file !== thisFile && !/\.(xlsx|png|ico)$/.test(file))
  expect(lines(among, pattern)).toEqual([])
})

test('no test is switched off, and none is alone switched on', () => {
  const tests = files('*.test.ts').filter((file) => file !== thisFile)
  expect(
    lines(tests, /\.(skip|only)\(|\.(skip|only)\.each\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/),
  ).toEqual([])
})

test('every dependency has its line in docs/dependencies.md, and every line its dependency', () => {
  const sections = read('docs/dependencies.md').split(/^## /m)
  const documented = (title: string): string[] => {
    const section = sections.find((text) => text.startsWith(`${title}\n`)) ?? ''
    const names = [...section.matchAll(/^\| (\S+) \|/gm)].map((match) => match[1] ?? '')
    return names.filter((name) => name !== 'package')
  }

  expect(documented('Runtime')).toEqual(Object.keys(manifest.dependencies))
  expect(documented('Development')).toEqual(Object.keys(manifest.devDependencies))
  expect(documented('Optional')).toEqual(Object.keys(manifest.optionalDependencies))
})

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^(npm:(@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+$/.test(version),
  )
  expect(loose).toEqual([])
})

test('the gateway says the version of the package', () => {
  expect(VERSION).toBe(manifest.version)
})
