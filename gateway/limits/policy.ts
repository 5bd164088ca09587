import type { LimitState } from './limits'

/** A limit as it is configured; several apply to a client at once. */
export interface Policy {
  name: string
  unit: LimitState['unit']
  /** In one window. */
  quota: number
  /** Windows follow each other from 1970 on (UTC); for runs at once, 0. */
  windowSeconds: number
  /** How far one window may go beyond its quota; the next has so much less. */
  burst?: number
  /** Applies only between these times of day; each such span is one window. */
  hours?: Hours
}

export interface Hours {
  /** HH:MM */
  from: string
  to: string
  /** IANA name. */
  zone: string
}

/** What a client has in place of what applies to everybody; `false`: no such limit. */
export type PolicyChange = { quota: number; burst?: number } | false

/** What applies to everybody unless the operator says otherwise. */
export const DEFAULT_POLICIES: readonly Policy[] = [
  { name: 'calls', unit: 'requests', quota: 1200, windowSeconds: 60, burst: 600 },
  { name: 'records', unit: 'records', quota: 2_000_000, windowSeconds: 86_400, burst: 1_000_000 },
  { name: 'bytes', unit: 'content-bytes', quota: 10 * 1024 ** 3, windowSeconds: 86_400 },
  { name: 'runs', unit: 'concurrent-requests', quota: 4, windowSeconds: 0 },
]

/** In milliseconds since 1970. */
export interface Window {
  begin: number
  end: number
}
