import { main } from '../../cli/main'
import type { ExitCode } from '../../cli/exit'

interface Answered {
  exit: ExitCode
  out: string
  err: string
}

interface CommandLine {
  (...argv: string[]): Promise<Answered>
}

/** Runs commands in this process, in a folder and an environment of their own. */
export function commandLine(
  cwd: string,
  options: {
    env?: Record<string, string>
    terminal?: boolean
    onStart?: (interrupt: () => void) => void
  } = {},
): CommandLine {
  return async (...argv) => {
    const terminal = options.terminal === true
    const answered = { out: '', err: '' }
    const write =
      (to: 'out' | 'err') =>
      (text: string): void => {
        answered[to] += text
      }
    const exit = await main(argv, {
      cwd,
      env: options.env ?? {},
      out: { write: write('out'), terminal },
      err: { write: write('err'), terminal },
      onInterrupt: (react) => {
        options.onStart?.(react)
        return () => undefined
      },
      exit: (code) => {
        throw new Error(`the process ended with ${code}`)
      },
    })
    return { exit, ...answered }
  }
}
