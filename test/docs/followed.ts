// Follows a page as a person would who has a gateway: saves its files, starts the gateway in a process, types the rest
// into a shell. What a command shows once is in KEY or SECRET afterwards, its id in ID, that of one it replaces in OLD.
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isObject } from '../../shared/core/record/value'
import { commandLine } from '../support/command-line'
import type { Compiled } from '../support/compiled'
import { folderWith } from '../support/folder'
import { objectIn } from '../support/json'
import { serveIn, type ServedGateway } from '../support/served-gateway'
import { blocksOf } from './blocks'

const shell = promisify(execFile)

export async function followServed(page: string, program: Compiled): Promise<void> {
  const follower = new Follower(program)
  try {
    for (const { language, info, text } of blocksOf(page)) {
      if (info !== '') follower.save(info, text)
      else if (language === 'text') follower.compare(text)
      else if (language === 'sh') await follower.type(text)
    }
    await follower.end()
  } finally {
    await follower.remove()
  }
}

class Follower {
  private readonly folder = folderWith({})
  private readonly tieout = commandLine(this.folder.path)
  private readonly variables: Record<string, string> = {}
  private gateway: ServedGateway | undefined
  private said = ''

  constructor(private readonly program: Compiled) {}

  save(name: string, text: string): void {
    writeFileSync(join(this.folder.path, name), text)
  }

  /** Every line stands somewhere in what was said. */
  compare(text: string): void {
    const narrow = (shown: string): string => shown.replaceAll(' ', '')
    for (const line of text.trim().split('\n')) expect(narrow(this.said)).toContain(narrow(line))
  }

  async type(text: string): Promise<void> {
    this.said = ''
    if (!text.startsWith('tieout ')) return this.inShell(text)
    for (const line of text.trim().split('\n')) await this.command(line)
  }

  async end(): Promise<void> {
    expect(await this.gateway?.stop('SIGTERM')).toBe(0)
  }

  async remove(): Promise<void> {
    await this.gateway?.stop('SIGKILL')
    this.folder.remove()
  }

  private async command(line: string): Promise<void> {
    const [name, ...args] = line
      .split(' ')
      .slice(1)
      .map((arg) => arg.replace(/^\$(\w+)$/, (_, variable: string) => this.variables[variable] ?? ''))
    if (name === 'serve') return this.serve(args)
    const { exit, out } = await this.tieout(name ?? '', ...args, '--json')
    expect({ line, exit }).toEqual({ line, exit: 0 })
    const { key, secret, id, replaces } = objectIn(out)
    const old = isObject(replaces) ? replaces['id'] : undefined
    for (const [variable, value] of Object.entries({ KEY: key, SECRET: secret, ID: id, OLD: old }))
      if (typeof value === 'string') this.variables[variable] = value
  }

  private async serve(args: readonly string[]): Promise<void> {
    await this.gateway?.stop('SIGTERM')
    const [, port] = args.join(' ').split('--port ')
    const rest = port === undefined ? args : args.filter((arg) => arg !== '--port' && arg !== port)
    this.gateway = await serveIn(this.program, this.folder.path, rest)
    this.variables['URL'] = this.gateway.url
  }

  /** In one shell after the other that knows the variables and functions of those before it. */
  private async inShell(text: string): Promise<void> {
    const { path } = this.folder
    const state = join(path, '.shell')
    const before = existsSync(state) ? `. ${state}\n` : ''
    const after = `{ declare -px | grep -v 'declare -[a-z]*r'; declare -f; } > ${state}`
    const script = `set -e -a -o pipefail\n${before}${this.assignments()}\n${text}\n${after}`
    const { stdout, stderr } = await shell('bash', ['-c', script], { cwd: path })
    this.said = stdout + stderr
  }

  private assignments(): string {
    return Object.entries(this.variables)
      .map(([name, value]) => `${name}='${value}'`)
      .join('\n')
  }
}
