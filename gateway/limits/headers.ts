import type { LimitState } from './limits'

/** Units that the draft registers; others carry the name of the product. */
const UNIT: Readonly<Record<LimitState['unit'], string>> = {
  requests: 'requests',
  'content-bytes': 'content-bytes',
  'concurrent-requests': 'concurrent-requests',
  records: 'tieout-records',
}

/**
 * `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10: lists of strings with parameters), and
 * for older clients `X-RateLimit-*` of the limit of calls, with the reset in seconds since 1970 as at GitHub.
 */
export function rateHeaders(states: readonly LimitState[], now: number): Record<string, string> {
  if (states.length === 0) return {}
  const list = (item: (state: LimitState) => string): string =>
    states.map((state) => `"${state.name}";${item(state)}`).join(', ')
  const calls = states.find(({ unit }) => unit === 'requests')
  return {
    'ratelimit-policy': list(
      ({ quota, windowSeconds, unit }) =>
        `q=${String(quota)}${windowSeconds > 0 ? `;w=${String(windowSeconds)}` : ''};qu="${UNIT[unit]}"`,
    ),
    ratelimit: list(({ left, resetSeconds }) => `r=${String(left)};t=${String(resetSeconds)}`),
    ...(calls
      ? {
          'x-ratelimit-limit': String(calls.quota),
          'x-ratelimit-remaining': String(calls.left),
          'x-ratelimit-reset': String(Math.ceil(now / 1000) + calls.resetSeconds),
        }
      : {}),
  }
}
