import type { Spill, SpillLog } from '../ports'

const LANES = 3
const FIRST_SLOTS = 1 << 14
const BUCKETS = 2048
const IN_BUCKETS = BUCKETS - 1
const BLOOM_BITS_PER_KEY = 10

export type Seen = 'new' | 'same' | 'other'

/**
 * The keys that a run has seen, each as a 64-bit hash with 32 bits of its payload's hash. With ten million keys the
 * chance that any two share a hash is about 3 in a million. Up to `maxSlots` (12 bytes each) live in memory; what is
 * more goes to disk in buckets, found again through a Bloom filter and the read of one bucket.
 */
export class KeySet {
  private slots: Int32Array
  private used = 0
  private runs: SpilledRun[] = []
  private log: SpillLog | undefined

  constructor(
    private readonly spill: Spill,
    private readonly maxSlots = 1 << 20,
  ) {
    this.slots = new Int32Array(Math.min(FIRST_SLOTS, maxSlots) * LANES)
  }

  /** @returns `same` when the key was there with this payload, `other` when it was there with another */
  add(a: number, b: number, payload: number): Seen {
    const high = a | 0
    const low = marked(high, b)
    for (const run of this.runs) {
      const found = run.find(high, low)
      if (found !== undefined) return found === (payload | 0) ? 'same' : 'other'
    }
    const slot = slotOf(this.slots, high, low)
    if (this.slots[slot] !== 0 || this.slots[slot + 1] !== 0)
      return this.slots[slot + 2] === (payload | 0) ? 'same' : 'other'
    put(this.slots, slot, high, low, payload)
    if (++this.used * LANES * 3 > this.slots.length * 2) this.grow()
    return 'new'
  }

  has(a: number, b: number): boolean {
    const high = a | 0
    const low = marked(high, b)
    const slot = slotOf(this.slots, high, low)
    if (this.slots[slot] !== 0 || this.slots[slot + 1] !== 0) return true
    return this.runs.some((run) => run.find(high, low) !== undefined)
  }

  drop(): void {
    this.log?.drop()
    this.log = undefined
    this.runs = []
  }

  /** Two thirds full: doubles the table, or moves it to disk when it may not grow. */
  private grow(): void {
    if (this.slots.length < this.maxSlots * LANES) {
      const old = this.slots
      this.slots = new Int32Array(old.length * 2)
      for (let at = nextKey(old, 0); at < old.length; at = nextKey(old, at + LANES))
        copyKey(old, at, this.slots)
      return
    }
    this.log ??= this.spill.log()
    this.runs.push(new SpilledRun(this.log, this.slots, this.used))
    this.slots.fill(0)
    this.used = 0
  }
}

/** Keys grouped by their lowest bits in a spill log. */
class SpilledRun {
  private readonly start: number
  /** Where each bucket begins, in keys; one more than there are buckets. */
  private readonly bounds = new Uint32Array(BUCKETS + 1)
  private readonly bloom: Uint32Array

  constructor(
    private readonly log: SpillLog,
    slots: Int32Array,
    count: number,
  ) {
    this.bloom = new Uint32Array(Math.ceil((count * BLOOM_BITS_PER_KEY) / 32))
    const { bounds } = this
    for (let at = nextKey(slots, 0); at < slots.length; at = nextKey(slots, at + LANES)) {
      const low = slots[at + 1] ?? 0
      const next = (low & IN_BUCKETS) + 1
      bounds[next] = (bounds[next] ?? 0) + 1
      this.mark(slots[at] ?? 0, low)
    }
    for (let bucket = 1; bucket <= BUCKETS; bucket++)
      bounds[bucket] = (bounds[bucket] ?? 0) + (bounds[bucket - 1] ?? 0)
    const grouped = new Int32Array(count * LANES)
    const next = bounds.slice()
    for (let at = nextKey(slots, 0); at < slots.length; at = nextKey(slots, at + LANES)) {
      const low = slots[at + 1] ?? 0
      const to = next[low & IN_BUCKETS] ?? 0
      next[low & IN_BUCKETS] = to + 1
      put(grouped, to * LANES, slots[at] ?? 0, low, slots[at + 2] ?? 0)
    }
    this.start = log.size
    log.append(new Uint8Array(grouped.buffer))
  }

  /** @returns the payload's hash */
  find(high: number, low: number): number | undefined {
    if (!this.maybe(high, low)) return undefined
    const bucket = low & IN_BUCKETS
    const from = this.bounds[bucket] ?? 0
    const to = this.bounds[bucket + 1] ?? 0
    const bytes = this.log.slice(this.start + from * LANES * 4, (to - from) * LANES * 4)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < bytes.byteLength; at += LANES * 4) {
      if (view.getInt32(at, true) === high && view.getInt32(at + 4, true) === low)
        return view.getInt32(at + 8, true)
    }
    return undefined
  }

  private mark(high: number, low: number): void {
    for (let probe = 1; probe <= 5; probe++) {
      const bit = this.bit(high, low, probe)
      this.bloom[bit >>> 5] = (this.bloom[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  private maybe(high: number, low: number): boolean {
    for (let probe = 1; probe <= 5; probe++) {
      const bit = this.bit(high, low, probe)
      if (((this.bloom[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }

  private bit(high: number, low: number, probe: number): number {
    return ((high + Math.imul(probe, low | 1)) >>> 0) % (this.bloom.length * 32)
  }
}

/** (0, 0) marks an empty slot, so that hash counts as (0, 1). */
function marked(high: number, b: number): number {
  const low = b | 0
  return high === 0 && low === 0 ? 1 : low
}

/** Index of the key, or of the empty slot where it belongs. */
function slotOf(slots: Int32Array, high: number, low: number): number {
  const mask = slots.length / LANES - 1
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = slot * LANES
    const h = slots[at]
    const l = slots[at + 1]
    if ((h === 0 && l === 0) || (h === high && l === low)) return at
  }
}

function put(slots: Int32Array, at: number, high: number, low: number, payload: number): void {
  slots[at] = high
  slots[at + 1] = low
  slots[at + 2] = payload
}

/** Where the first key at or after `at` stands; the end when there is none. */
function nextKey(slots: Int32Array, at: number): number {
  while (at < slots.length && slots[at] === 0 && slots[at + 1] === 0) at += LANES
  return at
}

function copyKey(from: Int32Array, at: number, to: Int32Array): void {
  const high = from[at] ?? 0
  const low = from[at + 1] ?? 0
  put(to, slotOf(to, high, low), high, low, from[at + 2] ?? 0)
}
