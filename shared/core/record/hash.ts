import { Decimal, exactNumber, plainNumber } from './decimal'
import { instantFraction, instantSeconds } from './instant'
import { isObject, type DataRecord, type Value } from './value'

const bits = new DataView(new ArrayBuffer(8))

/**
 * 64-bit hashes of texts and records, for finding changes and for checksums; not for secrets. Each of two 32-bit lanes
 * rotates, mixes in 32 bits and multiplies by a prime of its own; both end in the finaliser of MurmurHash3 (Austin
 * Appleby, public domain). One instance holds the lanes of its last call, so that a million records make no garbage.
 *
 * The hash of a record does not depend on the order of its fields: it adds up the hashes of its fields, each
 * seeded by its name. 1.50 and 1.5 hash alike, and so do two date-times with zones that are the same instant; absent,
 * null and '' do not.
 */
export class Hasher {
  a = 0
  b = 0

  private readonly seeds = new Map<string, number>()

  text(text: string, seed = 0): this {
    let a = seed ^ 0x165667b1
    let b = seed ^ 0x27d4eb2f
    const { length } = text
    const last = length - 1
    let i = 0
    for (; i < last; i += 2) {
      const word = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)
      a = Math.imul(((a << 13) | (a >>> 19)) ^ word, 0x9e3779b1)
      b = Math.imul(((b << 17) | (b >>> 15)) ^ word, 0x85ebca77)
    }
    if (i === last) {
      const word = text.charCodeAt(i)
      a = Math.imul(((a << 13) | (a >>> 19)) ^ word, 0x9e3779b1)
      b = Math.imul(((b << 17) | (b >>> 15)) ^ word, 0x85ebca77)
    }
    return this.finish(a, b, length)
  }

  record(record: DataRecord): this {
    return this.fields(record, 0)
  }

  /**
   * Of the key's parts in their order, each by its text: systems differ in whether 7 is a number. The lanes are those
   * of no key when a part is absent, null, '' or not a scalar.
   * @returns whether the record has its key
   */
  key(record: DataRecord, key: readonly string[]): boolean {
    let a = key.length
    let b = 0
    for (const field of key) {
      const part = record[field]
      if (typeof part === 'string' && part !== '') this.string(part, a)
      else if (typeof part === 'number') this.text(plainNumber(part), a)
      else if (typeof part === 'boolean') this.text(String(part), a)
      else if (part instanceof Decimal) this.text(part.canonical(), a)
      else return false
      a = Math.imul(a, 31) ^ this.a
      b = Math.imul(b, 37) ^ this.b
    }
    this.finish(a, b, 8)
    return true
  }

  /** Continues a chain, so that a list of hashes gets a hash that depends on their order. */
  chain(a: number, b: number): this {
    return this.finish(Math.imul(this.a, 31) ^ a, Math.imul(this.b, 37) ^ b, 8)
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    return hex(this.a) + hex(this.b)
  }

  private fields(record: { readonly [field: string]: Value }, seed: number): this {
    let a = seed
    let b = seed
    for (const field in record) {
      const value = record[field]
      if (value === undefined) continue
      this.value(value, this.seedOf(field))
      a = (a + this.a) | 0
      b = (b + this.b) | 0
    }
    return this.finish(a, b, 1)
  }

  private value(value: Value, seed: number): void {
    if (typeof value === 'string') this.string(value, seed)
    else if (typeof value === 'number') this.number(value, seed)
    else if (value === null) this.finish(seed, 1, 2)
    else if (typeof value === 'boolean') this.finish(seed, value ? 2 : 3, 3)
    else if (value instanceof Decimal) {
      const exact = exactNumber(value.text)
      if (typeof exact === 'number') this.number(exact, seed)
      else this.text(value.canonical(), seed ^ 0x5bd1e995)
    } else if (isObject(value)) this.fields(value, seed ^ 0x1b873593)
    else this.list(value, seed)
  }

  private string(value: string, seed: number): void {
    const seconds = instantSeconds(value)
    if (Number.isNaN(seconds)) {
      this.text(value, seed)
      return
    }
    this.number(seconds, seed ^ 0x7f4a7c15)
    const fraction = instantFraction(value)
    if (fraction !== '') this.text(fraction, this.a)
  }

  private number(value: number, seed: number): void {
    bits.setFloat64(0, value === 0 ? 0 : value)
    this.finish(seed ^ bits.getInt32(0), seed ^ bits.getInt32(4), 8)
  }

  private list(values: readonly Value[], seed: number): void {
    let a = seed
    let b = seed ^ 0x2545f491
    for (const value of values) {
      this.value(value, a ^ b)
      a = (Math.imul(a, 31) + this.a) | 0
      b = (Math.imul(b, 31) + this.b) | 0
    }
    this.finish(a ^ seed, b ^ values.length, 5)
  }

  private seedOf(field: string): number {
    let seed = this.seeds.get(field)
    if (seed === undefined) {
      this.text(field)
      this.seeds.set(field, (seed = this.a))
    }
    return seed
  }

  private finish(one: number, two: number, length: number): this {
    let a = one ^ length
    let b = two ^ Math.imul(length, 0x9e3779b1)
    a = avalanche((a + Math.imul(b, 0xc2b2ae3d)) | 0)
    b = avalanche((b + a) | 0)
    this.a = (a + b) | 0
    this.b = b
    return this
  }
}

function avalanche(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** 53 bits of a hash as one number that SQL and JSON keep whole. */
export function hashNumber(a: number, b: number): number {
  return (a >>> 0) * 0x200000 + (b >>> 11)
}

export function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
