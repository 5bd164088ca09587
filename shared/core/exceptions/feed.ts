import { Fault } from '../fault'
import type { EventType, FeedEvent } from '../feed'
import type { Clock } from '../ports'
import { Hasher } from '../record/hash'
import type { ExceptionStore } from './store'

export interface FeedRequest {
  /** The `next` of an earlier page; from the beginning where absent. */
  after?: string | undefined
  workflow?: string | undefined
  type?: EventType | undefined
  limit: number
  /** Milliseconds to wait for something to happen where nothing has yet. */
  wait?: number | undefined
  signal?: AbortSignal | undefined
}

export interface FeedPage {
  events: readonly FeedEvent[]
  /** From here on. Remember it after your own work with the events is done: then each is read at least once. */
  next: string
}

const LOOK_EVERY_MS = 250

/** Everything that happens, in order, for clients that ask instead of being called. */
export class Feed {
  constructor(
    private readonly store: ExceptionStore,
    private readonly clock: Pick<Clock, 'elapsed' | 'sleep'>,
  ) {}

  /** @throws Fault CURSOR_UNKNOWN */
  async read({ after, wait = 0, signal, ...filter }: FeedRequest): Promise<FeedPage> {
    const until = this.clock.elapsed() + wait
    let from = after === undefined ? 0 : await this.idOf(after)
    for (;;) {
      const newest = await this.store.lastEvent()
      const events = newest > from ? await this.store.events({ ...filter, after: from }) : []
      const last = events.at(-1)
      // all before the newest was looked at, and what came since is not lost: it has greater ids
      from = last && events.length >= filter.limit ? last.id : Math.max(newest, last?.id ?? 0, from)
      const left = until - this.clock.elapsed()
      if (events.length > 0 || left <= 0 || signal?.aborted === true) return { events, next: cursorOf(from) }
      await this.clock.sleep(Math.min(LOOK_EVERY_MS, left), signal).catch((error: unknown) => {
        // nobody waits any more: what there is, is the answer
        if (signal?.aborted !== true) throw error
      })
    }
  }

  private async idOf(cursor: string): Promise<number> {
    const id = parse(cursor)
    if (id === undefined || id > (await this.store.lastEvent())) {
      throw new Fault(
        'CURSOR_UNKNOWN',
        'The cursor is not one that this feed gave. Without a cursor the feed begins with the oldest event.',
      )
    }
    return id
  }
}

/** With a checksum, so that a cut or mistyped one is not taken for another place. */
function cursorOf(id: number): string {
  return `e1-${id.toString(36)}-${checksum(id)}`
}

function parse(cursor: string): number | undefined {
  const [, digits = ''] = /^e1-([0-9a-z]{1,11})-/.exec(cursor) ?? []
  const id = parseInt(digits, 36)
  return Number.isSafeInteger(id) && cursor === cursorOf(id) ? id : undefined
}

function checksum(id: number): string {
  return new Hasher()
    .text(`event ${String(id)}`)
    .hex()
    .slice(0, 6)
}
