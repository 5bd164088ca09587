/**
 * Asks for the next page while this one is worked on, so that reading and writing overlap. `onPage` runs when a page
 * arrives, before the next is asked for.
 */
export async function* prefetch<T>(pages: AsyncIterable<T>, onPage: (page: T) => void): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]()
  const ask = async (): Promise<IteratorResult<T>> => {
    const result = await iterator.next()
    if (result.done !== true) onPage(result.value)
    return result
  }
  let next = ask()
  try {
    for (;;) {
      const result = await next
      if (result.done === true) return
      next = ask()
      // A fault in the page read ahead is met when its turn comes.
      next.catch(() => undefined)
      yield result.value
    }
  } finally {
    await next.catch(() => undefined)
    await iterator.return?.()
  }
}
