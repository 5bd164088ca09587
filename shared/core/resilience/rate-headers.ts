/** What an answer says about how many calls are still welcome. */
export interface RateNews {
  /** Calls left until `resetMs`. */
  remaining?: number
  /** Calls allowed in a window. */
  limit?: number
  windowMs?: number
  /** Milliseconds from now until there are more. */
  resetMs?: number
}

type Headers = Readonly<Record<string, string>>

/**
 * Milliseconds to wait, from `Retry-After` in seconds or as an HTTP date (RFC 9110, 10.2.3); a date that has passed
 * is 0. `now` in milliseconds since 1970.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * Reads, first found: the structured fields of draft-ietf-httpapi-ratelimit-headers-10 (`RateLimit`,
 * `RateLimit-Policy`), the three fields of its drafts 03-06 (reset in seconds), and `X-RateLimit-*` as vendors send
 * it. What is malformed is ignored, as the draft asks.
 */
export function rateNewsOf(headers: Headers, now: number): RateNews | undefined {
  return structured(headers) ?? triple(headers, 'ratelimit-', now) ?? triple(headers, 'x-ratelimit-', now)
}

/** `"nightly";r=150;t=3600, "burst";r=3;t=1`: the tightest policy counts. */
function structured(headers: Headers): RateNews | undefined {
  const news = items(headers['ratelimit'])
    .map(({ name, parameters }) => ({
      name,
      remaining: whole(parameters.get('r')),
      seconds: whole(parameters.get('t')),
    }))
    .filter((item) => item.remaining !== undefined)
    .sort((one, two) => (one.remaining ?? 0) - (two.remaining ?? 0))[0]
  if (news?.remaining === undefined) return undefined
  const policy = items(headers['ratelimit-policy']).find(({ name }) => name === news.name)
  const limit = whole(policy?.parameters.get('q'))
  const window = whole(policy?.parameters.get('w'))
  return {
    remaining: news.remaining,
    ...(news.seconds === undefined ? {} : { resetMs: news.seconds * 1000 }),
    ...(limit === undefined ? {} : { limit }),
    ...(window === undefined ? {} : { windowMs: window * 1000 }),
  }
}

function items(field: string | undefined): { name: string; parameters: Map<string, string> }[] {
  const found: { name: string; parameters: Map<string, string> }[] = []
  for (const [, name = '', tail = ''] of (field ?? '').matchAll(/"([^"\\]*)"((?:;[^,;"]+)*)/g)) {
    const parameters = tail.split(';').flatMap((part): [string, string][] => {
      const [key = '', value = ''] = part.trim().split('=')
      return key === '' ? [] : [[key, value]]
    })
    found.push({ name, parameters: new Map(parameters) })
  }
  return found
}

function triple(headers: Headers, prefix: string, now: number): RateNews | undefined {
  const remaining = whole(headers[prefix + 'remaining'])
  if (remaining === undefined) return undefined
  // 'RateLimit-Limit: 100, 100;w=60' names the limit first and its policies after it.
  const limit = whole(headers[prefix + 'limit']?.split(/[,;]/)[0])
  const reset = resetMs(headers[prefix + 'reset'], now)
  return {
    remaining,
    ...(limit === undefined ? {} : { limit }),
    ...(reset === undefined ? {} : { resetMs: reset }),
  }
}

/** Vendors send seconds from now, seconds since 1970 or milliseconds since 1970; their sizes tell them apart. */
function resetMs(text: string | undefined, now: number): number | undefined {
  const value = whole(text?.split('.')[0])
  if (value === undefined) return undefined
  if (value >= 1e11) return Math.max(0, value - now)
  if (value >= 1e8) return Math.max(0, value * 1000 - now)
  return value * 1000
}

function whole(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? ''
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined
}
