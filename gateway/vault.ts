import type { Sql } from '../shared/adapters/store/sql'
import type { Keyring } from './keyring'
import { seal, unseal } from './seal'

/** Secrets that have to be readable again, such as those that webhooks are signed with: sealed, by name. */
export class Vault {
  constructor(
    private readonly sql: Sql,
    private readonly ring: Keyring,
  ) {}

  /** @param name what it is and whose, such as `webhook/<tenant>/<id>` */
  put(name: string, secret: string): void {
    this.sql
      .of('INSERT OR REPLACE INTO secret (name, sealed) VALUES (?, ?)')
      .run(name, seal(this.ring, name, secret))
  }

  get(name: string): string | undefined {
    const row = this.sql.of('SELECT sealed FROM secret WHERE name = ?').get(name)
    return row ? unseal(this.ring, name, String(row['sealed'])) : undefined
  }

  remove(name: string): void {
    this.sql.of('DELETE FROM secret WHERE name = ?').run(name)
  }

  /** Makes a new key and seals everything with it. @returns how many */
  async reseal(): Promise<number> {
    this.ring.renew()
    return this.sql.transaction(() => {
      const names = this.sql.of('SELECT name FROM secret').all()
      for (const { name } of names) this.put(String(name), this.get(String(name)) ?? '')
      return names.length
    })
  }
}
