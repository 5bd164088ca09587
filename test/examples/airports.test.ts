import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { verifyReceipt } from '../../shared/core/bulk-sync/receipt'
import { folderWith } from '../support/folder'

// What `npm start` does, built apart so that nobody's dist folder changes under them.

const root = resolve(__dirname, '../..')
const cache = join(root, 'node_modules', '.cache')
let build = ''
const folder = folderWith({})
let started: SpawnSyncReturns<string>
let tookMs = 0

beforeAll(() => {
  // below node_modules, so that the compiled files find their packages
  mkdirSync(cache, { recursive: true })
  build = mkdtempSync(join(cache, 'tieout-example-'))
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
  const argv = [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', build]
  execFileSync(process.execPath, argv, { cwd: root, stdio: 'inherit' })
  cpSync(join(root, 'examples', 'airports'), join(build, 'examples', 'airports'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  })
  const from = performance.now()
  started = run(['examples', 'airports.js'], [], folder.path)
  tookMs = performance.now() - from
}, 120_000)

afterAll(() => {
  folder.remove()
  rmSync(build, { recursive: true, force: true })
})

test('npm start syncs 5,210 real airports over bad moments, and then again sends nothing', () => {
  const { status, stdout, stderr } = started
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(tookMs).toBeLessThan(30_000)

  expect(stdout).toContain('Every record is accounted for: 5,210 = 5,029 created + 181 rejected')
  expect(stdout).toContain('Every record is accounted for: 5,210 = 5,029 unchanged + 181 rejected')
  expect(stdout).toContain('2 calls answered with 503')
  expect(stdout).toContain('1 call cut off after the airports were written')
  expect(stdout).toContain('The registry got 0 calls in this run')
  expect(stdout).not.toContain('NO ')
  expect(stdout).toContain('why      101 of 101 failures have')
  expect(stdout).toContain('5,653 records of openflights.json against 4,371 of with-iata-code')
  expect(stdout).toContain('Does not tie out: 2,820 records differ, airports off by 1,282')
  expect(stdout).toContain('-> 207  1 created, 1 rejected')
  const [page = ''] = /\S*report\.html/.exec(stdout) ?? []
  expect(readFileSync(page, 'utf8')).toContain('Does not tie out: 2,820 records differ')
  // the paths of receipts are as long as they are
  for (const line of stdout.split('\n').filter((line) => !line.includes('.tieout-demo')))
    expect(line.length).toBeLessThanOrEqual(100)

  expect(receiptsIn(folder.path)).toEqual([
    { balanced: true, problems: [] },
    { balanced: true, problems: [] },
  ])
})

test('what it leaves is a definition that the command line works with', () => {
  const config = ['-c', join('.tieout-demo', 'tieout.yaml')]
  const { status, stdout, stderr } = run(['cli', 'index.js'], [...config, 'runs'], folder.path)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toHaveLength(5)
})

function run(program: string[], argv: string[], cwd: string): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(build, ...program), ...argv], { cwd, encoding: 'utf8' })
}

function receiptsIn(folder: string): unknown[] {
  const runs = join(folder, '.tieout-demo', '.tieout', 'runs')
  const receipts = globSync('*/receipt.json', { cwd: runs })
  return receipts.map((file) => verifyReceipt(JSON.parse(readFileSync(join(runs, file), 'utf8'))))
}
