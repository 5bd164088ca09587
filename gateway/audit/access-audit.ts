import { statusOf } from '../../shared/contract/errors/answer'
import { Fault } from '../../shared/core/fault'
import type { ClientStore } from '../access/client-store'
import { OAuthFault } from '../access/oauth-fault'
import type { AuditEntry } from './entry'

const MINUTE_MS = 60_000
/** Keys and addresses that are told apart within a minute; beyond them it is a flood, and the first tell of it. */
const MOST = 1000
/** Other refusals are not about who somebody is. */
const REFUSALS = [401, 403, 429]

export interface AccessAuditParts {
  clients: ClientStore
  write: (entry: AuditEntry) => void
  say: (line: string) => void
  now: () => number
}

/** Where and with what somebody tried to show who they are. */
export interface Attempt {
  operation: string
  /** Of the contract. */
  path: string
  address: string
  request: string
}

/**
 * Who was refused, who was locked out and who got a token, in the audit log: of the same thing one entry per key or
 * address and minute, so that nobody can fill it. Entries are made after the answer: how long that takes is not to
 * tell whether a key exists.
 */
export class AccessAudit {
  private waiting: (() => void)[] = []
  private readonly noted = new Set<string>()
  private minute = 0

  constructor(private readonly parts: AccessAuditParts) {}

  /** @param subject the visible part of what was shown; nobody knows yet whether it is one */
  refused(attempt: Attempt, subject: string | undefined, error: unknown): void {
    const result = resultOf(error)
    if (result === undefined) return
    this.later(() => {
      const named = error instanceof Fault ? error.evidence['key'] : undefined
      this.note(attempt, this.suspectOf(typeof named === 'string' ? named : subject), result)
    })
  }

  tokenIssued(attempt: Attempt, credential: { client: string; id: string }): void {
    this.later(() => {
      this.note(attempt, { client: credential.client, key: credential.id }, '200')
    })
  }

  /** Writes what waits. */
  close(): void {
    const { waiting } = this
    this.waiting = []
    for (const work of waiting) {
      try {
        work()
      } catch (error) {
        const why = error instanceof Error ? error.message : typeof error
        this.parts.say(`The audit log could not be written: ${why}`)
      }
    }
  }

  private later(work: () => void): void {
    this.waiting.push(work)
    if (this.waiting.length > 1) return
    setImmediate(() => {
      this.close()
    })
  }

  private note(attempt: Attempt, { client, key }: Suspect, result: string): void {
    const { write, now } = this.parts
    const at = now()
    const { operation, path: object, address, request } = attempt
    if (!this.isFirst(`${result} ${client === undefined ? address : `${client} ${key ?? ''}`}`, at)) return
    const who = client ?? 'unknown'
    write({ at, who, ...(key === undefined ? {} : { key }), operation, object, address, result, request })
  }

  private isFirst(name: string, at: number): boolean {
    const minute = Math.floor(at / MINUTE_MS)
    if (minute !== this.minute) this.noted.clear()
    this.minute = minute
    if (this.noted.has(name) || this.noted.size >= MOST) return false
    this.noted.add(name)
    return true
  }

  /** A name that is none here may be anything, even a password in the wrong field: it is not kept. */
  private suspectOf(subject: string | undefined): Suspect {
    if (subject === undefined) return {}
    const { clients } = this.parts
    const credential = clients.credential(subject) ?? clients.found('certificate', subject)
    if (credential) return { client: credential.client, key: credential.id }
    const client = clients.client(subject)
    if (client) return { client: client.id }
    return /^tk_[0-9a-f]{8}$/.test(subject) ? { key: subject } : {}
  }
}

interface Suspect {
  client?: string
  key?: string
}

/** Status and code; undefined for what tells nothing of who somebody is. */
function resultOf(error: unknown): string | undefined {
  if (error instanceof OAuthFault) return error.status === 401 ? `401 ${error.error}` : undefined
  if (!(error instanceof Fault) || error.code === 'CREDENTIALS_MISSING') return undefined
  const status = statusOf(error.code)
  return REFUSALS.includes(status) ? `${String(status)} ${error.code}` : undefined
}
