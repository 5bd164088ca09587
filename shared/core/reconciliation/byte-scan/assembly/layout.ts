import { Room } from './memory'
import { Slot, slotOf, spare } from './row-slots'

/** How a file is written, and which of its columns are fields of the comparison. */
@unmanaged
export class Layout {
  delimiter: i32 = 0
  /** -1 where nothing is quoted. */
  quote: i32 = 0
  escape: i32 = 0
  /** What nothing between two delimiters means. */
  empty: i32 = 0
  /** An apostrophe in front may have to go. */
  unescape: bool = false
  /** Unquoted, it means null. */
  nullText: usize = 0
  nullSize: usize = 0
  width: i32 = 0
  /** The slot of each column. */
  columns: usize = 0

  slot(column: i32): Slot {
    return column < this.width ? load<Slot>(this.columns + (column << 2)) : spare
  }
}

/** @returns the layout, by which others refer to it */
export function newLayout(
  delimiter: i32,
  quote: i32,
  escape: i32,
  empty: i32,
  unescape: bool,
  width: i32,
): usize {
  const layout = new Layout()
  layout.delimiter = delimiter
  layout.quote = quote
  layout.escape = escape
  layout.empty = empty
  layout.unescape = unescape
  layout.width = width
  layout.columns = heap.alloc(width << 2)
  for (let column = 0; column < width; column++) setSlot(layout, column, spare)
  return changetype<usize>(layout)
}

export function setColumn(layout: usize, column: i32, field: i32): void {
  setSlot(changetype<Layout>(layout), column, slotOf(field))
}

/** @param from its bytes, which are copied */
export function setNullText(layout: usize, from: usize, size: usize): void {
  const text = new Room()
  text.reserve(size)
  memory.copy(text.at, from, size)
  changetype<Layout>(layout).nullText = text.at
  changetype<Layout>(layout).nullSize = size
}

function setSlot(layout: Layout, column: i32, slot: Slot): void {
  store<Slot>(layout.columns + (column << 2), slot)
}
