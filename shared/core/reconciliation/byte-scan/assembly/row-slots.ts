import { Kind, Work } from '../walk-plan'
import { instantAt, isPlainInstant, printInstant } from './instant-bytes'
import { avalanche, mix, mixBytes, seedOf } from './hash'
import { Room } from './memory'

const ZERO: i32 = 48
const MINUS: i32 = 45
const POINT: i32 = 46
const MOST_DIGITS: i32 = 15
export const POWERS: StaticArray<i64> = [
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
  1000000000000, 10000000000000, 100000000000000, 1000000000000000,
]
const NO_NUMBER: i32 = -1

/** What a field of the comparison is in the row at hand. */
@unmanaged
export class Slot {
  /** Where its bytes stand. */
  from: usize = 0
  to: usize = 0
  kind: i32 = Kind.absent
  work: i32 = 0
  seed: u64 = 0
  hash: u64 = 0
  /** Number in a measure: its digits as an integer, and how many are after the point; -1 where there is none. */
  digits: i64 = 0
  scale: i32 = NO_NUMBER

  get size(): usize {
    return this.to - this.from
  }

  get hasNumber(): bool {
    return this.scale != NO_NUMBER
  }

  nothing(kind: i32): void {
    this.from = 0
    this.to = 0
    this.scale = NO_NUMBER
    this.put(kind, 0, 0)
  }

  /** Hash and kind by a word and a few bits more. */
  put(kind: i32, word: u64, more: i32): void {
    this.kind = kind
    this.hash = mix(mix(this.seed, word), (more << 3) | kind)
  }

  /** Hash and kind of these bytes. */
  bytes(kind: i32, from: usize, size: usize): void {
    this.kind = kind
    this.hash = mix(mixBytes(this.seed, from, size), ((size as u64) << 3) | kind)
  }

  /** A text; the same hash for all spellings of an instant, where the schema expects one. */
  text(from: usize, to: usize): void {
    if ((this.work & Work.instant) == 0 || isPlainInstant(from, to) || !instantAt(from, to))
      this.bytes(Kind.text, from, to - from)
    else this.bytes(Kind.text, shown, printInstant(from, shown))
  }

  /** After `digitsAt` took all of it. */
  number(): void {
    this.put(Kind.number, this.digits as u64, this.scale)
  }

  /**
   * Whole digits with at most one point, as `exactNumber` takes them for sure: sets digits and scale, without zeros at
   * the end of the decimals. Whatever else may be a number is odd.
   *
   * @returns where they end; 0 where none begins
   */
  digitsAt(from: usize, end: usize): usize {
    const negative = load<u8>(from) == MINUS
    const first = negative ? from + 1 : from
    let at = first
    let value: i64 = 0
    let point: usize = 0
    for (; at < end; at++) {
      const digit = (load<u8>(at) as i32) - ZERO
      if ((digit as u32) <= 9) value = value * 10 + digit
      else if (digit == POINT - ZERO && point == 0 && at > first) point = at
      else break
    }
    const count = ((at - first) as i32) - (point == 0 ? 0 : 1)
    if (count <= 0 || count > MOST_DIGITS || (point != 0 && point == at - 1)) return 0
    const decimals = point == 0 ? 0 : ((at - point - 1) as i32)
    let zeros = 0
    while (zeros < decimals && load<u8>(at - zeros - 1) == ZERO) zeros++
    if (zeros > 0) value /= POWERS[zeros]
    this.digits = negative ? -value : value
    this.scale = decimals - zeros
    return at
  }

  noNumber(): void {
    this.scale = NO_NUMBER
  }
}

/** Where instants are printed. */
const shown: usize = memory.data(64)
const SIZE: i32 = offsetof<Slot>() as i32
const slots = new Room()
let count: i32 = 0
/** For columns that nobody asks for. */
export const spare = new Slot()

/** All fields are added before anything else refers to them. @param work bits of `Work` */
export function addField(work: i32): void {
  slots.reserve((count + 1) * SIZE)
  const slot = slotOf(count)
  slot.work = work
  slot.seed = seedOf(count++)
  slot.nothing(Kind.absent)
}

export function slotOf(field: i32): Slot {
  return changetype<Slot>(slots.at + field * SIZE)
}

/** A field that the file has no column for stays absent. */
export function clearSlots(): void {
  for (let field = 0; field < count; field++) slotOf(field).nothing(Kind.absent)
}

const compared = new Room()
let comparedCount: i32 = 0

export function addCompared(field: i32): void {
  compared.reserve((comparedCount + 1) << 2)
  store<Slot>(compared.at + (comparedCount++ << 2), slotOf(field))
}

/** The hash of the row over its compared fields, in their order. */
export function rowHash(): u64 {
  let hash: u64 = 0
  const end = compared.at + (comparedCount << 2)
  for (let at = compared.at; at < end; at += 4) hash = mix(hash, load<Slot>(at).hash)
  return avalanche(hash)
}

// The value of a record, in place of what stands in the row; bytes are those of `scratch`.

export function putNothing(field: i32, kind: i32): void {
  slotOf(field).nothing(kind)
}

export function putBoolean(field: i32, value: bool): void {
  slotOf(field).put(Kind.boolean, value ? 1 : 0, 0)
}

export function putText(field: i32, from: usize, size: usize): void {
  slotOf(field).text(from, from + size)
}

/** A number in plain notation. */
export function putNumber(field: i32, from: usize, size: usize): void {
  const slot = slotOf(field)
  if (slot.digitsAt(from, from + size) == from + size) slot.number()
  else slot.bytes(Kind.number, from, size)
}

// For who looks at a value.

export function fieldKind(field: i32): i32 {
  return slotOf(field).kind
}

export function fieldFrom(field: i32): usize {
  return slotOf(field).from
}

export function fieldSize(field: i32): usize {
  return slotOf(field).size
}
