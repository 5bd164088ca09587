import { BlockList, isIP } from 'node:net'

/** Addresses and networks: `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export class Networks {
  private readonly list = new BlockList()

  /** @throws RangeError for a text that is neither */
  constructor(texts: readonly string[]) {
    for (const text of texts) this.add(text)
  }

  has(address: string): boolean {
    const plain = plainAddress(address)
    const family = isIP(plain)
    return family !== 0 && this.list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }

  private add(text: string): void {
    const [address = '', bits, more] = text.trim().split('/')
    const family = isIP(address)
    const most = family === 6 ? 128 : 32
    const length = bits === undefined ? most : Number(bits)
    const whole = bits === undefined || /^\d{1,3}$/.test(bits)
    if (family === 0 || !whole || length > most || more !== undefined)
      throw new RangeError(`${text} is not an address or a network such as 10.0.0.0/8`)
    this.list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** Without the prefix of IPv4 in IPv6 and the zone of a link-local address. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare
}
