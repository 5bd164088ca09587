import type { Answer, Caller } from '../call'

export interface Claim {
  caller: Caller
  /** As the client sent it, without quotes. */
  key: string
  operation: string
  /** With its parameters: the same key on another address is another request. */
  path: string
  /** Hash of what was sent. */
  fingerprint: string
}

/** Answers to requests with an idempotency key, kept for seven days. */
export interface Idempotency {
  /**
   * The first time, works and keeps the answer, whatever its status, once `work` has begun to have an effect; later,
   * answers as the first time.
   * @throws Fault IDEMPOTENCY_KEY_BUSY while the first is at work, IDEMPOTENCY_KEY_REUSED for another request
   */
  once(claim: Claim, work: () => Promise<Answer>): Promise<Answer>
}
