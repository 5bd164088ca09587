// The scripts of examples/clients, each as its own program, against a gateway that is really there.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderWith } from '../support/folder'
import { startGateway, type TestGateway } from '../support/gateway'

const clients = join(__dirname, '../../examples/clients')

const definition = `tieout: 1
connections:
  files: { connector: csv }
  out: { connector: ndjson }
workflows:
  stock:
    schema: { properties: { sku: { type: string }, quantity: { type: integer } } }
    key: sku
    source: { connection: files, stream: stock.csv }
    target: { connection: out, stream: stock.ndjson }
`
const good = Array.from({ length: 9 }, (_, row) => `S${row},${row}\n`).join('')

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: { 'tieout.yaml': definition, 'stock.csv': 'sku,quantity\n' } })
  key = gateway.key()
})
afterAll(() => gateway.close())

/** Not blocking: the gateway answers from this process. */
function run(
  command: readonly string[],
  cwd: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, TIEOUT_URL: gateway.url, TIEOUT_KEY: key },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, ...said })
    })
  })
}

const programs: readonly (readonly [
  name: string,
  probe: string,
  needed: boolean,
  command: readonly string[],
])[] = [
  ['curl', 'curl --version', true, ['sh', join(clients, 'curl.sh')]],
  ['Java 17', 'java --version', true, ['java', join(clients, 'Tieout.java')]],
  // there is no package of it for Debian
  ['PowerShell', 'pwsh --version', false, ['pwsh', '-NoProfile', '-File', join(clients, 'Tieout.ps1')]],
]

// what nobody can install is no test that passed
const here = programs.filter(([name, probe, needed]) => {
  const [program = '', ...args] = probe.split(' ')
  const runs = needed || !spawnSync(program, args).error
  if (!runs) console.warn(`skipped because ${name} is not installed (${probe})`)
  return runs
})

test.each(here)(
  '%s: a file up, what failed down, events from a cursor on',
  async (name, probe, needed, command) => {
    const [program = '', ...args] = probe.split(' ')
    if (spawnSync(program, args).error) {
      // a test that cannot run must be seen, and where everything can be installed it is a failure
      console.warn(`skipped because ${name} is not installed (${probe})`)
      expect(needed && process.env['CI'] === 'true').toBe(false)
      return
    }
    const file = `sku,quantity\n${good}${name.replace(/\W/g, '')},many\n`
    const folder = folderWith({ 'stock.csv': file })
    const first = await run([...command, 'stock', 'stock.csv'], folder.path)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toMatch(/^client: acme\nrun [0-9a-f]+: exceptions\nfailed rows: 1\nevents: [1-9]\d*\n$/)
    expect(readFileSync(join(folder.path, 'failed.csv'), 'utf8')).toContain('many')

    // again: the same run answers, and nothing new has happened since the cursor
    const again = await run([...command, 'stock', 'stock.csv'], folder.path)
    expect(again.out.split('\n')[1]).toBe(first.out.split('\n')[1])
    expect(again.out).toContain('events: 0')
    folder.remove()
  },
)

test('a refused call ends the script with the code, what it means and the id to ask for', async () => {
  const folder = folderWith({ 'stock.csv': 'sku,quantity\n' })
  const { code, err } = await run(['java', join(clients, 'Tieout.java'), 'stok', 'stock.csv'], folder.path)
  expect(code).not.toBe(0)
  expect(err).toMatch(/WORKFLOW_UNKNOWN: .*stok.* \(req_[0-9a-f]{16}\)/)
  folder.remove()
})
