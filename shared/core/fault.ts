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

/** What is kept of a fault: what happened. Who does what next is in the catalogue, in the words of each face. */
export interface FaultNote {
  code: ErrorCode
  number: number
  title: string
  detail: string
  evidence: Evidence
}

export function noteFault({
  code,
  detail,
  evidence,
}: Pick<FaultNote, 'code' | 'detail' | 'evidence'>): FaultNote {
  const { number, title } = errorEntry(code)
  return { code, number, title, detail, evidence }
}

/** What a face shows or sends of a fault: no stack, no cause. */
export interface FaultReport extends FaultNote {
  owner: ErrorEntry['owner']
  causes: ErrorEntry['causes']
  steps: ErrorEntry['steps']
}

export function reportFault(fault: Parameters<typeof noteFault>[0]): FaultReport {
  const { owner, causes, steps } = errorEntry(fault.code)
  return { ...noteFault(fault), owner, causes, steps }
}
