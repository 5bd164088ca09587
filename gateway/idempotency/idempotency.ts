import type { Answer, Caller, Claimed } from '../call'

export interface Claim {
  caller: Caller
  /** As the client sent it, without quotes. */
  key: string
  operation: string
  /** Hash of the address with its parameters: the same key on another address is another request. */
  path: string
  /** Hash of what was sent. */
  fingerprint: string
}

/** Answers to requests with an idempotency key, kept for seven days. */
export interface Idempotency {
  /**
   * The first time, works and keeps the answer; later, answers as the first time. A fault is not kept: what was refused
   * may be sent again, corrected, with the same key, and what broke off is worked on anew.
   * @param work gets the claim: the same when it has to be done again, so that it finds what it began
   * @throws Fault IDEMPOTENCY_KEY_BUSY while the first is at work, IDEMPOTENCY_KEY_REUSED for another request
   */
  once(claim: Claim, work: (claim: Claimed) => Promise<Answer>): Promise<Answer>
}
