import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { dirname, join, relative } from 'node:path'
import type { Connector } from '../../shared/core/connector'
import { connectorSuite } from '../suites/connector-suite'
import type { Driver } from '../suites/driver'
import { blocksOf, repository } from './blocks'

// Follows the guide: saves its files in a copy of the folders, beside the real ones that they import.
const folder = mkdtempSync(join(repository, 'test', 'docs', 'guide-'))
const files = blocksOf('docs/adding-a-connector.md').filter(
  ({ language, info }) => language === 'ts' && info !== '',
)
for (const { info, text } of files) {
  const path = join(folder, info)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    text.replace(/from '(\.\.\/.*)'/g, (_, from: string) => `from '${real(dirname(info), from)}'`),
  )
}

/** The same import, seen from the copy. */
function real(from: string, path: string): string {
  return relative(join(folder, from), join(repository, from, path)).replaceAll('\\', '/')
}

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('the code of the guide passes the type checker', () => {
  const config = join(folder, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(repository, 'tsconfig.json'),
      compilerOptions: { rootDir: repository },
      include: ['.'],
    }),
  )
  const tsc = join(repository, 'node_modules', 'typescript-7', 'bin', 'tsc')
  const check = (): string => execFileSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' })
  expect(check).not.toThrow()
})

const { folder: connector } = jest.requireActual<{ folder: Connector }>(join(folder, 'connectors', 'folder'))
const { driver } = jest.requireActual<{ driver: Driver }>(join(folder, 'test', 'suites', 'drivers', 'folder'))
connectorSuite(connector, driver)
