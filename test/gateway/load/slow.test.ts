// Clients that hold on and say little: the gateway goes on answering the others.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { startGateway, type TestGateway } from '../../support/gateway'
import { FILES } from '../errors/files'

const TOOL = '/usr/bin/slowhttptest'
const run = promisify(execFile)

let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await startGateway({ files: FILES })
  key = gateway.key()
})
afterAll(() => gateway.close())

/** The longest of several calls, in milliseconds; each is answered as it should be. */
async function slowest(while_: Promise<unknown>): Promise<number> {
  const ended = new AbortController()
  void while_.finally(() => {
    ended.abort()
  })
  let most = 0
  while (!ended.signal.aborted) {
    const begin = performance.now()
    const answer = await gateway.call(key, 'GET', '/v1/caller')
    expect(answer.status).toBe(200)
    await answer.arrayBuffer()
    most = Math.max(most, performance.now() - begin)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return most
}

test('1,000 connections that say nothing, and one that speaks', async () => {
  const { hostname, port } = new URL(gateway.url)
  const idle = await Promise.all(
    Array.from(
      { length: 1000 },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(Number(port), hostname)
          socket.once('connect', () => {
            resolve(socket)
          })
          socket.once('error', reject)
        }),
    ),
  )
  expect(await slowest(new Promise((resolve) => setTimeout(resolve, 1000)))).toBeLessThan(500)
  for (const socket of idle) socket.destroy()
})

const attacks: [string, string[]][] = [
  ['slow headers', ['-H', '-u', '/v1']],
  ['slow bodies', ['-B', '-u', '/v1/diagnostics']],
  ['ranges without end', ['-R', '-u', '/v1/workflows/stock/records']],
]

if (existsSync(TOOL))
  test.each(attacks)('slowhttptest: %s', async (_what, [mode = '', flag = '', path = '']) => {
    const args = [mode, '-c', '300', '-r', '200', '-i', '1', '-l', '3', '-p', '2', flag, gateway.url + path]
    const attack = run(TOOL, args, { cwd: tmpdir() })
    expect(await slowest(attack)).toBeLessThan(1000)
    const { stdout } = await attack
    expect(stdout).toMatch(/service available:\S*\s+\S*YES/)
    expect(stdout).not.toMatch(/service available:\S*\s+\S*NO/)
  })
else
  test('skipped because slowhttptest is not installed (Debian: apt-get install slowhttptest)', () => {
    expect(process.env['CI'] ?? '').toBe('')
  })
