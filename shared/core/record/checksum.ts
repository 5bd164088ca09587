import { hex, type Hasher } from './hash'
import type { DataRecord } from './value'

/** The two hashes of a record: of its key and of its values, in two 32-bit lanes each. */
export interface RecordHash {
  readonly keyA: number
  readonly keyB: number
  readonly payloadA: number
  readonly payloadB: number
}

/** @param key the fields of the key, all present in `keyOf` */
export function hashOf(
  hasher: Hasher,
  keyOf: DataRecord,
  key: readonly string[],
  record: DataRecord,
): RecordHash {
  hasher.key(keyOf, key)
  const { a: keyA, b: keyB } = hasher
  hasher.record(record)
  return { keyA, keyB, payloadA: hasher.a, payloadB: hasher.b }
}

/**
 * A checksum of many 64-bit hashes that does not depend on their order: each of the two lanes adds up modulo 2^32.
 */
export class Checksum {
  private a = 0
  private b = 0

  add(a: number, b: number): void {
    this.a = (this.a + a) | 0
    this.b = (this.b + b) | 0
  }

  /** @param text what `text` printed */
  addText(text: string): void {
    this.add(Number.parseInt(text.slice(0, 8), 16) | 0, Number.parseInt(text.slice(8, 16), 16) | 0)
  }

  /** 16 hexadecimal digits. */
  text(): string {
    return hex(this.a) + hex(this.b)
  }
}
