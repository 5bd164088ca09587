import { Cut, Kind } from '../walk-plan'
import { two } from './instant-bytes'
import { avalanche, mix, mixBytes } from './hash'
import { Room } from './memory'
import { Slot, slotOf } from './row-slots'

const DAYS: StaticArray<i32> = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MINUS: i32 = 45
const T: i32 = 84
const Z: i32 = 90

/** A dimension, and where what the row at hand is grouped by stands. */
@unmanaged
export class GroupPart {
  slot: Slot = changetype<Slot>(0)
  cut: i32 = Cut.none
  /** Characters that are left of a text that is cut. */
  length: i32 = 0
  kind: i32 = 0
  from: usize = 0
  to: usize = 0
}

const SIZE: i32 = offsetof<GroupPart>() as i32
const parts = new Room()
export let groupParts: i32 = 0
/** Of the group where the row at hand belongs. */
export let groupHash: u32 = 0

/** @param cut one of `Cut` */
export function addDimension(field: i32, cut: i32, length: i32): void {
  parts.reserve((groupParts + 1) * SIZE)
  const part = groupPart(groupParts++)
  part.slot = slotOf(field)
  part.cut = cut
  part.length = length
}

export function groupPart(at: i32): GroupPart {
  return changetype<GroupPart>(parts.at + at * SIZE)
}

/**
 * Finds where the group of the row stands. Derived dimensions are cut off where it is sure that `dimension.ts` does the
 * same, so that there are as many groups as people see, and not one for each value.
 *
 * @returns false where the record has to be looked at
 */
export function standGroup(): bool {
  let hash: u64 = 0
  for (let i = 0; i < groupParts; i++) {
    const part = groupPart(i)
    const slot = part.slot
    const kind = slot.kind
    const from = slot.from
    let to = slot.to
    if (part.cut == Cut.none || kind <= Kind.null || from == to) hash = mix(hash, slot.hash)
    else {
      to = kind == Kind.text ? cutAt(part, from, to) : 0
      if (to == 0) return false
      hash = mixBytes(mix(hash, to - from), from, to - from)
    }
    part.kind = kind
    part.from = from
    part.to = to
  }
  groupHash = avalanche(hash) as u32
  return true
}

/** Where the part of a value ends that it is grouped by; 0 where that is not sure. */
function cutAt(part: GroupPart, from: usize, to: usize): usize {
  if (part.cut == Cut.first) return prefix(from, to, part.length)
  return part.cut == Cut.date ? date(from, to, part.length) : 0
}

function prefix(from: usize, to: usize, length: i32): usize {
  if (to - from >= 20 && load<u8>(from + 10) == T) return 0
  const end = min(to, from + length)
  for (let at = from; at < end; at++) if (load<u8>(at) > 126) return 0
  return end
}

/** Where year, month or day end in a date, or in a date-time in UTC that is surely one of that day. */
function date(from: usize, to: usize, length: i32): usize {
  const size = to - from
  if (size < 10 || load<u8>(from + 4) != MINUS || load<u8>(from + 7) != MINUS) return 0
  const month = two(from + 5)
  const day = two(from + 8)
  if (two(from) < 0 || two(from + 2) < 0 || month < 0 || day < 0) return 0
  if (size > 10 && load<u8>(from + 10) == T) {
    if (load<u8>(to - 1) != Z || size < 20 || two(from) < 1) return 0
    if (month < 1 || month > 12 || day > DAYS[month - 1]) return 0
    if (two(from + 11) >= 24 || two(from + 14) >= 60 || two(from + 17) >= 60) return 0
  }
  return from + length
}
