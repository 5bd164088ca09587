import { isEventType, type EventType } from '../../shared/core/feed'
import { Fault } from '../../shared/core/fault'
import type { Keep } from '../../shared/core/keep'
import type { Value } from '../../shared/core/record/value'
import { isList } from '../../shared/core/record/value'
import type { Answers } from '../../shared/adapters/store/answers'
import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import { invalid } from '../refused-body'
import { checkedAddress } from '../security/public-address'
import type { Vault } from '../vault'
import { newSecret } from './signature'

/** Of a webhook, as `Webhook` of the contract shows it. */
export interface WebhookView {
  id: string
  url: string
  types: readonly EventType[]
  state: WebhookState
  secret?: string
  lastDelivered?: string
  undelivered: number
}

export type WebhookState = 'active' | 'failing' | 'off'

export interface WebhookRow {
  id: string
  tenant: string
  url: string
  types: readonly EventType[]
  state: WebhookState
  /** Id of the last event that was delivered or passed over. */
  delivered: number
  lastDelivered?: number
  /** Failed attempts at the next event, when the first of them was, and when the next is due. */
  failures: number
  failingSince?: number
  nextAt: number
}

export interface WebhooksParts {
  sql: Sql
  answers: Answers
  vault: Vault
  /** Hosts that may be called although they are private, by name and port. */
  allowedHosts: readonly string[]
  newId: () => string
  /** Of a tenant: the id of its newest event, and the last one before a time. */
  newest: (tenant: string) => Promise<number>
  before: (tenant: string, at: number) => Promise<number>
}

/** Addresses that events are sent to. Their secrets are sealed at rest. */
export class Webhooks {
  constructor(private readonly parts: WebhooksParts) {}

  /** Without secrets. */
  of(tenant: string): WebhookView[] {
    return this.rows(tenant).map((row) => view(row))
  }

  /** From the next event on. @throws Fault ADDRESS_REFUSED, BODY_INVALID */
  async create(
    tenant: string,
    { url, types }: { url: string; types: Value },
    keep?: Keep<WebhookView>,
  ): Promise<WebhookView> {
    const { allowedHosts, newId, newest } = this.parts
    await checkedAddress(url, allowedHosts)
    const secret = newSecret()
    const row: WebhookRow = {
      id: `wh_${newId().slice(0, 16)}`,
      tenant,
      url,
      types: typesOf(types),
      state: 'active',
      delivered: await newest(tenant),
      failures: 0,
      nextAt: 0,
    }
    return this.keeping(keep, () => {
      this.parts.vault.put(secretName(row), secret)
      this.save(row)
      return { ...view(row), secret }
    })
  }

  remove(tenant: string, id: string): void {
    const row = this.one(tenant, id)
    this.parts.sql.of('DELETE FROM webhook WHERE id = ?').run(id)
    this.parts.vault.remove(secretName(row))
  }

  /** Sends again what came after a time. @throws Fault WEBHOOK_UNKNOWN */
  async recover(tenant: string, id: string, since: number, keep?: Keep<WebhookView>): Promise<WebhookView> {
    const last = await this.parts.before(tenant, since)
    return this.keeping(keep, () => {
      const row = this.one(tenant, id)
      const delivered = Math.min(row.delivered, last)
      const recovered: WebhookRow = { ...row, delivered, state: 'active', failures: 0, nextAt: 0 }
      delete recovered.failingSince
      this.save(recovered)
      return view(recovered)
    })
  }

  rows(tenant?: string): WebhookRow[] {
    const rows =
      tenant === undefined
        ? this.parts.sql.of('SELECT body FROM webhook ORDER BY id').all()
        : this.parts.sql.of('SELECT body FROM webhook WHERE tenant = ? ORDER BY id').all(tenant)
    return rows.map(({ body }) => saved(body, isRow))
  }

  save(row: WebhookRow): void {
    const body = JSON.stringify(row)
    this.parts.sql
      .of('INSERT OR REPLACE INTO webhook (id, tenant, body) VALUES (?, ?, ?)')
      .run(row.id, row.tenant, body)
  }

  /** What its messages are signed with. */
  secretOf(row: WebhookRow): string {
    return this.parts.vault.get(secretName(row)) ?? ''
  }

  /** The effect with its answer. */
  private keeping(keep: Keep<WebhookView> | undefined, effect: () => WebhookView): Promise<WebhookView> {
    const { sql, answers } = this.parts
    return sql.transaction(() => {
      const done = effect()
      answers.keep(keep, done)
      return done
    })
  }

  private one(tenant: string, id: string): WebhookRow {
    const row = this.rows(tenant).find((one) => one.id === id)
    if (!row) throw new Fault('WEBHOOK_UNKNOWN', `There is no webhook ${id} here.`, { webhook: id })
    return row
  }
}

function secretName({ tenant, id }: WebhookRow): string {
  return `webhook/${tenant}/${id}`
}

function isRow(value: unknown): value is WebhookRow {
  return typeof value === 'object' && value !== null && 'url' in value && 'delivered' in value
}

/** @throws Fault BODY_INVALID */
function typesOf(types: Value): EventType[] {
  if (!isList(types)) throw invalid('#/types', 'must be a list')
  return types.map((type, i) => {
    if (isEventType(type)) return type
    throw invalid(`#/types/${String(i)}`, `there is no event ${JSON.stringify(type)}`)
  })
}

function view({ id, url, types, state, lastDelivered, failures }: WebhookRow): WebhookView {
  return {
    id,
    url,
    types,
    state,
    ...(lastDelivered === undefined ? {} : { lastDelivered: new Date(lastDelivered).toISOString() }),
    undelivered: failures > 0 ? 1 : 0,
  }
}
