import type { AnswerPage } from './answer'
import type { Paging, Token } from './paging'

export interface Fetched extends AnswerPage {
  headers: Readonly<Record<string, string>>
  /** Beyond the last page, by the status that the paging declares for it. */
  beyond: boolean
}

/** Asks for numbered pages before they are needed: waiting for one answer after the other decides the speed. */
export class ReadAhead {
  private readonly waiting: { name: string; page: Promise<Fetched> }[] = []
  private readonly controller = new AbortController()
  private readonly signal: AbortSignal
  /** The first page is awaited alone: most listings are short. */
  private depth = 1

  constructor(
    private readonly fetch: (token: Token, signal: AbortSignal) => Promise<Fetched>,
    private readonly paging: Paging,
    private readonly most: number,
    outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([outer, this.controller.signal])
  }

  async take(token: Token): Promise<Fetched> {
    const name = JSON.stringify(token)
    // A page of another length than usual moves all offsets after it: what was guessed is dropped.
    if (this.waiting[0]?.name !== name) this.waiting.length = 0
    let following = token
    const { guess } = this.paging
    for (let index = 0; index < (guess === undefined ? 1 : this.depth); index++) {
      if (index >= this.waiting.length) this.ask(following)
      if (guess !== undefined) following = guess(following)
    }
    this.depth = this.most
    const head = this.waiting.shift()
    return head === undefined ? await this.fetch(token, this.signal) : await head.page
  }

  close(): void {
    this.controller.abort()
  }

  private ask(token: Token): void {
    const page = this.fetch(token, this.signal)
    // A page beyond the end may fail; that matters only if somebody takes it.
    page.catch(() => undefined)
    this.waiting.push({ name: JSON.stringify(token), page })
  }
}
