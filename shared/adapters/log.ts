import type { Log } from '../core/ports'

/** A log of one line per message: the text, then its facts as JSON. */
export function lineLog(write: (line: string) => void): Log {
  return {
    info: (message, facts) => {
      write(line(message, facts))
    },
    warn: (message, facts) => {
      write(`warning: ${line(message, facts)}`)
    },
  }
}

function line(message: string, facts: Parameters<Log['info']>[1]): string {
  return facts === undefined ? message : `${message} ${JSON.stringify(facts)}`
}
