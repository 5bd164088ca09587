import { errorEntry, type ErrorCode, type ErrorEntry } from '../contract/errors'

export type Evidence = Readonly<Record<string, string | number | boolean | null>>

/**
 * Anything that went wrong, by its code in the catalogue. `detail` tells this occurrence (thing, place, way out);
 * every variable part of it is also in `evidence`. Neither ever holds a secret or a personal value.
 */
export class Fault extends Error {
  override readonly name = 'Fault'

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly evidence: Evidence = {},
    /** Milliseconds that the other side asked to wait (Retry-After and its relatives). */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options)
  }

  get entry(): ErrorEntry {
    return errorEntry(this.code)
  }

  get then(): ErrorEntry['then'] {
    return this.entry.then
  }
}

/** What a face shows or sends of a fault: no stack, no cause. */
export interface FaultReport {
  code: ErrorCode
  number: number
  title: string
  detail: string
  owner: ErrorEntry['owner']
  causes: ErrorEntry['causes']
  steps: ErrorEntry['steps']
  evidence: Evidence
}

export function reportFault(fault: Fault): FaultReport {
  const { number, title, owner, causes, steps } = fault.entry
  return {
    code: fault.code,
    number,
    title,
    detail: fault.detail,
    owner,
    causes,
    steps,
    evidence: fault.evidence,
  }
}
