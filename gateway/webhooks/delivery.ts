import type { FeedEvent } from '../../shared/core/feed'
import type { Tenant } from '../tenant'
import { Fault } from '../../shared/core/fault'
import { NoAnswer, send, type Sent } from './send'
import { signatureHeaders } from './signature'
import type { WebhookRow, Webhooks } from './webhooks'

/** After each failed attempt; the last one is repeated until it has failed for `GIVE_UP_MS`. */
const WAITS_MS = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000]
const LONGEST_WAIT_MS = 36_000_000
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
  /** Those that something is being sent to. */
  private readonly busy = new Set<string>()

  constructor(private readonly parts: DeliveryParts) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.look()
    }, this.parts.lookEveryMs ?? LOOK_EVERY_MS)
    this.timer.unref()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  /** Each is sent to on its own: one that is slow holds up no other. */
  private look(): void {
    const { webhooks, now } = this.parts
    for (const row of webhooks.rows()) {
      if (row.state === 'off' || row.nextAt > now() || this.busy.has(row.id)) continue
      this.busy.add(row.id)
      void this.deliver(row)
        // what went wrong here is tried again at the next look
        .catch(() => undefined)
        .finally(() => this.busy.delete(row.id))
    }
    if (!this.stopped) this.start()
  }

  /** Everything that is there for one webhook, until one event does not get through. */
  private async deliver(row: WebhookRow): Promise<void> {
    const { tenant: tenantOf, webhooks } = this.parts
    const tenant = await tenantOf(row.tenant)
    let kept = row
    for (;;) {
      const events = await tenant.store.inbox.events({ after: kept.delivered, limit: PAGE })
      let current = kept
      for (const event of events) {
        const wanted = wants(kept, event)
        current = wanted ? await this.post(current, event) : { ...current, delivered: event.id }
        if (!wanted) continue
        if (!webhooks.save(kept, current) || current.delivered !== event.id || this.stopped) return
        kept = current
      }
      if (current !== kept && !webhooks.save(kept, current)) return
      kept = current
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
    try {
      const sent = await send(row.url, headers, body, allowedHosts)
      if (sent.status >= 200 && sent.status < 300) return delivered(row, event, at)
      return failed(row, at, `answered ${String(sent.status)}`, sent)
    } catch (error) {
      if (error instanceof NoAnswer) return failed(row, at, error.message)
      if (error instanceof Fault) return failed(row, at, error.detail)
      throw error
    }
  }
}

function wants({ types, workflows }: WebhookRow, { type, workflow }: FeedEvent): boolean {
  return (types.length === 0 || types.includes(type)) && (workflows?.includes(workflow) ?? true)
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
  delete next.lastFailure
  return next
}

function failed(
  row: WebhookRow,
  at: number,
  reason: string,
  { status, retryAfterMs }: Partial<Sent> = {},
): WebhookRow {
  const failingSince = row.failingSince ?? at
  const over = status === GONE || at - failingSince > GIVE_UP_MS
  const wait = retryAfterMs ?? WAITS_MS[Math.min(row.failures, WAITS_MS.length - 1)] ?? 0
  // a page of a proxy may say a year; until then nobody would see that it gives up
  return {
    ...row,
    state: over ? 'off' : 'failing',
    failures: row.failures + 1,
    failingSince,
    nextAt: at + Math.min(wait, LONGEST_WAIT_MS),
    lastFailure: { at, reason },
  }
}
