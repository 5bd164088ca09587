import { Kind, Work } from '../walk-plan'
import { Layout } from './layout'
import { Room, sameBytes } from './memory'
import { Slot, clearSlots, spare } from './row-slots'

const LF: i32 = 10
const CR: i32 = 13
const APOSTROPHE: i32 = 39

/** What a row turned out to be. */
export enum RowState {
  /** Its fields stand in the slots. */
  plain,
  /** A value has to be looked at as a record has it. */
  odd,
  /** Not a record. */
  malformed,
  /** Nothing: an empty line. */
  blank,
}

export let state: i32 = RowState.plain
/** Line breaks inside the quoted fields of the row. */
export let breaks: i32 = 0
/** Bytes that are filled. After them comes a line end, which stops every loop. */
export let end: usize = 0
/** Whether nothing comes after `end`. */
let last: bool = false
let layout: Layout = changetype<Layout>(0)
/** Whether any of the rows is more than ASCII. */
let wide: i32 = 0
/** Fields of the row without the signs that escape others. */
const unescaped = new Room()
let unescapedEnd: usize = 0
/** Whether something is escaped in the quoted field at hand. */
let escapes: bool = false

const block = new Room()

/** @returns where a block of so many bytes stands; its bytes are kept when it grows */
export function blockOf(size: usize): usize {
  block.reserve(size)
  return block.at
}

/** From here on rows are written in this way. */
export function useLayout(next: usize): void {
  layout = changetype<Layout>(next)
  clearSlots()
}

/** The bytes of the next rows. @param isLast whether nothing comes after them */
export function loadRows(from: usize, to: usize, isLast: bool): void {
  end = to
  last = isLast
  store<u8>(to, LF)
  // no row is longer, so what was unescaped of one never moves
  unescaped.reserve(to - from)
}

/** Whether rows since the last call were more than ASCII. */
export function takeWide(): bool {
  const was = wide != 0
  wide = 0
  return was
}

/**
 * Walks over a CSV row by the rules of `format/csv-split.ts`, and leaves in the slots what the fields of the comparison
 * are.
 *
 * @returns where the next row begins; 0 when this one does not end in these bytes
 */
export function walkRow(from: usize): usize {
  const delimiter = layout.delimiter
  const quote = layout.quote
  const width = layout.width
  state = RowState.plain
  breaks = 0
  unescapedEnd = unescaped.at
  let at = from
  let column = 0
  while (true) {
    const slot = layout.slot(column++)
    const sign = load<u8>(at) as i32
    if (sign == quote) {
      at = quoted(slot, at + 1)
      if (at == 0) return last ? malformed(end) : 0
    } else at = unquoted(slot, at)
    const stop = load<u8>(at) as i32
    if (stop == delimiter) {
      at++
      continue
    }
    if (stop != LF && stop != CR) return misplaced(at)
    if (column != width) state = column == 1 && at == from ? RowState.blank : RowState.malformed
    return afterBreak(at)
  }
}

/** Where the next row begins after a line end or the end; 0 when these bytes cannot tell. */
function afterBreak(at: usize): usize {
  if (at >= end) return last ? end : 0
  if (load<u8>(at) != CR) return at + 1
  if (at + 1 == end) return last ? end : 0
  return load<u8>(at + 1) == LF ? at + 2 : at + 1
}

function malformed(next: usize): usize {
  state = RowState.malformed
  wide = 1
  return next
}

/** Text after a closing quote: the row ends at the next line end, whatever quotes are in between. */
function misplaced(from: usize): usize {
  let at = from
  while (at < end && load<u8>(at) != LF && load<u8>(at) != CR) at++
  const next = afterBreak(at)
  return next == 0 ? 0 : malformed(next)
}

/** @returns where the field ends, after its closing quote; 0 when that is not in these bytes */
function quoted(slot: Slot, from: usize): usize {
  const close = closingQuote(from)
  if (close == 0) return 0
  if (!escapes) text(slot, from, close)
  else if (slot != spare) unescape(slot, from, close)
  return close + 1
}

