import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import type { Client, Credential, CredentialKind } from './client'

/** Clients and their credentials in the gateway's own state. */
export class ClientStore {
  constructor(private readonly sql: Sql) {}

  client(id: string): Client | undefined {
    return this.sql.body('SELECT body FROM client WHERE id = ?', isClient, id)
  }

  clients(): Client[] {
    return this.sql
      .of('SELECT body FROM client ORDER BY id')
      .all()
      .map(({ body }) => saved(body, isClient))
  }

  saveClient(client: Client): void {
    this.sql
      .of('INSERT INTO client (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body')
      .run(client.id, JSON.stringify(client))
  }

  credential(id: string): Credential | undefined {
    return this.sql.body('SELECT body FROM credential WHERE id = ?', isCredential, id)
  }

  /** By what it is recognised: the fingerprint of a certificate, issuer and subject of a token. */
  found(kind: CredentialKind, proof: string): Credential | undefined {
    return this.sql.body(
      'SELECT body FROM credential WHERE kind = ? AND lookup = ?',
      isCredential,
      kind,
      proof,
    )
  }

  /** Oldest first. */
  ofClient(client: string, kind?: CredentialKind): Credential[] {
    return this.sql
      .of('SELECT body FROM credential WHERE client = ? AND (? IS NULL OR kind = ?)')
      .all(client, kind ?? null, kind ?? null)
      .map(({ body }) => saved(body, isCredential))
      .sort((one, other) => one.created - other.created)
  }

  save(credential: Credential): void {
    const { id, client, kind, proof, revoked } = credential
    // what was revoked leaves its place to another
    const lookup = (kind === 'certificate' || kind === 'subject') && revoked === undefined ? proof : null
    this.sql
      .of(
        `INSERT INTO credential (id, client, kind, lookup, body) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET lookup = excluded.lookup, body = excluded.body`,
      )
      .run(id, client, kind, lookup, JSON.stringify(credential))
  }

  /** Ends it, now or later. */
  change(id: string, { revoked, expires }: { revoked?: number; expires?: number }): void {
    const credential = this.credential(id)
    if (!credential) return
    this.save({
      ...credential,
      ...(revoked === undefined ? {} : { revoked }),
      ...(expires === undefined ? {} : { expires }),
    })
  }

  /** What its use leaves on it; nothing else of it is touched, so that a revocation meanwhile stays. */
  touch(id: string, { used, version }: { used: number; version: string }): void {
    this.sql
      .of(`UPDATE credential SET body = json_set(body, '$.used', ?, '$.version', ?) WHERE id = ?`)
      .run(used, version, id)
  }

  /** Remembers an assertion until it has expired. @returns false when it was there already */
  firstUse(assertion: string, expires: number, now: number): boolean {
    this.sql.of('DELETE FROM assertion WHERE expires < ?').run(now)
    const added = this.sql
      .of('INSERT INTO assertion (id, expires) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(assertion, expires)
    return added.changes > 0
  }
}

function isClient(value: unknown): value is Client {
  return typeof value === 'object' && value !== null && 'tenant' in value && 'limits' in value
}

function isCredential(value: unknown): value is Credential {
  return typeof value === 'object' && value !== null && 'proof' in value && 'scopes' in value
}
