import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Starts a compiled script that prints its URL as its first line. */
export async function startServer(
  script: string,
  args: readonly string[],
): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, [join(__dirname, '..', script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => {
      resolve(line.toString().trim())
    })
    child.once('exit', () => {
      reject(new Error(`${script} did not start`))
    })
  })
  return {
    url,
    stop: () => {
      child.kill()
    },
  }
}
