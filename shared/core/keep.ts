/** How long an answer is kept. */
export const KEPT_MS = 7 * 24 * 3_600_000

/**
 * An answer to keep in the transaction of the effect that it tells of: who asks again under the same id gets it instead
 * of a second effect, whenever the first was killed.
 */
export interface Keep<Done> {
  /** Of what asked, such as the claim of an idempotency key. */
  id: string
  /** When it was asked; kept for `KEPT_MS` from then on. */
  at: number
  /** The answer to what was done, as a text that only who asked understands. */
  text: (done: Done) => string
}
