import { hex, type Hasher } from './hash'

/**
 * A checksum of many hashes that does not depend on their order: each of the four lanes adds up modulo 2^32.
 * Two sets of records have the same checksum only if they are the same (up to 2^-128).
 */
export class Checksum {
  private a = 0
  private b = 0
  private c = 0
  private d = 0

  add(hash: { a: number; b: number; c: number; d: number }): void {
    this.a = (this.a + hash.a) | 0
    this.b = (this.b + hash.b) | 0
    this.c = (this.c + hash.c) | 0
    this.d = (this.d + hash.d) | 0
  }

  text(): string {
    return hex(this.a) + hex(this.b) + hex(this.c) + hex(this.d)
  }

  /** @param text what `text()` gave, 32 hexadecimal digits */
  static parse(text: string): Checksum {
    const sum = new Checksum()
    sum.add({ a: lane(text, 0), b: lane(text, 8), c: lane(text, 16), d: lane(text, 24) })
    return sum
  }
}

export type HashLanes = Pick<Hasher, 'a' | 'b' | 'c' | 'd'>

function lane(text: string, at: number): number {
  return Number.parseInt(text.slice(at, at + 8), 16) | 0
}
