// The walls of the house (.dependency-cruiser.cjs): no import in the sources crosses one, and every rule is
// seen to fire on a violation planted in a tree of its own.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const repository = resolve(__dirname, '../..')
const configFile = join(repository, '.dependency-cruiser.cjs')

interface Report {
  summary: { violations: { from: string; to: string; rule: { name: string } }[]; totalCruised: number }
}

function cruise(root: string): Report['summary'] {
  const bin = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const run = spawnSync(process.execPath, [bin, '--config', configFile, '--output-type', 'json', '.'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${run.stderr}`)
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the tool's own documented format
  return (JSON.parse(run.stdout) as Report).summary
}

/** Each line: the rule that must fire, the file that breaks it, what that file imports. */
const planted: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ['contract-is-data', 'shared/contract/a.ts', '../core/a'],
  ['core-is-pure', 'shared/core/a.ts', '../adapters/a'],
  ['core-is-pure', 'shared/core/node.ts', 'node:crypto'],
  ['core-is-pure', 'shared/core/npm.ts', 'axios'],
  ['shared-knows-no-connector-and-no-face', 'shared/adapters/connector.ts', '../../connectors/csv/index'],
  ['shared-knows-no-connector-and-no-face', 'shared/adapters/face.ts', '../../cli/index'],
  ['pure-connector-needs-only-the-core', 'connectors/csv/adapter.ts', '../../shared/adapters/a'],
  ['pure-connector-needs-only-the-core', 'connectors/csv/sibling.ts', '../http/index'],
  ['pure-connector-needs-only-the-core', 'connectors/csv/node.ts', 'node:fs'],
  ['pure-connector-needs-only-the-core', 'connectors/http/npm.ts', 'axios'],
  ['connector-postgres-has-its-own-driver-only', 'connectors/postgres/npm.ts', 'axios'],
  ['connector-postgres-has-its-own-driver-only', 'connectors/postgres/sibling.ts', '../csv/index'],
  ['connector-sqlite-has-its-own-driver-only', 'connectors/sqlite/npm.ts', 'pg'],
  ['connector-sqlite-has-its-own-driver-only', 'connectors/sqlite/node.ts', 'node:fs'],
  ['connector-xlsx-has-its-own-driver-only', 'connectors/xlsx/node.ts', 'node:fs'],
  ['registry-lists-connectors', 'connectors/index.ts', '../shared/adapters/a'],
  ['n8n-imports-only-what-is-pure', 'n8n/nodes/npm.ts', 'axios'],
  ['n8n-imports-only-what-is-pure', 'n8n/nodes/node.ts', 'node:fs'],
  ['n8n-never-reaches-adapters-or-drivers', 'n8n/nodes/reaches.ts', '../../connectors/registry'],
  ['emitter-reads-only-the-contract', 'openapi/core.ts', '../shared/core/a'],
  ['emitter-reads-only-the-contract', 'openapi/npm.ts', 'axios'],
  ['emitter-reads-only-the-contract', 'mulesoft-raml/node.ts', 'node:fs'],
  ['faces-do-not-meet', 'gateway/meets.ts', '../cli/index'],
  ['faces-do-not-meet', 'node-red/nodes/meets.ts', '../../gateway/index'],
  ['faces-do-not-meet', 'openapi/meets.ts', '../mulesoft-raml/index'],
  ['cli-meets-only-emitters-and-gateway', 'cli/meets.ts', '../node-red/nodes/meets'],
  ['nothing-imports-test', 'bench/a.ts', '../test/support/a'],
  ['no-cycles', 'gateway/one.ts', './two'],
]

/** Each line: a file and what it may import; no rule may fire. */
const allowed: readonly (readonly [file: string, imports: string])[] = [
  ['shared/core/b.ts', 'luxon'],
  ['shared/core/c.ts', '@marcbachmann/cel-js'],
  ['shared/core/d.ts', '../contract/index'],
  ['shared/adapters/a.ts', 'axios'],
  ['shared/adapters/b.ts', 'node:fs'],
  ['connectors/postgres/a.ts', 'pg'],
  ['connectors/postgres/b.ts', 'pg-copy-streams'],
  ['connectors/sqlite/a.ts', 'node:sqlite'],
  ['connectors/xlsx/a.ts', 'node:zlib'],
  ['connectors/xlsx/b.ts', 'saxes'],
  ['shared/core/e.ts', 'saxes'],
  ['connectors/csv/a.ts', '../../shared/core/d'],
  ['connectors/registry.ts', './postgres/a'],
  ['n8n/nodes/a.ts', '../../connectors/csv/a'],
  ['n8n/nodes/b.ts', 'n8n-workflow'],
  ['gateway/a.ts', '../shared/adapters/a'],
  ['gateway/two.ts', './one'],
  ['openapi/a.ts', 'yaml'],
  ['cli/emit.ts', '../openapi/a'],
  ['test/a.test.ts', '../shared/core/d'],
]

/** Files that the lines above import and that import nothing. */
const targets = [
  'shared/contract/index.ts',
  'connectors/csv/index.ts',
  'connectors/http/index.ts',
  'cli/index.ts',
  'gateway/index.ts',
  'mulesoft-raml/index.ts',
  'test/support/a.ts',
]

const npm = [
  'axios',
  'luxon',
  '@marcbachmann/cel-js',
  'pg',
  'pg-copy-streams',
  'saxes',
  'n8n-workflow',
  'yaml',
]

function write(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

test('no import in the sources crosses a wall', () => {
  const { violations, totalCruised } = cruise(repository)

  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
  expect(totalCruised).toBeGreaterThan(0)
})

describe('planted violations', () => {
  const root = mkdtempSync(join(tmpdir(), 'tieout-imports-'))
  let found: string[]

  beforeAll(() => {
    cpSync(join(repository, 'tsconfig.json'), join(root, 'tsconfig.json'))
    for (const name of npm) {
      write(root, `node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }))
      write(root, `node_modules/${name}/index.js`, 'module.exports = {}\n')
    }
    for (const file of targets) write(root, file, 'export const x = 1\n')
    for (const [file, imports] of allowed) write(root, file, `import '${imports}'\n`)
    for (const [, file, imports] of planted) write(root, file, `import '${imports}'\n`)
    found = cruise(root).violations.map(({ rule, from }) => `${rule.name}: ${from}`)
  })
  afterAll(() => {
    rmSync(root, { recursive: true, force: true })
  })

  test.each(planted)('%s: %s -> %s', (rule, file) => {
    expect(found).toContain(`${rule}: ${file}`)
  })

  test.each(allowed.filter(([file]) => file !== 'gateway/two.ts'))('allowed: %s -> %s', (file) => {
    expect(found.filter((violation) => violation.endsWith(`: ${file}`))).toEqual([])
  })

  test('every rule has one', async () => {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- our own file, in plain JavaScript
    const config = (await import(configFile)) as { forbidden: { name: string }[] }
    const rules = new Set(config.forbidden.map(({ name }) => name))

    expect(new Set(planted.map(([rule]) => rule))).toEqual(rules)
  })
})
