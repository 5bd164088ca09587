import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Readable } from 'node:stream'

const root = resolve(__dirname, '../..')

/** A program of this repository, compiled once: transpiling at every start would take longer than what it does. */
export class Compiled {
  private readonly folder: string
  private readonly script: string

  /** @param path of its TypeScript */
  constructor(path: string) {
    // below node_modules, so that the compiled files find their packages
    const cache = join(root, 'node_modules', '.cache')
    mkdirSync(cache, { recursive: true })
    this.folder = mkdtempSync(join(cache, 'tieout-compiled-'))
    const config = join(this.folder, 'tsconfig.json')
    const compilerOptions = { noEmit: false, noCheck: true, outDir: '.', rootDir: root, types: ['node'] }
    writeFileSync(
      config,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files: [path], include: [] }),
    )
    const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc')
    execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' })
    writeFileSync(join(this.folder, 'package.json'), '{"type":"commonjs"}')
    this.script = join(this.folder, relative(root, path)).replace(/\.ts$/, '.js')
  }

  /** @param flags of Node */
  start(
    args: readonly string[],
    cwd = root,
    flags: readonly string[] = [],
  ): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, ['--no-warnings', ...flags, this.script, ...args], {
      cwd,
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.folder, 'compiled'), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
