import { setTimeout as elapsed } from 'node:timers/promises'

/** Below what any proxy on the way waits for. */
export const LONGEST_WAIT_SECONDS = 55

/** Waits for the end of something, good or bad. @returns whether it came in time, and before the client was gone */
export async function settles(work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const done = work.then(
    () => true,
    () => true,
  )
  const late = elapsed(ms, false, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => false)
  try {
    return await Promise.race([done, late])
  } finally {
    over.abort()
  }
}
