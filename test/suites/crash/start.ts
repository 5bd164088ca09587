import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Compiled } from '../../support/compiled'
import { parseReport, STOPPED, type Job, type Report } from './job'

/** The child program. */
export class Program {
  private readonly compiled = new Compiled(join(__dirname, 'child.ts'))

  start(job: Job): Start {
    return new Start(this.compiled.start([JSON.stringify(job)]))
  }

  remove(): void {
    this.compiled.remove()
  }
}

/** A process that runs a workflow. */
export class Start {
  private out = ''
  private err = ''
  private readonly ended: Promise<NodeJS.Signals | null>

  constructor(private readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (_, signal) => {
        resolve(signal)
      })
    })
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** Resolves when it stands still. */
  async stopped(): Promise<void> {
    while (!this.out.startsWith(STOPPED)) await once(this.child.stdout, 'data')
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** What it reported, or `killed`. */
  async end(): Promise<Report | 'killed'> {
    if ((await this.ended) === 'SIGKILL') return 'killed'
    try {
      return parseReport(this.out.replace(STOPPED, ''))
    } catch {
      throw new Error(`the child reported nothing: ${this.out}${this.err}`)
    }
  }
}
