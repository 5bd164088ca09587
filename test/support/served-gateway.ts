import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../bench/lib/port'
import type { Compiled } from './compiled'

/** A gateway in a process of its own. */
export interface ServedGateway {
  url: string
  /** With `SIGTERM` it may end by itself. @returns its exit code; null when it was killed */
  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>
}

/** Starts `tieout serve` on the definition of a folder; resolves when it listens. */
export async function serveIn(
  program: Compiled,
  folder: string,
  options: readonly string[] = [],
): Promise<ServedGateway> {
  const port = String(await freePort())
  const config = join(folder, 'tieout.yaml')
  const child = program.start(['serve', '--port', port, '--json', '--config', config, ...options], folder)
  const url = `${options.includes('--tls-cert') ? 'https' : 'http'}://127.0.0.1:${port}`
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  while (child.exitCode === null && !out.includes(url))
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  if (child.exitCode !== null) throw new Error(`the gateway ended: ${out}`)
  return {
    url,
    stop: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = once(child, 'close')
      child.kill(signal)
      await ended
      return child.exitCode
    },
  }
}
