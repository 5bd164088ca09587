import { randomBytes } from 'node:crypto'
import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import type { Keyring } from '../keyring'
import { seal, unseal } from '../seal'
import type { Claim } from './idempotency'

const KEPT_MS = 7 * 24 * 3_600_000

/** A claim as it is saved. */
export interface SavedClaim {
  /** What the claim starts is found again by it. */
  id: string
  operation: string
  path: string
  fingerprint: string
  /** `free`: its work broke off, perhaps with an effect; `done`: its answer is kept. */
  state: 'working' | 'free' | 'done'
  began: number
}

/** An answer that can be given again. */
export interface KeptAnswer extends Head {
  bytes: Uint8Array
}

interface Head {
  status: number
  headers?: Readonly<Record<string, string>>
  mediaType: string
}

/** Claims and answers in the gateway's own state. */
export class ClaimStore {
  constructor(
    private readonly sql: Sql,
    private readonly ring: Keyring,
  ) {}

  /** Frees what a gateway that ended left at work. There is one gateway at a time. */
  recover(now: number): void {
    this.sql.of(`UPDATE claim SET state = 'free' WHERE state = 'working'`).run()
    this.sql.of('DELETE FROM claim WHERE began < ?').run(now - KEPT_MS)
  }

  claim({ caller, key }: Claim, now: number): SavedClaim | undefined {
    const row = this.sql
      .of(
        'SELECT id, operation, path, fingerprint, state, began FROM claim WHERE client = ? AND key = ? AND began >= ?',
      )
      .get(caller.client, key, now - KEPT_MS)
    if (!row) return undefined
    return {
      id: String(row['id']),
      operation: String(row['operation']),
      path: String(row['path']),
      fingerprint: String(row['fingerprint']),
      state: row['state'] === 'done' ? 'done' : row['state'] === 'free' ? 'free' : 'working',
      began: Number(row['began']),
    }
  }

  /** @returns its id; that of before, where its work broke off */
  begin({ caller, key, operation, path, fingerprint }: Claim, now: number, id = newId()): string {
    this.sql
      .of(
        `INSERT OR REPLACE INTO claim (client, key, id, operation, path, fingerprint, state, began)
         VALUES (?, ?, ?, ?, ?, ?, 'working', ?)`,
      )
      .run(caller.client, key, id, operation, path, fingerprint, now)
    return id
  }

  /** Keeps the answer; sealed, for it may hold a secret that is told once, and records. */
  finish(claim: Claim, { status, headers = {}, mediaType, bytes }: KeptAnswer): void {
    const sealed = seal(this.ring, nameOf(claim), Buffer.from(bytes).toString('base64'))
    this.sql
      .of(`UPDATE claim SET state = 'done', answer = ?, bytes = ? WHERE client = ? AND key = ?`)
      .run(JSON.stringify({ status, headers, mediaType }), sealed, claim.caller.client, claim.key)
  }

  answer(claim: Claim): KeptAnswer | undefined {
    const row = this.sql
      .of('SELECT answer, bytes FROM claim WHERE client = ? AND key = ?')
      .get(claim.caller.client, claim.key)
    if (typeof row?.['bytes'] !== 'string') return undefined
    const bytes = Buffer.from(unseal(this.ring, nameOf(claim), row['bytes']), 'base64')
    return { ...saved(row['answer'], isHead), bytes }
  }

  /** It broke off and may have had an effect: a repeat works again under the same id. */
  free({ caller, key }: Claim): void {
    this.sql.of(`UPDATE claim SET state = 'free' WHERE client = ? AND key = ?`).run(caller.client, key)
  }

  /** It was refused before it began: the key may be used for anything. */
  forget({ caller, key }: Claim): void {
    this.sql.of('DELETE FROM claim WHERE client = ? AND key = ?').run(caller.client, key)
  }
}

function nameOf({ caller, key }: Claim): string {
  return `answer/${caller.client}/${key}`
}

function newId(): string {
  return randomBytes(16).toString('hex')
}

function isHead(value: unknown): value is Head {
  return typeof value === 'object' && value !== null && 'status' in value && 'mediaType' in value
}
