import type { Spill, SpillLog } from '../ports'

const FIRST_SLOTS = 1 << 14
const BLOCK_KEYS = 512
const BLOOM_BITS_PER_KEY = 10

/**
 * The set of key hashes (64 bits: two lanes) that a run has seen. Exact for the hashes; with ten million keys the
 * chance that any two share a hash is about 3 in a million. Up to `maxSlots` (8 bytes each) live in memory; what is
 * more goes to disk as sorted runs, found again through a Bloom filter and one block read.
 */
export class KeySet {
  private slots: Uint32Array
  private used = 0
  private runs: SortedRun[] = []
  private log: SpillLog | undefined

  constructor(
    private readonly spill: Spill,
    private readonly maxSlots = 1 << 22,
  ) {
    this.slots = new Uint32Array(Math.min(FIRST_SLOTS, maxSlots) * 2)
  }

  /** @returns false when the hash was there already */
  add(a: number, b: number): boolean {
    const high = a >>> 0
    const low = marked(high, b)
    for (const run of this.runs) if (run.has(high, low)) return false
    if (!insert(this.slots, high, low)) return false
    if (++this.used * 3 > this.slots.length) this.grow()
    return true
  }

  has(a: number, b: number): boolean {
    const high = a >>> 0
    const low = marked(high, b)
    return find(this.slots, high, low) || this.runs.some((run) => run.has(high, low))
  }

  drop(): void {
    this.log?.drop()
    this.log = undefined
    this.runs = []
  }

  /** Two thirds full: doubles the table, or moves it to disk when it may not grow. */
  private grow(): void {
    if (this.slots.length < this.maxSlots * 2) {
      const larger = new Uint32Array(this.slots.length * 2)
      for (let i = 0; i < this.slots.length; i += 2) {
        const high = this.slots[i] ?? 0
        const low = this.slots[i + 1] ?? 0
        if (high !== 0 || low !== 0) insert(larger, high, low)
      }
      this.slots = larger
      return
    }
    this.log ??= this.spill.log()
    this.runs.push(new SortedRun(this.log, this.slots, this.used))
    this.slots.fill(0)
    this.used = 0
  }
}

/** Hashes in ascending order in a spill log. */
class SortedRun {
  private readonly start: number
  private readonly firstOfBlock: BigUint64Array
  private readonly bloom: Uint32Array

  /** Sorts `slots` in place. */
  constructor(
    private readonly log: SpillLog,
    slots: Uint32Array,
    private readonly count: number,
  ) {
    this.bloom = new Uint32Array(Math.ceil((count * BLOOM_BITS_PER_KEY) / 32))
    for (let i = 0; i < slots.length; i += 2) {
      const high = slots[i] ?? 0
      const low = slots[i + 1] ?? 0
      if (high !== 0 || low !== 0) this.mark(high, low)
    }
    const keys = new BigUint64Array(slots.buffer, slots.byteOffset, slots.length / 2)
    keys.sort()
    const sorted = keys.subarray(keys.length - count)
    this.start = log.size
    log.append(new Uint8Array(sorted.buffer, sorted.byteOffset, sorted.byteLength))
    this.firstOfBlock = new BigUint64Array(Math.ceil(count / BLOCK_KEYS))
    for (let block = 0; block < this.firstOfBlock.length; block++) {
      this.firstOfBlock[block] = sorted[block * BLOCK_KEYS] ?? 0n
    }
  }

  has(high: number, low: number): boolean {
    return this.maybe(high, low) && this.find((BigInt(low) << 32n) | BigInt(high))
  }

  private find(key: bigint): boolean {
    let from = 0
    let to = this.firstOfBlock.length
    while (to - from > 1) {
      const middle = (from + to) >>> 1
      if ((this.firstOfBlock[middle] ?? 0n) <= key) from = middle
      else to = middle
    }
    const first = from * BLOCK_KEYS
    const bytes = this.log.slice(this.start + first * 8, Math.min(BLOCK_KEYS, this.count - first) * 8)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.byteLength; at += 8) if (view.getBigUint64(at, true) === key) return true
    return false
  }

  private mark(high: number, low: number): void {
    for (let probe = 0; probe < 5; probe++) {
      const bit = bitOf(high, low, probe, this.bloom.length)
      this.bloom[bit >>> 5] = (this.bloom[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  private maybe(high: number, low: number): boolean {
    for (let probe = 0; probe < 5; probe++) {
      const bit = bitOf(high, low, probe, this.bloom.length)
      if (((this.bloom[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }
}

function bitOf(high: number, low: number, probe: number, words: number): number {
  return ((high + Math.imul(probe, low | 1)) >>> 0) % (words * 32)
}

/** (0, 0) marks an empty slot, so that hash counts as (0, 1). */
function marked(high: number, b: number): number {
  const low = b >>> 0
  return high === 0 && low === 0 ? 1 : low
}

function insert(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const h = slots[slot * 2] ?? 0
    const l = slots[slot * 2 + 1] ?? 0
    if (h === 0 && l === 0) {
      slots[slot * 2] = high
      slots[slot * 2 + 1] = low
      return true
    }
    if (h === high && l === low) return false
  }
}

function find(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const h = slots[slot * 2] ?? 0
    const l = slots[slot * 2 + 1] ?? 0
    if (h === 0 && l === 0) return false
    if (h === high && l === low) return true
  }
}
