import { Alike, Kind } from '../walk-plan'
import { Room } from './memory'
import { addKeyPart, beginKey } from './row-entries'
import { Slot, slotOf } from './row-slots'

const ZERO: i32 = 48
const T: i32 = 84
const MINUS: i32 = 45
const POINT: i32 = 46
const SPACE: i32 = 32

/** Whether a row has its key. */
export enum Keyed {
  yes,
  no,
  /** Its text has to be made from the values. */
  byText,
}

@unmanaged
class Part {
  slot: Slot = changetype<Slot>(0)
  /** Bits of `Alike`. */
  alike: i32 = 0
}

const SIZE: i32 = offsetof<Part>() as i32
const parts = new Room()
export let keyParts: i32 = 0
/** A part that is made alike. */
const alike = new Room()

/** @param rule bits of `Alike` */
export function addKeyField(field: i32, rule: i32): void {
  parts.reserve((keyParts + 1) * SIZE)
  const part = partOf(keyParts++)
  part.slot = slotOf(field)
  part.alike = rule
}

/** The key of the row at hand as bytes: the UTF-8 of its parts as `normalise.ts` makes them. */
export function putKey(): Keyed {
  beginKey()
  for (let i = 0; i < keyParts; i++) {
    const part = partOf(i)
    const slot = part.slot
    if (slot.kind <= Kind.null || slot.from == slot.to) return Keyed.no
    if (!isPlain(slot) || (part.alike & Alike.byText) != 0) return Keyed.byText
    if (part.alike == 0) addKeyPart(slot.from, slot.size)
    else if (!addAlike(part)) return Keyed.byText
  }
  return Keyed.yes
}

/** @returns false where it takes more than a look at ASCII bytes, or nothing is left */
function addAlike(part: Part): bool {
  const rule = part.alike
  let from = part.slot.from
  let to = part.slot.to
  if ((rule & Alike.trim) != 0) {
    while (from < to && load<u8>(from) == SPACE) from++
    while (from < to && load<u8>(to - 1) == SPACE) to--
  }
  if ((rule & Alike.stripZeros) != 0) while (from + 1 < to && load<u8>(from) == ZERO) from++
  if (from == to) return false
  alike.reserve(to - from)
  const fold = (rule & Alike.fold) != 0
  for (let at = from; at < to; at++) {
    const sign = load<u8>(at) as i32
    if (sign < 32 || sign > 126) return false
    store<u8>(alike.at + (at - from), fold && sign >= 65 && sign <= 90 ? sign + 32 : sign)
  }
  addKeyPart(alike.at, to - from)
  return true
}

/** Whether the bytes are the text of the value for sure: no instant, no number in another notation. */
function isPlain(slot: Slot): bool {
  const from = slot.from
  const to = slot.to
  if (slot.kind == Kind.text) return to - from < 20 || load<u8>(from + 10) != T
  if (slot.kind != Kind.number) return false
  const first = load<u8>(from) == MINUS ? from + 1 : from
  if (load<u8>(first) == ZERO && (to - first > 1 || first > from)) return false
  for (let at = first; at < to; at++) if (load<u8>(at) == POINT) return false
  return true
}

function partOf(at: i32): Part {
  return changetype<Part>(parts.at + at * SIZE)
}
