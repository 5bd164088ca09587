import { sleep } from 'n8n-workflow'
import type { Clock } from '../../shared/core/ports'

/** The clock of the machine; waiting is n8n's, because its package scan allows no timers. */
export const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    if (!signal) return sleep(ms)
    signal.throwIfAborted()
    let stop = (): void => undefined
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        reject(reasonOf(signal))
      }
    })
    signal.addEventListener('abort', stop, { once: true })
    try {
      await Promise.race([sleep(ms), stopped])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  },
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('aborted')
}
