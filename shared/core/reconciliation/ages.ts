import type { BreakKind, BreakLog, KeptBreak } from './break'
import { compareBreaks } from './break-order'

export interface Age {
  kind: BreakKind
  key: string
  /** Milliseconds since 1970. */
  firstSeen: number
}

/**
 * Gives the breaks that an earlier reconciliation found their age. Both come in the order of breaks, so that neither
 * is held whole.
 * @returns when the oldest open break was first found; undefined when none is older than this reconciliation
 */
export async function carryAges(
  log: BreakLog,
  ages: AsyncIterable<readonly Age[]>,
): Promise<number | undefined> {
  const earlier = new Walk(ages)
  if ((await earlier.current()) === undefined) return undefined
  let oldest: number | undefined
  for await (const page of log.read()) {
    const aged: KeptBreak[] = []
    for (const one of page) {
      const firstSeen = await earlier.find(one)
      if (firstSeen === undefined) continue
      one.firstSeen = firstSeen
      aged.push(one)
      if (one.state === 'open' && firstSeen < (oldest ?? Infinity)) oldest = firstSeen
    }
    if (aged.length > 0) await log.update(aged)
  }
  return oldest
}

class Walk {
  private readonly pages: AsyncIterator<readonly Age[]>
  private page: readonly Age[] = []
  private at = 0

  constructor(ages: AsyncIterable<readonly Age[]>) {
    this.pages = ages[Symbol.asyncIterator]()
  }

  /** Asked in the order of breaks. */
  async find(one: KeptBreak): Promise<number | undefined> {
    for (let age = await this.current(); age; age = await this.current()) {
      const order = compareBreaks(age, one)
      if (order === 0) return age.firstSeen
      if (order > 0) return undefined
      this.at++
    }
    return undefined
  }

  async current(): Promise<Age | undefined> {
    while (this.at >= this.page.length) {
      const next = await this.pages.next()
      if (next.done === true) return undefined
      this.page = next.value
      this.at = 0
    }
    return this.page[this.at]
  }
}
