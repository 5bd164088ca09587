/**
 * With TIEOUT_CRASH=full every boundary of every kind of target is tried, some 100 instants, and every job of the gateway.
 * Else a few are drawn, the same in every run.
 */
export const full = process.env['TIEOUT_CRASH'] === 'full'

/** All of them, or as many of the first as are enough at a desk. */
export function drawn<T>(all: readonly T[], count: number): readonly T[] {
  return full ? all : all.slice(0, count)
}
