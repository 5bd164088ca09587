import { Fault } from '../fault'
import type { Clock, Log } from '../ports'
import { Retries, RETRY } from './retry'

export interface Patience {
  clock: Clock
  log: Log
  retry: { attempts: number; forMs: number } | undefined
  signal: AbortSignal
}

/** Does the work again while what it needs is out of reach for a time, such as a database that is being restarted. */
export async function waitedOut<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, log, retry, signal } = patience
  const retries = new Retries({ ...RETRY, ...retry, firstMs: 500 }, clock)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Fault) || error.then !== 'wait' || signal.aborted) throw error
      const waitMs = retries.next(error.retryAfterMs)
      if (waitMs === undefined) throw error
      log.warn(`${error.detail} It is tried again.`)
      await clock.sleep(waitMs, signal)
    }
  }
}
