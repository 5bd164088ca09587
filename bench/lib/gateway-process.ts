import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { freePort } from './port'
import { run } from './process'

const TIEOUT = join(__dirname, '..', '..', 'cli', 'index.js')
const FLAGS = ['--no-warnings', '--max-semi-space-size=8']

/** A gateway in a process of its own, with a key. */
export class GatewayProcess {
  private constructor(
    readonly url: string,
    private readonly key: string,
    private readonly pid: number,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(folder: string): Promise<GatewayProcess> {
    const config = ['--json', '--config', join(folder, 'tieout.json')]
    const made = await run(process.execPath, [...FLAGS, TIEOUT, ...config, 'keys', 'create', 'bench'])
    const key = /"key": *"([^"]+)"/.exec(made)?.[1] ?? ''
    const port = String(await freePort())
    const child = spawn(process.execPath, [...FLAGS, TIEOUT, ...config, 'serve', '--port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.stdout.resume()
    const stop = async (): Promise<void> => {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    return new GatewayProcess(`http://127.0.0.1:${port}`, key, child.pid ?? 0, stop)
  }

  /** The run of a file that is sent, when it is over. */
  async upload(workflow: string, file: string): Promise<Record<string, unknown>> {
    const path = `/v1/workflows/${workflow}/records`
    let run = await this.json('POST', path, { 'content-type': 'text/csv', prefer: 'wait=55' }, file)
    while (run['over'] !== true) run = await this.json('GET', `/v1/runs/${String(run['id'])}?wait=55`)
    return run
  }

  /** @returns how many bytes it has */
  async download(path: string): Promise<number> {
    let size = 0
    for await (const chunk of await this.send('GET', path)) size += Buffer.byteLength(chunk)
    return size
  }

  /** Of the process, in MiB; only where the system tells it. */
  peak(): number {
    const status = readFileSync(`/proc/${String(this.pid)}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024
  }

  private async json(...sent: Parameters<GatewayProcess['send']>): Promise<Record<string, unknown>> {
    let text = ''
    for await (const chunk of await this.send(...sent)) text += String(chunk)
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    file?: string,
  ): Promise<NodeJS.ReadableStream> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url + path, { method, headers: { ...headers, 'x-api-key': this.key } })
      sent.on('response', resolve).on('error', reject)
      if (file === undefined) sent.end()
      else createReadStream(file).pipe(sent)
    })
  }
}
