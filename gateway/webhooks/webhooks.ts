import { isEventType, type EventType } from '../../shared/core/feed'
import { Fault } from '../../shared/core/fault'
import type { Keep } from '../../shared/core/keep'
import type { Value } from '../../shared/core/record/value'
import { isList } from '../../shared/core/record/value'
import type { Answers } from '../../shared/adapters/store/answers'
import { saved } from '../../shared/adapters/store/saved'
import type { Sql } from '../../shared/adapters/store/sql'
import type { Caller } from '../call'
import { invalid } from '../refused-body'
import { checkedAddress } from '../security/public-address'
import type { Tenant } from '../tenant'
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
  lastFailure?: { at: string; reason: string }
  undelivered: number
}

export type WebhookState = 'active' | 'failing' | 'off'

export interface WebhookRow {
  id: string
  tenant: string
  url: string
  types: readonly EventType[]
  state: WebhookState
  /** Those that its maker could see; absent: all. */
  workflows?: readonly string[]
  /** Id of the last event that was delivered or passed over. */
  delivered: number
  lastDelivered?: number
  /** Failed attempts at the next event, when the first of them was, and when the next is due. */
  failures: number
  failingSince?: number
  nextAt: number
  lastFailure?: { at: number; reason: string }
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
  /** How many events one is still to be sent. */
  waiting: (row: WebhookRow) => Promise<number>
}

/** Whose webhooks: of its tenant, those that tell no more than it may see. */
export type Owner = Pick<Caller, 'workflows'> & { tenant: Pick<Tenant, 'id'> }

/** Addresses that events are sent to. Their secrets are sealed at rest. */
export class Webhooks {
  constructor(private readonly parts: WebhooksParts) {}

  /** Without secrets. */
  of(owner: Owner): Promise<WebhookView[]> {
    return Promise.all(this.visible(owner).map(async (row) => view(row, await this.parts.waiting(row))))
  }

  /** From the next event on. @throws Fault ADDRESS_REFUSED, BODY_INVALID */
  async create(
    { tenant: { id: tenant }, workflows }: Owner,
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
      ...(workflows === 'all' ? {} : { workflows: [...workflows] }),
      delivered: await newest(tenant),
      failures: 0,
      nextAt: 0,
    }
    return this.keeping(keep, () => {
      const { sql, vault } = this.parts
      vault.put(secretName(row), secret)
      sql
        .of('INSERT INTO webhook (id, tenant, body) VALUES (?, ?, ?)')
        .run(row.id, row.tenant, JSON.stringify(row))
      return { ...view(row, 0), secret }
    })
  }

  /** @throws Fault WEBHOOK_UNKNOWN */
  remove(owner: Owner, id: string): void {
    const row = this.one(owner, id)
    this.parts.sql.of('DELETE FROM webhook WHERE id = ?').run(id)
    this.parts.vault.remove(secretName(row))
  }

  /** Sends again what came after a time. @throws Fault WEBHOOK_UNKNOWN */
  async recover(owner: Owner, id: string, since: number, keep?: Keep<WebhookView>): Promise<WebhookView> {
    const last = await this.parts.before(owner.tenant.id, since)
    const from = (row: WebhookRow): number => Math.min(row.delivered, last)
    const known = this.one(owner, id)
    const waiting = await this.parts.waiting({ ...known, delivered: from(known) })
    return this.keeping(keep, () => {
      const row = this.one(owner, id)
      const recovered: WebhookRow = { ...row, delivered: from(row), state: 'active', failures: 0, nextAt: 0 }
      delete recovered.failingSince
      this.save(row, recovered)
      return view(recovered, waiting)
    })
  }

  rows(): WebhookRow[] {
    const rows = this.parts.sql.of('SELECT body FROM webhook ORDER BY id').all()
    return rows.map(({ body }) => saved(body, isRow))
  }

  /** @returns whether it was still as `before`: somebody may have ended or recovered it while something was sent to it */
  save(before: WebhookRow, row: WebhookRow): boolean {
    const { changes } = this.parts.sql
      .of('UPDATE webhook SET body = ? WHERE id = ? AND body = ?')
      .run(JSON.stringify(row), row.id, JSON.stringify(before))
    return Number(changes) > 0
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

  private visible({ tenant, workflows }: Owner): WebhookRow[] {
    const sees = (row: WebhookRow): boolean =>
      workflows === 'all' || (row.workflows?.every((one) => workflows.has(one)) ?? false)
    return this.rows().filter((row) => row.tenant === tenant.id && sees(row))
  }

  private one(owner: Owner, id: string): WebhookRow {
    const row = this.visible(owner).find((one) => one.id === id)
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

function view(
  { id, url, types, state, lastDelivered, lastFailure }: WebhookRow,
  undelivered: number,
): WebhookView {
  return {
    id,
    url,
    types,
    state,
    ...(lastDelivered === undefined ? {} : { lastDelivered: new Date(lastDelivered).toISOString() }),
    ...(lastFailure === undefined
      ? {}
      : { lastFailure: { ...lastFailure, at: new Date(lastFailure.at).toISOString() } }),
    undelivered,
  }
}
