import type { FeedEvent } from '../../shared/core/feed'
import type { Tenant } from '../tenant'
import { send, type Sent } from './send'
import { signatureHeaders } from './signature'
import type { WebhookRow, Webhooks } from './webhooks'

/** After each failed attempt; the last one is repeated until it has failed for `GIVE_UP_MS`. */
const WAITS_MS = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000]
const GIVE_UP_MS = 5 * 86_400_000
const LOOK_EVERY_MS = 1000
const PAGE = 100
/** The other side wants no more. */
const GONE = 410

export interface DeliveryParts {
  webhooks: Webhooks
  tenant: (id: string) => Promise<Tenant>
  allowedHosts: readonly string[]
  now: () => number
  lookEveryMs?: number | undefined
}

/** Sends the events of tenants to their webhooks: each in order, at least once, for days. */
export class Delivery {
  private timer: NodeJS.Timeout | undefined
  private stopped = false

  constructor(private readonly parts: DeliveryParts) {}

  start(): void {
    this.timer = setTimeout(() => void this.round(), this.parts.lookEveryMs ?? LOOK_EVERY_MS)
    this.timer.unref()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private async round(): Promise<void> {
    const due = this.parts.webhooks
      .rows()
      .filter((row) => row.state !== 'off' && row.nextAt <= this.parts.now())
    await Promise.allSettled(due.map((row) => this.deliver(row)))
    if (!this.stopped) this.start()
  }

  /** Everything that is there for one webhook, until one event does not get through. */
  async deliver(row: WebhookRow): Promise<void> {
    const tenant = await this.parts.tenant(row.tenant)
    let current = row
    for (;;) {
      const events = await tenant.store.inbox.events({ after: current.delivered, limit: PAGE })
      for (const event of events) {
        const wanted = current.types.length === 0 || current.types.includes(event.type)
        current = wanted ? await this.post(current, event) : { ...current, delivered: event.id }
        if (current.delivered !== event.id) return
      }
      if (events.length > 0) this.parts.webhooks.save(current)
      if (events.length < PAGE) return
    }
  }

  private async post(row: WebhookRow, event: FeedEvent): Promise<WebhookRow> {
    const { now, allowedHosts, webhooks } = this.parts
    const at = now()
    const body = JSON.stringify({
      type: event.type,
      timestamp: new Date(event.at).toISOString(),
      data: { ...event, at: new Date(event.at).toISOString() },
    })
    const id = `msg_${row.id}_${String(event.id)}`
    const headers = signatureHeaders({ id, timestamp: Math.floor(at / 1000), body }, webhooks.secretOf(row))
    const sent = await send(row.url, headers, body, allowedHosts).catch((): Sent => ({ status: 0 }))
    const next = sent.status >= 200 && sent.status < 300 ? delivered(row, event, at) : failed(row, sent, at)
    webhooks.save(next)
    return next
  }
}

function delivered(row: WebhookRow, event: FeedEvent, at: number): WebhookRow {
  const next: WebhookRow = {
    ...row,
    state: 'active',
    delivered: event.id,
    lastDelivered: at,
    failures: 0,
    nextAt: 0,
  }
  delete next.failingSince
  return next
}

function failed(row: WebhookRow, { status, retryAfterMs }: Sent, at: number): WebhookRow {
  const failingSince = row.failingSince ?? at
  const over = status === GONE || at - failingSince > GIVE_UP_MS
  const wait = retryAfterMs ?? WAITS_MS[Math.min(row.failures, WAITS_MS.length - 1)] ?? 0
  return {
    ...row,
    state: over ? 'off' : 'failing',
    failures: row.failures + 1,
    failingSince,
    nextAt: at + wait,
  }
}
