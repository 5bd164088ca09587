import type { LimitEntry } from '../../generated/definition'
import type { Limit } from '../workflow'

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a text such as `5m`, valid by `$defs/duration` of the definition's schema. */
export function milliseconds(duration: string): number {
  const unit = duration.replace(/^[0-9]+/, '')
  return Number.parseInt(duration, 10) * (isUnit(unit) ? MILLISECONDS[unit] : 1)
}

export function isDuration(text: string): boolean {
  return /^[0-9]+[a-z]+$/.test(text) && isUnit(text.replace(/^[0-9]+/, ''))
}

function isUnit(text: string): text is keyof typeof MILLISECONDS {
  return Object.hasOwn(MILLISECONDS, text)
}

/** Of a text such as `256MB`. */
export function bytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1024 ** 3 : 1024 ** 2)
}

/** `off` is a limit that nothing exceeds. */
export function limit(text: LimitEntry): Limit {
  if (typeof text === 'number') return { count: text }
  if (typeof text === 'string') return text === 'off' ? {} : { share: share(text) }
  return {
    ...(text.share === undefined ? {} : { share: share(text.share) }),
    ...(text.count === undefined ? {} : { count: text.count }),
  }
}

/** From 0 to 1, of a text such as `10%`. */
export function share(percent: string): number {
  return Number(percent.replace('%', '')) / 100
}
