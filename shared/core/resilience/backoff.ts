/**
 * How long to wait before try number `attempt` + 1: exponential with full jitter, so that many callers do not come back
 * at once (Marc Brooker, 'Exponential Backoff And Jitter', AWS Architecture Blog, 2015).
 * @param random from 0 up to 1
 */
export function backoffMs(attempt: number, random: number, baseMs = 500, mostMs = 60_000): number {
  return random * Math.min(mostMs, baseMs * 2 ** (attempt - 1))
}
