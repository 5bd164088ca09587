import type { X509Certificate } from 'node:crypto'
import { certificateIn } from './certificate'
import { Networks, plainAddress } from './networks'
import type { AccessSettings } from './settings'

/** What the hop that a request came from says of the one before it. */
export interface Arrival {
  /** Of the other end of the connection. */
  address: string
  /** In lower case. */
  headers: Readonly<Record<string, string>>
  /** Of the TLS connection. */
  certificate: X509Certificate | undefined
}

const CLIENT_CERT = /^client-cert(-chain)?$/

/** Proxies that are believed: the address and certificate of the client are what they say; of others, nothing is. */
export class Hops {
  private readonly trusted: Networks

  constructor(private readonly settings: Pick<AccessSettings, 'trustedHops' | 'forwardedBy'>) {
    this.trusted = new Networks(settings.trustedHops)
  }

  /** @throws Fault CREDENTIALS_INVALID for a Client-Cert header that is none */
  client({ address, headers, certificate }: Arrival): {
    address: string
    headers: Record<string, string>
    certificate: X509Certificate | undefined
  } {
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !CLIENT_CERT.test(name)))
    if (!this.trusted.has(address)) return { address: plainAddress(address), headers: own, certificate }
    const said = headers['client-cert']
    return {
      address: this.behind(address, headers),
      headers: own,
      // the certificate of the connection is the proxy's own
      certificate: said === undefined ? undefined : certificateIn(said),
    }
  }

  /** The last address before those that are trusted: what stands further left could be anybody's claim. */
  private behind(address: string, headers: Arrival['headers']): string {
    const { forwardedBy } = this.settings
    const listed = (headers[forwardedBy] ?? '')
      .split(',')
      .map((element) => (forwardedBy === 'forwarded' ? forIn(element) : element))
    const way = [...listed.map(withoutPort).filter((text) => text !== ''), address].reverse()
    return plainAddress(way.find((hop) => !this.trusted.has(hop)) ?? way.at(-1) ?? address)
  }
}

/** `for` of one element of Forwarded (RFC 7239). */
function forIn(element: string): string {
  const pair = element.split(';').find((part) => /^\s*for\s*=/i.test(part))
  return (
    pair
      ?.slice(pair.indexOf('=') + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1') ?? ''
  )
}

/** `203.0.113.7:4711` and `[2001:db8::1]:4711` are addresses with a port. */
function withoutPort(text: string): string {
  const address = text.trim()
  return /^\[([^\]]+)\]/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address
}
