import { Decimal, exactNumber } from './decimal'
import { isObject, type DataRecord, type Value } from './value'

const bits = new DataView(new ArrayBuffer(8))

/**
 * 128-bit hashes of texts and records: MurmurHash3 x86_128 (Austin Appleby, public domain) over UTF-16 code units.
 * Not for secrets. One instance holds the result of its last call in four 32-bit lanes, so that hashing a
 * million records makes no garbage.
 *
 * The hash of a record does not depend on the order of its fields: it adds up the hashes of its fields, each
 * seeded by its name. 1.50 and 1.5 hash alike, and so do two date-times with zones that are the same instant; absent,
 * null and '' do not.
 */
export class Hasher {
  a = 0
  b = 0
  c = 0
  d = 0

  private readonly seeds = new Map<string, number>()

  text(text: string, seed = 0): this {
    let h1 = seed | 0
    let h2 = seed | 0
    let h3 = seed | 0
    let h4 = seed | 0
    const length = text.length
    const blocks = length - (length & 7)
    let i = 0
    for (; i < blocks; i += 8) {
      const k1 = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)
      const k2 = text.charCodeAt(i + 2) | (text.charCodeAt(i + 3) << 16)
      const k3 = text.charCodeAt(i + 4) | (text.charCodeAt(i + 5) << 16)
      const k4 = text.charCodeAt(i + 6) | (text.charCodeAt(i + 7) << 16)
      h1 ^= scramble(k1, 0x239b961b, 15, 0xab0e9789)
      h1 = (Math.imul(((h1 << 19) | (h1 >>> 13)) + h2, 5) + 0x561ccd1b) | 0
      h2 ^= scramble(k2, 0xab0e9789, 16, 0x38b34ae5)
      h2 = (Math.imul(((h2 << 17) | (h2 >>> 15)) + h3, 5) + 0x0bcaa747) | 0
      h3 ^= scramble(k3, 0x38b34ae5, 17, 0xa1e38b93)
      h3 = (Math.imul(((h3 << 15) | (h3 >>> 17)) + h4, 5) + 0x96cd1c35) | 0
      h4 ^= scramble(k4, 0xa1e38b93, 18, 0x239b961b)
      h4 = (Math.imul(((h4 << 13) | (h4 >>> 19)) + h1, 5) + 0x32ac3b17) | 0
    }
    const rest = length - i
    if (rest > 6) h4 ^= scramble(text.charCodeAt(i + 6), 0xa1e38b93, 18, 0x239b961b)
    if (rest > 4) h3 ^= scramble(pair(text, i + 4, rest - 4), 0x38b34ae5, 17, 0xa1e38b93)
    if (rest > 2) h2 ^= scramble(pair(text, i + 2, rest - 2), 0xab0e9789, 16, 0x38b34ae5)
    if (rest > 0) h1 ^= scramble(pair(text, i, rest), 0x239b961b, 15, 0xab0e9789)
    return this.finish(h1, h2, h3, h4, length)
  }

  record(record: DataRecord): this {
    return this.fields(record, 0)
  }

  /** Continues a chain, so that a list of hashes gets a hash that depends on their order. */
  chain(a: number, b: number): this {
    return this.finish(this.a ^ a, this.b ^ b, (this.c + a) | 0, (this.d + b) | 0, 8)
  }

  reset(): this {
    this.a = this.b = this.c = this.d = 0
    return this
  }

  /** 16 hexadecimal digits: the first 64 bits. */
  hex64(): string {
    return hex(this.a) + hex(this.b)
  }

  /** 32 hexadecimal digits. */
  hex128(): string {
    return hex(this.a) + hex(this.b) + hex(this.c) + hex(this.d)
  }

  private fields(record: { readonly [field: string]: Value }, seed: number): this {
    let a = seed
    let b = seed
    let c = seed
    let d = seed
    for (const field in record) {
      const value = record[field]
      if (value === undefined) continue
      this.value(value, this.seedOf(field))
      a = (a + this.a) | 0
      b = (b + this.b) | 0
      c = (c + this.c) | 0
      d = (d + this.d) | 0
    }
    return this.finish(a, b, c, d, 1)
  }

  private value(value: Value, seed: number): void {
    if (typeof value === 'string') this.string(value, seed)
    else if (typeof value === 'number') this.number(value, seed)
    else if (value === null) this.finish(seed, 1, 1, 1, 2)
    else if (typeof value === 'boolean') this.finish(seed, 2, value ? 1 : 0, 2, 3)
    else if (value instanceof Decimal) {
      const exact = exactNumber(value.text)
      if (typeof exact === 'number') this.number(exact, seed)
      else this.text(value.canonical(), seed ^ 0x5bd1e995)
    } else if (isObject(value)) this.fields(value, seed ^ 0x1b873593)
    else this.list(value, seed)
  }

  private string(value: string, seed: number): void {
    const instant = mayBeInstant(value) ? INSTANT.exec(value) : null
    if (!instant) {
      this.text(value, seed)
      return
    }
    const [, date = '', fraction = '', zone = ''] = instant
    this.number(Date.parse(date + zone), seed ^ 0x7f4a7c15)
    const digits = fraction.replace(/0+$/, '')
    if (digits !== '') this.text(digits, this.a)
  }

  private number(value: number, seed: number): void {
    bits.setFloat64(0, value === 0 ? 0 : value)
    this.finish(seed, 4, bits.getInt32(0), bits.getInt32(4), 8)
  }

  private list(values: readonly Value[], seed: number): void {
    let a = seed
    let b = seed ^ 0x2545f491
    for (const value of values) {
      this.value(value, a ^ b)
      a = (Math.imul(a, 31) + this.a) | 0
      b = (Math.imul(b, 31) + this.b) | 0
    }
    this.finish(a, b, seed, values.length, 5)
  }

  private seedOf(field: string): number {
    let seed = this.seeds.get(field)
    if (seed === undefined) {
      this.text(field)
      this.seeds.set(field, (seed = this.a))
    }
    return seed
  }

  private finish(one: number, two: number, three: number, four: number, length: number): this {
    let h1 = one ^ length
    let h2 = two ^ length
    let h3 = three ^ length
    let h4 = four ^ length
    h1 = (h1 + h2 + h3 + h4) | 0
    h2 = (h2 + h1) | 0
    h3 = (h3 + h1) | 0
    h4 = (h4 + h1) | 0
    h1 = avalanche(h1)
    h2 = avalanche(h2)
    h3 = avalanche(h3)
    h4 = avalanche(h4)
    h1 = (h1 + h2 + h3 + h4) | 0
    this.a = h1
    this.b = (h2 + h1) | 0
    this.c = (h3 + h1) | 0
    this.d = (h4 + h1) | 0
    return this
  }
}

/** RFC 3339 date-time: to the second, fraction, zone. */
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/

/** Spares most texts the regular expression. */
function mayBeInstant(text: string): boolean {
  return (
    text.length >= 20 && text.charCodeAt(10) === 84 && text.charCodeAt(4) === 45 && text.charCodeAt(13) === 58
  )
}

function pair(text: string, at: number, rest: number): number {
  return rest > 1 ? text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16) : text.charCodeAt(at)
}

function scramble(word: number, before: number, turn: number, after: number): number {
  const k = Math.imul(word, before)
  return Math.imul((k << turn) | (k >>> (32 - turn)), after)
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

export function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
