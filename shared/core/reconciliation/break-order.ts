import { Hasher } from '../record/hash'
import type { Break } from './break'

const hasher = new Hasher()

type Placed = Pick<Break, 'key' | 'kind'>

/** The order in which breaks are kept, read and signed: by key, then kind, each by code point as SQLite compares. */
export function compareBreaks(one: Placed, other: Placed): number {
  return compareTexts(one.key, other.key) || compareTexts(one.kind, other.kind)
}

/** Orders breaks of one key and kind, whatever order they were found in. @param body the break as JSON, as it was found */
export function breakPrint(body: string): number {
  return hasher.text(body).a >>> 0
}

/** `<` compares UTF-16 units, which puts characters beyond U+FFFF before those from U+E000 on. */
function compareTexts(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at++) {
    const difference = rank(one.charCodeAt(at)) - rank(other.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}
