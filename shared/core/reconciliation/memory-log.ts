import type { Break, BreakLog, KeptBreak } from './break'
import { breakPrint, compareBreaks } from './break-order'

const PAGE = 250

/** Breaks in memory, for hosts without a store. */
export class MemoryBreakLog implements BreakLog {
  private breaks: KeptBreak[] = []
  private sorted = true
  /** By id. */
  private places = new Map<number, number>()
  private readonly prints = new Map<number, number>()

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
    const all = this.inOrder()
    for (const one of breaks) {
      const place = this.places.get(one.id)
      if (place !== undefined) all[place] = one
    }
    return Promise.resolve()
  }

  count(): Promise<number> {
    return Promise.resolve(this.breaks.length)
  }

  /** Asked only of breaks that have key and kind in common. */
  private print(one: KeptBreak): number {
    const known = this.prints.get(one.id)
    if (known !== undefined) return known
    const print = breakPrint(JSON.stringify({ ...one, id: undefined }))
    this.prints.set(one.id, print)
    return print
  }

  private inOrder(): KeptBreak[] {
    if (this.sorted) return this.breaks
    this.breaks.sort((one, other) => compareBreaks(one, other) || this.print(one) - this.print(other))
    this.places = new Map(this.breaks.map(({ id }, place) => [id, place]))
    this.sorted = true
    return this.breaks
  }
}
