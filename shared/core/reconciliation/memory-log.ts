import type { Break, BreakLog, KeptBreak } from './break'
import { compareBreaks } from './break-order'

const PAGE = 1000

/** Breaks in memory, for hosts without a store. */
export class MemoryBreakLog implements BreakLog {
  private breaks: KeptBreak[] = []
  private sorted = true

  add(breaks: readonly Break[]): Promise<void> {
    for (const one of breaks) this.breaks.push({ ...one, id: this.breaks.length + 1 })
    this.sorted = false
    return Promise.resolve()
  }

  async *read(): AsyncGenerator<readonly KeptBreak[]> {
    const breaks = this.inOrder()
    for (let at = 0; at < breaks.length; at += PAGE)
      yield await Promise.resolve(breaks.slice(at, at + PAGE).map((one) => ({ ...one })))
  }

  update(breaks: readonly KeptBreak[]): Promise<void> {
    const changed = new Map(breaks.map((one) => [one.id, one]))
    this.breaks = this.inOrder().map((one) => changed.get(one.id) ?? one)
    return Promise.resolve()
  }

  count(): Promise<number> {
    return Promise.resolve(this.breaks.length)
  }

  private inOrder(): KeptBreak[] {
    if (!this.sorted) this.breaks.sort(compareBreaks)
    this.sorted = true
    return this.breaks
  }
}
