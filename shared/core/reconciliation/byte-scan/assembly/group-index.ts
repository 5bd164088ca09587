import { Room, sameBytes } from './memory'
import { GroupPart, groupHash, groupPart, groupParts } from './row-group'

const FIRST_SLOTS: i32 = 256

/**
 * Groups by number, in the order in which they are met. Open addressing over 32-bit hashes; every hit is verified by the
 * bytes where they stand, so that a row whose group is known costs no copy.
 */
let size: i32 = 0
/** Numbers from 1. */
const slots = new Room()
let mask: u32 = 0
/** By group: its hash, and where its text begins. */
const groups = new Room()
/** All groups one after the other: of each part size and kind in a word, then its bytes. */
const texts = new Room()
let textsEnd: usize = 0

export function groupCount(): i32 {
  return size
}

/** Where the text of a group stands; it has a part for each dimension. */
export function groupText(group: i32): usize {
  return texts.at + load<u32>(groups.at + (group << 3) + 4)
}

/** The number of the group of the row at hand. */
export function groupNumber(): i32 {
  if (size << 1 >= (mask as i32)) grow()
  const hash = groupHash
  let slot = hash & mask
  while (true) {
    const number = load<i32>(slots.at + (slot << 2)) - 1
    if (number < 0) break
    if (load<u32>(groups.at + (number << 3)) == hash && standsAt(groupText(number))) return number
    slot = (slot + 1) & mask
  }
  store<i32>(slots.at + (slot << 2), size + 1)
  return append(hash)
}

function append(hash: u32): i32 {
  const number = size++
  groups.reserve(size << 3)
  store<u32>(groups.at + (number << 3), hash)
  store<u32>(groups.at + (number << 3) + 4, textsEnd)
  for (let i = 0; i < groupParts; i++) {
    const part = groupPart(i)
    const bytes = part.to - part.from
    texts.reserve(textsEnd + bytes + 4)
    store<u32>(texts.at + textsEnd, headOf(part))
    memory.copy(texts.at + textsEnd + 4, part.from, bytes)
    textsEnd += bytes + 4
  }
  return number
}

/** Whether the text there is of the parts of the row at hand. */
function standsAt(text: usize): bool {
  let at = text
  for (let i = 0; i < groupParts; i++) {
    const part = groupPart(i)
    const bytes = part.to - part.from
    if (load<u32>(at) != headOf(part)) return false
    at += 4
    if (!sameBytes(at, part.from, bytes)) return false
    at += bytes
  }
  return true
}

/** Size and kind of a part. */
function headOf(part: GroupPart): u32 {
  return (((part.to - part.from) as u32) << 3) | part.kind
}

function grow(): void {
  const count: u32 = mask == 0 ? FIRST_SLOTS : (mask + 1) << 1
  slots.drop()
  slots.reserveZeroed(count << 2)
  mask = count - 1
  for (let number = 0; number < size; number++) {
    let slot = load<u32>(groups.at + (number << 3)) & mask
    while (load<u32>(slots.at + (slot << 2)) != 0) slot = (slot + 1) & mask
    store<i32>(slots.at + (slot << 2), number + 1)
  }
}
