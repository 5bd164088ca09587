/** Items that take a few milliseconds. */
const TURN = 500

/** Looks at each of many items, and gives others a turn in between. */
export async function inTurns<T>(
  items: Iterable<T>,
  turn: () => Promise<void>,
  each: (item: T) => void,
): Promise<void> {
  let done = 0
  for (const item of items) {
    each(item)
    if (++done % TURN === 0) await turn()
  }
}
