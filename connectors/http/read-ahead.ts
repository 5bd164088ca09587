import type { Reply } from './api'
import type { Paging, Token } from './paging'

/** Asks for numbered pages before they are needed: waiting for one answer after the other decides the speed. */
export class ReadAhead {
  private readonly waiting: { name: string; page: Promise<Reply> }[] = []
  private readonly controller = new AbortController()
  private readonly stop = () => {
    this.controller.abort(this.outer.reason)
  }
  /** The first page is awaited alone: most listings are short. */
  private depth = 1

  constructor(
    private readonly fetch: (token: Token, signal: AbortSignal) => Promise<Reply>,
    private readonly paging: Paging,
    private readonly most: number,
    private readonly outer: AbortSignal,
  ) {
    if (outer.aborted) this.stop()
    else outer.addEventListener('abort', this.stop, { once: true })
  }

  async take(token: Token): Promise<Reply> {
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
    return head === undefined ? await this.fetch(token, this.controller.signal) : await head.page
  }

  close(): void {
    this.outer.removeEventListener('abort', this.stop)
    this.controller.abort()
  }

  private ask(token: Token): void {
    const page = this.fetch(token, this.controller.signal)
    // A page beyond the end may fail; that matters only if somebody takes it.
    page.catch(() => undefined)
    this.waiting.push({ name: JSON.stringify(token), page })
  }
}
