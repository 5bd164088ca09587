import type { Client } from '../../../gateway/access/client'
import type { PolicyChange } from '../../../gateway/limits/policy'
import { DEFAULT_TENANT } from '../../../gateway/tenant'
import { Fault } from '../../../shared/core/fault'
import type { GatewayState } from '../../gateway-state'

/** Names end up in paths, in Basic credentials and in logs. */
const NAME = /^[a-z0-9][a-z0-9_.-]{0,62}$/i

/**
 * The client of that name; made if there is none.
 * @param policies names of the limits that there are
 * @throws Fault COMMAND_INVALID
 */
export function clientOf(
  id: string,
  { tenant, limit }: { tenant?: string; limit?: string[] },
  { clients, issue }: Pick<GatewayState, 'clients' | 'issue'>,
  policies: readonly string[],
): Client {
  for (const name of [id, tenant ?? DEFAULT_TENANT])
    if (!NAME.test(name))
      throw new Fault(
        'COMMAND_INVALID',
        `${name} is no name: letters, digits, dots, hyphens and _, at most 63.`,
      )
  const known = clients.client(id)
  if (known && tenant !== undefined && tenant !== known.tenant)
    throw new Fault(
      'COMMAND_INVALID',
      `${id} belongs to the tenant ${known.tenant}; another tenant is another client.`,
    )
  const limits = Object.fromEntries((limit ?? []).map((text) => limitOf(text, policies)))
  if (!known) assertTenant(tenant ?? DEFAULT_TENANT, clients)
  if (!known) return issue.client(id, tenant ?? DEFAULT_TENANT, limits)
  const changed = { ...known, limits: { ...known.limits, ...limits } }
  clients.saveClient(changed)
  return changed
}

/** Its folder must be its own also where the case of letters makes no other name, as on Windows. */
function assertTenant(tenant: string, clients: GatewayState['clients']): void {
  const plain = (name: string): string => name.toLowerCase().replace(/\.+$/, '')
  const near = clients.clients().find((one) => one.tenant !== tenant && plain(one.tenant) === plain(tenant))
  if (near)
    throw new Fault(
      'COMMAND_INVALID',
      `There is a tenant ${near.tenant} already: ${tenant} differs from it too little to be another.`,
    )
}

/** `records=5000000` or `calls=none`. */
function limitOf(text: string, policies: readonly string[]): [name: string, change: PolicyChange] {
  const [, name = '', quota = ''] = /^([\w-]+)=(\d{1,15}|none)$/.exec(text) ?? []
  if (name === '')
    throw new Fault('COMMAND_INVALID', `"${text}" is no limit: write records=5000000 or calls=none.`)
  if (!policies.includes(name))
    throw new Fault('COMMAND_INVALID', `There is no limit ${name}; there are ${policies.join(', ')}.`)
  return [name, quota === 'none' ? false : { quota: Number(quota), burst: 0 }]
}
