/** Behind whatever is read or written in larger pieces than it has bytes. */
const SLACK: usize = 32

/** Memory that grows; what stands in it moves then. */
@unmanaged
export class Room {
  at: usize = 0
  size: usize = 0

  /** Keeps what stands in it. */
  reserve(size: usize): void {
    if (size > this.size) this.resize(max(size, this.size * 2))
  }

  /** As `reserve`; what is new is zero. */
  reserveZeroed(size: usize): void {
    const old = this.size
    this.reserve(size)
    if (this.size > old) memory.fill(this.at + old, 0, this.size - old)
  }

  resize(size: usize): void {
    this.at = this.at == 0 ? heap.alloc(size + SLACK) : heap.realloc(this.at, size + SLACK)
    this.size = size
  }

  drop(): void {
    if (this.at != 0) heap.free(this.at)
    this.at = 0
    this.size = 0
  }
}

const brought = new Room()

/** @returns where so many bytes may be put for the next call */
export function scratch(size: usize): usize {
  brought.reserve(size)
  return brought.at
}

/** Up to eight bytes; those beyond `size` are zero. */
export function bytesAt(at: usize, size: usize): u64 {
  return size < 8 ? load<u64>(at) & (((1 as u64) << ((size as u64) << 3)) - 1) : load<u64>(at)
}

export function sameBytes(one: usize, other: usize, size: usize): bool {
  const last = one + size
  while (one + 8 <= last) {
    if (load<u64>(one) != load<u64>(other)) return false
    one += 8
    other += 8
  }
  const rest = last - one
  return rest == 0 || bytesAt(one, rest) == bytesAt(other, rest)
}
