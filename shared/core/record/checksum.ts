import { hex } from './hash'

/** A 128-bit hash in four 32-bit lanes. */
export interface HashLanes {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/**
 * A checksum of many hashes that does not depend on their order: each of the four lanes adds up modulo 2^32.
 * Two sets of records have the same checksum only if they are the same (up to 2^-128).
 */
export class Checksum {
  private a = 0
  private b = 0
  private c = 0
  private d = 0

  add({ a, b, c, d }: HashLanes): void {
    this.a = (this.a + a) | 0
    this.b = (this.b + b) | 0
    this.c = (this.c + c) | 0
    this.d = (this.d + d) | 0
  }

  text(): string {
    return hex(this.a) + hex(this.b) + hex(this.c) + hex(this.d)
  }
}

/** Takes the lanes out of a hasher, whose own are overwritten by its next call. */
export function lanesOf({ a, b, c, d }: HashLanes): HashLanes {
  return { a, b, c, d }
}

/** The lanes that `Checksum.text` printed: 32 hexadecimal digits. */
export function parseLanes(text: string): HashLanes {
  const lane = (at: number): number => Number.parseInt(text.slice(at, at + 8), 16) | 0
  return { a: lane(0), b: lane(8), c: lane(16), d: lane(24) }
}
