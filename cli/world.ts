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
    out: output(process.stdout),
    err: output(process.stderr),
    onInterrupt: (react) => {
      process.on('SIGINT', react).on('SIGTERM', react)
      return () => process.off('SIGINT', react).off('SIGTERM', react)
    },
    exit: (code) => process.exit(code),
  }
}

function output(stream: NodeJS.WriteStream): Output {
  return { write: (text) => stream.write(text), terminal: stream.isTTY }
}
