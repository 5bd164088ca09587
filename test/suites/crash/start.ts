import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { parseReport, STOPPED, type Job, type Report } from './job'

const root = resolve(__dirname, '../../..')

/** The child program, compiled once: transpiling at every start would take longer than the run. */
export class Program {
  private readonly folder: string
  private readonly script: string

  constructor() {
    // below node_modules, so that the compiled files find their packages
    const cache = join(root, 'node_modules', '.cache')
    mkdirSync(cache, { recursive: true })
    this.folder = mkdtempSync(join(cache, 'tieout-crash-'))
    const config = join(this.folder, 'tsconfig.json')
    const compilerOptions = { noEmit: false, noCheck: true, outDir: '.', rootDir: root, types: ['node'] }
    const files = [join(__dirname, 'child.ts')]
    writeFileSync(
      config,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
    )
    const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
    execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
    writeFileSync(join(this.folder, 'package.json'), '{"type":"commonjs"}')
    this.script = join(this.folder, 'test', 'suites', 'crash', 'child.js')
  }

  start(job: Job): Start {
    return new Start(
      spawn(process.execPath, ['--no-warnings', this.script, JSON.stringify(job)], {
        env: { ...process.env, NODE_COMPILE_CACHE: join(this.folder, 'compiled'), NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
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
