import { saved } from '../../shared/adapters/store/saved'
import type { Answer, JsonAnswer } from '../call'
import type { Keyring } from '../keyring'
import { seal, unseal } from '../seal'
import type { Claim } from './idempotency'

/** An answer as it is kept: its body sealed, for it may hold a secret that is told once, and records. */
interface AnswerText {
  status: number
  headers: Readonly<Record<string, string>>
  mediaType: string
  /** Base64. */
  sealed: string
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** Undefined for a stream, which passes by. */
export function textOf(ring: Keyring, claim: Claim, answer: JsonAnswer): string
export function textOf(ring: Keyring, claim: Claim, answer: Answer): string | undefined
export function textOf(ring: Keyring, claim: Claim, answer: Answer): string | undefined {
  const { status, headers = {}, content } = answer
  const { mediaType, bytes } =
    content && 'bytes' in content ? content : { mediaType: JSON_TYPE, bytes: undefined }
  const whole = bytes ?? Buffer.from(content && 'json' in content ? JSON.stringify(content.json) : '')
  if (!(whole instanceof Uint8Array)) return undefined
  const sealed = seal(ring, nameOf(claim), Buffer.from(whole).toString('base64'))
  const text: AnswerText = { status, headers, mediaType, sealed }
  return JSON.stringify(text)
}

/** The answer to a repeat. */
export function answerIn(ring: Keyring, claim: Claim, text: string): Answer {
  const { status, headers, mediaType, sealed } = saved(text, isAnswerText)
  const bytes = Buffer.from(unseal(ring, nameOf(claim), sealed), 'base64')
  return {
    status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
    content: { mediaType, bytes },
  }
}

function nameOf({ caller, key }: Claim): string {
  return `answer/${caller.client}/${key}`
}

function isAnswerText(value: unknown): value is AnswerText {
  return typeof value === 'object' && value !== null && 'status' in value && 'sealed' in value
}
