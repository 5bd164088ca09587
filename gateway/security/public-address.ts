import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'
import { Fault } from '../../shared/core/fault'

/**
 * Networks that a caller must not reach through the gateway (IANA special-purpose registries, RFC 6890). One list for
 * each family: in a common one, that of IPv4 written as IPv6 would hold every address of IPv4.
 */
const PRIVATE = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.ipv4.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  // IPv4 written as IPv6, in the old form with this machine and nothing
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.ipv6.addSubnet(network, prefix, 'ipv6')

export interface CheckedAddress {
  url: URL
  /** What the name stood for when it was checked: connect to this, so that no later answer of DNS leads elsewhere. */
  address: string
  family: 4 | 6
}

/**
 * An address that a caller gave, if the gateway may call it: https, every address behind the name public, no credentials
 * in it. The operator may allow hosts by name, also over http and in private networks.
 * @throws Fault ADDRESS_REFUSED
 */
export async function checkedAddress(text: string, allowed: readonly string[]): Promise<CheckedAddress> {
  const url = parsed(text)
  const isAllowed = allowed.some(
    (one) => one.toLowerCase() === url.host || one.toLowerCase() === hostAndPort(url),
  )
  if (url.protocol !== 'https:' && !(isAllowed && url.protocol === 'http:')) throw refused('it is not https')
  if (url.username !== '' || url.password !== '') throw refused('it holds a name or password')
  const addresses = await resolved(url)
  const [first] = addresses
  if (!first) throw refused(`${url.hostname} has no address`)
  if (!isAllowed && addresses.some(({ address }) => isPrivate(address)))
    throw refused(`${url.hostname} leads into a network that is not public`)
  return { url, address: first.address, family: first.family === 6 ? 6 : 4 }
}

export function isPrivate(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return PRIVATE[family].check(address, family)
}

/** With the port that a URL leaves out. */
function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw refused('it is not a URL')
  }
}

async function resolved(url: URL): Promise<{ address: string; family: number }[]> {
  try {
    return await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true, order: 'verbatim' })
  } catch {
    throw refused(`the name ${url.hostname} is not known`)
  }
}

function refused(why: string): Fault {
  return new Fault('ADDRESS_REFUSED', `The gateway does not call this address: ${why}.`, { why })
}
