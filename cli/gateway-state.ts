import { join } from 'node:path'
import { ClientStore } from '../gateway/access/client-store'
import { Issue } from '../gateway/access/issue'
import { AuditLog } from '../gateway/audit/log'
import { Keyring } from '../gateway/keyring'
import { openGatewayStore } from '../gateway/store/open'
import { Vault } from '../gateway/vault'
import { prepareState } from '../shared/adapters/state-folder'
import type { Cli } from './cli'
import { whoIs } from './who'

/** What a gateway keeps; it may be running meanwhile. */
export interface GatewayState {
  clients: ClientStore
  issue: Issue
  vault: Vault
  audit: AuditLog
  ring: Keyring
  /** Writes into the audit log what was done to what. */
  did: (operation: string, object: string) => void
}

export async function withGatewayState<T>(
  cli: Cli,
  work: (state: GatewayState) => Promise<T> | T,
): Promise<T> {
  await prepareState(cli.state)
  const sql = openGatewayStore(join(cli.state, 'gateway.sqlite'))
  try {
    const ring = new Keyring(join(cli.state, 'gateway.key'))
    const clients = new ClientStore(sql)
    const audit = new AuditLog(sql, ring)
    return await work({
      clients,
      ring,
      audit,
      issue: new Issue(clients, ring, Date.now),
      vault: new Vault(sql, ring),
      did: (operation, object) => {
        audit.write({
          at: Date.now(),
          who: whoIs(undefined, cli.world.env),
          operation,
          object,
          result: 'done',
        })
      },
    })
  } finally {
    sql.close()
  }
}
