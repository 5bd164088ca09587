import type { events } from '../../shared/contract/operations/events'
import { Fault } from '../../shared/core/fault'
import { isEventType, type EventType } from '../../shared/core/feed'
import type { Handlers, JsonAnswer } from '../call'
import type { Webhooks, WebhookView } from '../webhooks/webhooks'
import { invalid } from '../refused-body'
import { bodyOf } from './exception-change'
import { eventView, instant } from './exception-view'
import { pageAnswer } from './page'
import { needed, numberOf, textOf } from './parameter'
import { callerOf, mayUse } from './rights'

export interface EventParts {
  webhooks: Webhooks
}

export function eventHandlers({ webhooks }: EventParts): Handlers<keyof typeof events> {
  return {
    listEvents: async (call) => {
      const caller = callerOf(call)
      const { events, next } = await caller.tenant.workspace.feed.read({
        after: textOf(call, 'after'),
        type: typeOf(textOf(call, 'type')),
        limit: numberOf(call, 'limit') ?? 100,
        wait: (numberOf(call, 'wait') ?? 0) * 1000,
        signal: call.signal,
      })
      const seen = events.filter(({ workflow }) => mayUse(caller, workflow))
      return { status: 200, content: { json: { items: seen.map(eventView), next } } }
    },

    listWebhooks: async (call) => pageAnswer(call, await webhooks.of(callerOf(call)), undefined),

    createWebhook: async (call) => {
      const caller = callerOf(call)
      const { url, types = [] } = await bodyOf(call)
      if (typeof url !== 'string') throw invalid('#/url', 'must be a text')
      return created(await webhooks.create(caller, { url, types }, call.claim?.keep(created)))
    },

    deleteWebhook: (call) => {
      webhooks.remove(callerOf(call), needed(call, 'webhook'))
      return Promise.resolve({ status: 200, content: { json: { deleted: true } } })
    },

    recoverWebhook: async (call) => {
      const caller = callerOf(call)
      const { since } = await bodyOf(call)
      const at = typeof since === 'string' ? Date.parse(since) : NaN
      if (Number.isNaN(at)) throw invalid('#/since', `must be a date-time, such as ${instant(0)}`)
      const id = needed(call, 'webhook')
      return recovered(await webhooks.recover(caller, id, at, call.claim?.keep(recovered)))
    },
  }
}

const created = (webhook: WebhookView): JsonAnswer => ({ status: 201, content: { json: webhook } })

const recovered = (webhook: WebhookView): JsonAnswer => ({ status: 202, content: { json: webhook } })

/** @throws Fault PARAMETER_INVALID */
function typeOf(text: string | undefined): EventType | undefined {
  if (text === undefined || isEventType(text)) return text
  throw new Fault('PARAMETER_INVALID', `type: there is no event ${text}.`, { parameter: 'type' })
}
