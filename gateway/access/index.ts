import type { AccessAudit } from '../audit/access-audit'
import type { Sql } from '../../shared/adapters/store/sql'
import type { Keyring } from '../keyring'
import type { Tenant } from '../tenant'
import type { Authenticate } from './authenticate'
import type { ClientStore } from './client-store'
import { gatekeeper } from './gatekeeper'
import { Lockout } from './lockout'
import { OutsideTokens } from './outside-tokens'
import { OwnTokens } from './own-tokens'
import { Secrets } from './prove-secret'
import type { AccessSettings } from './settings'
import { TokenEndpoint } from './token-endpoint'
import { Tokens } from './tokens'

export interface AccessOptions {
  sql: Sql
  ring: Keyring
  settings: AccessSettings
  tenant: (id: string) => Promise<Tenant>
  now: () => number
  clients: ClientStore
  audit: AccessAudit
}

export interface Access {
  authenticate: Authenticate
  clients: ClientStore
  tokens: Tokens
  tokenEndpoint: TokenEndpoint
}

export function openAccess({ sql, ring, settings, tenant, now, clients, audit }: AccessOptions): Access {
  const lockout = new Lockout(sql, now)
  const secrets = new Secrets(clients)
  const own = new OwnTokens(ring, clients, now)
  const tokens = new Tokens(own, new OutsideTokens(settings.issuers, clients, now))
  return {
    authenticate: gatekeeper({
      clients,
      tenant,
      now,
      lockout,
      audit,
      settings,
      keys: { clients, ring },
      secrets,
      tokens,
    }),
    clients,
    tokens,
    tokenEndpoint: new TokenEndpoint({ clients, secrets, own, lockout, audit, now }),
  }
}