/** 0 when it is not in these bytes, or when what comes after it is not. */
function closingQuote(from: usize): usize {
  const quote = layout.quote
  const escape = layout.escape
  const doubled = escape == quote
  escapes = false
  for (let at = from; at < end; at++) {
    const sign = load<u8>(at) as i32
    wide |= sign & 0x80
    if (sign == quote) {
      if (!doubled) return at
      if (at + 1 >= end) return last ? at : 0
      if (load<u8>(at + 1) != quote) return at
      escapes = true
      at++
    } else {
      if (sign == escape) {
        escapes = true
        at++
      }
      const after = load<u8>(at) as i32
      wide |= after & 0x80
      if (after == LF || (after == CR && load<u8>(at + 1) != LF)) breaks++
    }
  }
  return 0
}

/** The field without the signs that escape others. */
function unescape(slot: Slot, from: usize, to: usize): void {
  const escape = layout.escape
  const start = unescapedEnd
  let out = start
  for (let at = from; at < to; at++) {
    if (load<u8>(at) == escape) at++
    store<u8>(out++, load<u8>(at))
  }
  unescapedEnd = out
  text(slot, start, out)
}

/** @returns where the field ends */
function unquoted(slot: Slot, from: usize): usize {
  if ((slot.work & Work.number) != 0 && layout.nullSize == 0) {
    const digits = slot.digitsAt(from, end)
    if (digits != 0 && endsField(digits)) {
      slot.from = from
      slot.to = digits
      number(slot)
      return digits
    }
  }
  const to = endOfField(from)
  if (from == to && layout.empty != Kind.text) slot.nothing(layout.empty)
  else if (isNullText(from, to)) slot.nothing(Kind.null)
  else text(slot, from, to)
  return to
}

function isNullText(from: usize, to: usize): bool {
  const size = layout.nullSize
  return size != 0 && to - from == size && sameBytes(from, layout.nullText, size)
}

/** Whether a field that is not quoted ends before this byte. */
function endsField(at: usize): bool {
  const sign = load<u8>(at) as i32
  return sign == layout.delimiter || sign == LF || sign == CR
}

/** The first delimiter or line end, 16 bytes at a time. */
function endOfField(from: usize): usize {
  const delimiters = i8x16.splat(layout.delimiter as i8)
  let at = from
  while (true) {
    const signs = v128.load(at)
    wide |= i8x16.bitmask(signs)
    const marks = i8x16.bitmask(
      v128.or(
        i8x16.eq(signs, delimiters),
        v128.or(i8x16.eq(signs, i8x16.splat(LF as i8)), i8x16.eq(signs, i8x16.splat(CR as i8))),
      ),
    )
    if (marks != 0) return at + ctz(marks)
    at += 16
  }
}

/** What the schema makes of these bytes. */
function text(slot: Slot, from: usize, to: usize): void {
  const work = slot.work
  slot.from = from
  slot.to = to
  slot.kind = Kind.text
  if (layout.unescape && slot != spare && from < to && load<u8>(from) == APOSTROPHE) state = RowState.odd
  if (work == 0) return
  if ((work & Work.number) != 0) {
    if (slot.digitsAt(from, to) == to) number(slot)
    else state = RowState.odd
  } else if ((work & Work.boolean) != 0) boolean(slot)
  else {
    if ((work & Work.hashed) != 0) slot.text(from, to)
    if ((work & Work.measure) != 0) numberInText(slot)
  }
}

/** After its digits were read. */
function number(slot: Slot): void {
  // a fraction stays a text where an integer is expected; as a measure it is a number all the same
  if ((slot.work & Work.integer) != 0 && slot.scale > 0) slot.bytes(Kind.text, slot.from, slot.size)
  else slot.number()
}

function boolean(slot: Slot): void {
  const sign = (load<u8>(slot.from) as i32) - 48
  slot.noNumber()
  if (slot.size == 1 && (sign == 0 || sign == 1)) slot.put(Kind.boolean, sign, 0)
  else state = RowState.odd
}

function numberInText(slot: Slot): void {
  const from = slot.from
  const to = slot.to
  if (from < to && slot.digitsAt(from, to) == to) return
  slot.noNumber()
  const sign = load<u8>(from) as i32
  // + - . 0-9 may begin a number that is written in another way
  if (from < to && sign >= 43 && sign <= 57) state = RowState.odd
}
