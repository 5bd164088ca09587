import type { Client, Credential, ShownCredential } from '../../gateway/access/client'
import { SCOPES } from '../../shared/contract/operations/operation'
import type { Made } from '../commands/keys/made'
import { table } from './table'

const HINT: Readonly<Record<Credential['kind'], (credential: ShownCredential) => string>> = {
  'api-key': () => 'Try it: curl -H "X-API-Key: <key>" <gateway>/v1/caller',
  secret: ({ client }) =>
    `Try it: curl -u "${client}:<secret>" -d grant_type=client_credentials <gateway>/oauth/token`,
  certificate: () => 'Try it: curl --cert <file> --key <file> <gateway>/v1/caller',
  'public-key': ({ client }) =>
    `Assertions of ${client} that are signed with it are taken at <gateway>/oauth/token.`,
  subject: () => 'Tokens of the issuer are taken in Authorization: Bearer.',
}

export function createdText(credential: ShownCredential, { key, secret }: Made['shown']): string {
  const once = key ?? secret
  const head = `${credential.id} of ${credential.client} is there${once === undefined ? '.' : '. Shown once:'}`
  return [head, ...(once === undefined ? [] : ['', `  ${once}`, '']), HINT[credential.kind](credential)].join(
    '\n',
  )
}

export function rotatedText(
  credential: ShownCredential,
  shown: Made['shown'],
  old: ShownCredential,
  ends: number,
): string {
  return `${createdText(credential, shown)}\n${old.id} works until ${dayOf(ends)}.`
}

export function keysText(
  clients: readonly (Client & { keys: readonly ShownCredential[] })[],
  now: number,
): string {
  const rows = clients.flatMap(({ id, tenant, keys }) =>
    keys.map((key) => [
      key.id,
      id,
      tenant,
      key.recognised === undefined ? key.kind : `${key.kind} ${key.recognised}`,
      stateOf(key, now),
      key.used === undefined ? 'never' : dayOf(key.used),
      key.scopes.length === SCOPES.length ? 'all' : key.scopes.join(' '),
      key.workflows === 'all' ? 'all' : key.workflows.join(' '),
      key.addresses.length === 0 ? 'any' : key.addresses.join(' '),
    ]),
  )
  if (rows.length === 0) return 'There are no keys. Make one: tieout keys create <client>'
  return table(['key', 'client', 'tenant', 'kind', 'state', 'used', 'scopes', 'workflows', 'addresses'], rows)
}

function stateOf({ revoked, expires }: ShownCredential, now: number): string {
  if (revoked !== undefined) return `revoked ${dayOf(revoked)}`
  if (expires === undefined) return 'active'
  return expires <= now ? `ended ${dayOf(expires)}` : `until ${dayOf(expires)}`
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
