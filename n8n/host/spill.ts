import type { Spill, SpillLog, SpillTable } from '../../shared/core/ports'

/** Work space in memory: a community node may not write to disk. Holds hashes and keys, never whole streams. */
export const spill: Spill = { log: () => new MemoryLog(), table: () => new MemoryTable() }

class MemoryLog implements SpillLog {
  size = 0
  private chunks: Uint8Array[] = []
  /** Where each chunk begins. */
  private starts: number[] = []

  append(bytes: Uint8Array): void {
    this.starts.push(this.size)
    this.chunks.push(bytes.slice())
    this.size += bytes.length
  }

  read(): Iterable<Uint8Array> {
    return this.chunks
  }

  slice(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let filled = 0, chunk = this.chunkAt(at); filled < length; chunk++) {
      const from = at + filled - (this.starts[chunk] ?? 0)
      const part = this.chunks[chunk]?.subarray(from, from + length - filled)
      if (!part) throw new RangeError(`the log has ${this.size} bytes, not ${at + length}`)
      bytes.set(part, filled)
      filled += part.length
    }
    return bytes
  }

  drop(): void {
    this.chunks = []
    this.starts = []
    this.size = 0
  }

  private chunkAt(at: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return low
  }
}

class MemoryTable implements SpillTable {
  private readonly entries = new Map<string, string>()

  write(puts: Iterable<readonly [key: string, value: string]>, removes: Iterable<string> = []): void {
    for (const [key, value] of puts) this.entries.set(key, value)
    for (const key of removes) this.entries.delete(key)
  }

  get(keys: readonly string[]): (string | undefined)[] {
    return keys.map((key) => this.entries.get(key))
  }

  scan(): Iterable<readonly [key: string, value: string]> {
    return this.entries
  }

  count(): number {
    return this.entries.size
  }

  close(): void {
    // stays until it is dropped
  }

  drop(): void {
    this.entries.clear()
  }
}
