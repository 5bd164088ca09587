import { randomBytes } from 'node:crypto'
import type { Answers } from '../../shared/adapters/store/answers'
import type { Sql } from '../../shared/adapters/store/sql'
import { KEPT_MS } from '../../shared/core/keep'
import type { Claim } from './idempotency'

/** A claim as it is saved. */
export interface SavedClaim {
  /** What the claim starts is found again by it, and its answer. */
  id: string
  operation: string
  path: string
  fingerprint: string
  /** `free`: its work broke off, perhaps with an effect; `done`: its answer is kept, here or with its effect. */
  state: 'working' | 'free' | 'done'
}

/** Claims in the gateway's own state. */
export class ClaimStore {
  constructor(
    private readonly sql: Sql,
    private readonly answers: Answers,
  ) {}

  /** Frees what a gateway that ended left at work. There is one gateway at a time. */
  recover(now: number): void {
    this.sql.of(`UPDATE claim SET state = 'free' WHERE state = 'working'`).run()
    this.prune(now)
  }

  claim({ caller, key }: Claim, now: number): SavedClaim | undefined {
    const row = this.sql
      .of(
        'SELECT id, operation, path, fingerprint, state FROM claim WHERE client = ? AND key = ? AND began >= ?',
      )
      .get(caller.client, key, now - KEPT_MS)
    if (!row) return undefined
    return {
      id: String(row['id']),
      operation: String(row['operation']),
      path: String(row['path']),
      fingerprint: String(row['fingerprint']),
      state: row['state'] === 'done' ? 'done' : row['state'] === 'free' ? 'free' : 'working',
    }
  }

  /** @returns its id; that of before, where its work broke off */
  begin({ caller, key, operation, path, fingerprint }: Claim, now: number, id = newId()): string {
    this.prune(now)
    this.sql
      .of(
        `INSERT OR REPLACE INTO claim (client, key, id, operation, path, fingerprint, state, began)
         VALUES (?, ?, ?, ?, ?, ?, 'working', ?)`,
      )
      .run(caller.client, key, id, operation, path, fingerprint, now)
    return id
  }

  /** Its answer is kept: in the transaction of its effect or, given here, with the claim. */
  async finish(claim: Claim, answer?: { id: string; at: number; text: string }): Promise<void> {
    await this.sql.transaction(() => {
      if (answer) this.answers.keep({ ...answer, text: () => answer.text }, undefined)
      this.become('done', claim)
    })
  }

  /** It broke off and may have had an effect: a repeat works again under the same id. */
  free(claim: Claim): void {
    this.become('free', claim)
  }

  /** It was refused before it began: the key may be used for anything. */
  forget({ caller, key }: Claim): void {
    this.sql.of('DELETE FROM claim WHERE client = ? AND key = ?').run(caller.client, key)
  }

  private prune(now: number): void {
    this.sql.of('DELETE FROM claim WHERE began < ?').run(now - KEPT_MS)
  }

  private become(state: SavedClaim['state'], { caller, key }: Claim): void {
    this.sql.of('UPDATE claim SET state = ? WHERE client = ? AND key = ?').run(state, caller.client, key)
  }
}

function newId(): string {
  return randomBytes(16).toString('hex')
}
