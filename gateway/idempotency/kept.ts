import type { Answers } from '../../shared/adapters/store/answers'
import { statusOf } from '../../shared/contract/errors/answer'
import { Fault } from '../../shared/core/fault'
import type { Answer, Claimed } from '../call'
import type { Keyring } from '../keyring'
import { asFault } from '../unexpected'
import { answerIn, textOf } from './answer-text'
import type { ClaimStore } from './claim-store'
import type { Claim, Idempotency } from './idempotency'

/** How long a repeat should wait for the first to end. */
const BUSY_MS = 2000

export interface KeptParts {
  claims: ClaimStore
  /** Of the gateway's own state; what has its effect in that of a tenant is kept there. */
  answers: Answers
  ring: Keyring
  now: () => number
}

type Work = (claim: Claimed) => Promise<Answer>

/** Answers that are kept with their effects (draft-ietf-httpapi-idempotency-key-header-07). */
export class KeptAnswers implements Idempotency {
  constructor(private readonly parts: KeptParts) {}

  async once(claim: Claim, work: Work): Promise<Answer> {
    const { claims, now } = this.parts
    const at = now()
    const before = claims.claim(claim, at)
    if (before) assertSame(claim, before)
    if (before?.state === 'working') throw busy(claim)
    const given = before?.state === 'done' ? await this.kept(claim, before.id) : undefined
    if (given) return given
    const id = claims.begin(claim, at, before?.id)
    try {
      return (before && (await this.afterAll(claim, id))) ?? (await this.work(claim, { id, at }, work))
    } catch (error) {
      if (isRefused(asFault(error))) claims.forget(claim)
      else claims.free(claim)
      throw error
    }
  }

  /** What broke off may have had its effect, with its answer kept. */
  private async afterAll(claim: Claim, id: string): Promise<Answer | undefined> {
    const answer = await this.kept(claim, id)
    if (answer) await this.parts.claims.finish(claim)
    return answer
  }

  private async work(claim: Claim, { id, at }: { id: string; at: number }, work: Work): Promise<Answer> {
    const { claims, ring } = this.parts
    const answer = await work({
      id,
      keep: (answerOf) => ({ id, at, text: (done) => textOf(ring, claim, answerOf(done)) }),
    })
    const text = textOf(ring, claim, answer)
    if ((await this.text(claim, id)) !== undefined) await claims.finish(claim)
    else if (text === undefined) claims.free(claim)
    else await claims.finish(claim, { id, at, text })
    return answer
  }

  private async kept(claim: Claim, id: string): Promise<Answer | undefined> {
    const text = await this.text(claim, id)
    return text === undefined ? undefined : answerIn(this.parts.ring, claim, text)
  }

  private async text(claim: Claim, id: string): Promise<string | undefined> {
    return this.parts.answers.text(id) ?? claim.caller.tenant.store.kept(id)
  }
}

/** Whether nothing has happened for certain. */
function isRefused({ code, then }: Fault): boolean {
  return statusOf(code) < 500 && then !== 'verify' && code !== 'OUTCOME_UNKNOWN' && code !== 'CANCELLED'
}

function busy({ key }: Claim): Fault {
  return new Fault(
    'IDEMPOTENCY_KEY_BUSY',
    `The first request with the key ${key} is still at work.`,
    { key },
    BUSY_MS,
  )
}

function assertSame(claim: Claim, before: Pick<Claim, 'operation' | 'path' | 'fingerprint'>): void {
  const differs =
    before.operation !== claim.operation
      ? 'operation'
      : before.path !== claim.path
        ? 'address'
        : before.fingerprint !== claim.fingerprint
          ? 'body'
          : undefined
  if (differs === undefined) return
  throw new Fault('IDEMPOTENCY_KEY_REUSED', `The key ${claim.key} was used before with another ${differs}.`, {
    key: claim.key,
    differs,
  })
}
