import { Fault } from '../../shared/core/fault'
import type { Answer } from '../call'
import { statusOf } from '../../shared/contract/errors/answer'
import { asFault } from '../unexpected'
import type { ClaimStore, KeptAnswer } from './claim-store'
import type { Claim, Idempotency } from './idempotency'

/** How long a repeat should wait for the first to end. */
const BUSY_MS = 2000

/** Answers that are kept in the gateway's own state (draft-ietf-httpapi-idempotency-key-header-07). */
export class KeptAnswers implements Idempotency {
  constructor(
    private readonly claims: ClaimStore,
    private readonly now: () => number,
  ) {}

  async once(claim: Claim, work: (claim: string) => Promise<Answer>): Promise<Answer> {
    const before = this.claims.claim(claim, this.now())
    if (before) assertSame(claim, before)
    if (before?.state === 'working')
      throw new Fault(
        'IDEMPOTENCY_KEY_BUSY',
        `The first request with the key ${claim.key} is still at work.`,
        { key: claim.key },
        BUSY_MS,
      )
    const kept = before?.state === 'done' ? this.claims.answer(claim) : undefined
    if (kept) return again(kept)
    return this.work(claim, this.claims.begin(claim, this.now(), before?.id), work)
  }

  private async work(claim: Claim, id: string, work: (claim: string) => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await work(id)
      const keepable = keptOf(answer)
      if (keepable) this.claims.finish(claim, keepable)
      else this.claims.free(claim)
      return answer
    } catch (error) {
      if (statusOf(asFault(error).code) < 500) this.claims.forget(claim)
      else this.claims.free(claim)
      throw error
    }
  }
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

function again({ status, headers, mediaType, bytes }: KeptAnswer): Answer {
  return {
    status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
    content: { mediaType, bytes },
  }
}

/** Undefined for a stream, which passes by. */
function keptOf({ status, headers = {}, content }: Answer): KeptAnswer | undefined {
  const head = { status, headers }
  if (!content) return { ...head, mediaType: 'application/json; charset=utf-8', bytes: new Uint8Array() }
  if ('json' in content)
    return {
      ...head,
      mediaType: 'application/json; charset=utf-8',
      bytes: Buffer.from(JSON.stringify(content.json)),
    }
  const { mediaType, bytes } = content
  return bytes instanceof Uint8Array ? { ...head, mediaType, bytes } : undefined
}
