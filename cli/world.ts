import type { Writable } from 'node:stream'
import { hasCode } from '../shared/adapters/definition/system-error'
import { EXIT } from './exit'

/** What a command needs of the process it runs in; tests bring their own. */
export interface World {
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  out: Output
  err: Output
  /** Calls back on every Ctrl-C (SIGINT) and SIGTERM until the returned function is called. */
  onInterrupt(react: () => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
}

export interface Output {
  write(text: string): void
  terminal: boolean
}

export function processWorld(): World {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: output(process.stdout, answerLost),
    err: output(process.stderr),
    onInterrupt: (react) => {
      process.on('SIGINT', react).on('SIGTERM', react)
      return () => process.off('SIGINT', react).off('SIGTERM', react)
    },
    exit: (code) => process.exit(code),
  }
}

/**
 * Who read along may have left (`tieout runs | head`), or the disk of a log may be full: no reason to break off a run.
 * @param onLost something could not be written although somebody waits for it
 */
export function output(stream: Writable & { isTTY?: boolean }, onLost?: (error: Error) => void): Output {
  stream.on('error', (error: Error) => {
    if (!hasCode(error, 'EPIPE')) onLost?.(error)
  })
  return { write: (text) => stream.write(text), terminal: stream.isTTY === true }
}

function answerLost(error: Error): void {
  process.stderr.write(`The answer could not be written: ${error.message}\n`)
  // whatever the command answers by then
  process.once('exit', () => {
    process.exitCode = EXIT.failed
  })
}
