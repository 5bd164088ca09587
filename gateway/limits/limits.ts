/** Limits are of a client, whichever of its keys it uses. */
export interface Limited {
  client: string
}

export interface Cost {
  requests?: number
  records?: number
  bytes?: number
}

/** The limits of callers. What can refuse is published: in the headers of every answer and by `listLimits`. */
export interface Limits {
  /** Takes what a request costs. @throws Fault LIMIT_REACHED, with the time until there is more */
  take(caller: Limited, cost: Cost): void
  /**
   * Lets in what nobody knows the size of yet, while anything is left. What it costs is charged to the windows that it
   * came in, even beyond their quotas: then the next ones have so much less.
   * @returns what charges it
   * @throws Fault LIMIT_REACHED where nothing is left
   */
  admit(caller: Limited): (cost: Cost) => void
  /** Takes one of the runs at once; call the result when it is over. @throws Fault LIMIT_REACHED */
  enter(caller: Limited): () => void
  state(caller: Limited): readonly LimitState[]
  /** RateLimit, RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers) and the X-RateLimit ones before them. */
  headers(caller: Limited): Readonly<Record<string, string>>
}

export interface LimitState {
  name: string
  unit: 'requests' | 'records' | 'content-bytes' | 'concurrent-requests'
  quota: number
  windowSeconds: number
  left: number
  /** Until there is more; of one that does not apply now, until it does. */
  resetSeconds: number
  /** Whether it applies now: some only do at night. */
  now: boolean
  /** When it applies, such as `20:00-06:00 Europe/Berlin`; absent: always. */
  hours?: string
}
