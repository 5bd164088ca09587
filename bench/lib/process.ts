import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Cost {
  /** Seconds. */
  wall: number
  /** Seconds of the process itself, or of the part that it measured itself. */
  cpu: number
  /** MiB. */
  peak: number
  /** Whatever else the process told of itself. */
  facts: Readonly<Record<string, unknown>>
}

/** As in the first line of cli/index.ts. */
const FLAGS = ['--max-semi-space-size=8']

/** Runs a compiled script of this folder in a process of its own; its last line of output is a JSON of facts. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Cost> {
  const started = performance.now()
  const output = await run(process.execPath, [...FLAGS, join(__dirname, '..', script), ...args], '', env)
  const wall = (performance.now() - started) / 1000
  const facts = lastJson(output)
  return {
    wall: numberOf(facts['wall']) ?? wall,
    cpu: numberOf(facts['cpu']) ?? NaN,
    peak: numberOf(facts['peak']) ?? NaN,
    facts,
  }
}

/** @throws when the command fails; its stderr goes to ours */
export async function run(
  command: string,
  args: readonly string[],
  input = '',
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  child.stdin.end(input)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  )
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}`)
  return output
}

/** What a script prints of itself as its last line. */
export function tellCost(facts: Readonly<Record<string, unknown>> = {}): void {
  const { user, system } = process.cpuUsage()
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(JSON.stringify({ cpu: (user + system) / 1e6, peak, ...facts }))
}

function lastJson(output: string): Record<string, unknown> {
  const value: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '{}')
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
