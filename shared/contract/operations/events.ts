import { entity, page } from './content'
import { describe } from './operation'
import { id, idempotencyKey, limit, query, wait } from './parameters'

const webhook = id('webhook', 'Id of the webhook.')

export const events = describe({
  listEvents: {
    method: 'GET',
    path: '/v1/events',
    group: 'events',
    summary: 'Read what happened since a cursor',
    description:
      'In order, at least once, without any connection to your side: remember `next` after your own work is done. With `wait` it answers as soon as something happens.',
    access: { scope: 'events:read', workflow: false },
    parameters: [
      query(
        'after',
        'The `next` of the last answer; absent: from the beginning.',
        { type: 'string', maxLength: 512 },
        'ZTEuNDI',
      ),
      query('type', 'Only of this type.', { type: 'string', maxLength: 64 }, 'exception.opened'),
      wait,
      limit,
    ],
    responses: {
      200: { description: 'The events; `next` is always there.', content: page('Event') },
    },
    errors: ['CURSOR_UNKNOWN'],
    repeat: 'safe',
  },
  listWebhooks: {
    method: 'GET',
    path: '/v1/webhooks',
    group: 'events',
    summary: 'List webhooks and how they fare',
    description: 'Without their secrets.',
    access: { scope: 'events:read', workflow: false },
    parameters: [],
    responses: { 200: { description: 'The webhooks.', content: page('Webhook') } },
    errors: [],
    repeat: 'safe',
  },
  createWebhook: {
    method: 'POST',
    path: '/v1/webhooks',
    group: 'events',
    summary: 'Have events sent to an address',
    description:
      'Signed as Standard Webhooks asks; tried again for days. The secret is shown once; who needs another makes another webhook and deletes this one. It outlives the key that made it.',
    access: { scope: 'access:manage', workflow: false },
    parameters: [idempotencyKey],
    request: {
      required: true,
      description: 'Where to.',
      content: entity('WebhookRequest'),
    },
    responses: {
      201: { description: 'The webhook with its secret.', content: entity('Webhook') },
    },
    errors: ['ADDRESS_REFUSED'],
    repeat: 'key',
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/v1/webhooks/{webhook}',
    group: 'events',
    summary: 'Stop sending events to an address',
    description: 'Nothing is sent any more.',
    access: { scope: 'access:manage', workflow: false },
    parameters: [webhook],
    responses: { 200: { description: 'Gone.', content: entity('Deleted') } },
    errors: ['WEBHOOK_UNKNOWN'],
    repeat: 'idempotent',
  },
  recoverWebhook: {
    method: 'POST',
    path: '/v1/webhooks/{webhook}/recover',
    group: 'events',
    summary: 'Send again what was not delivered since a time',
    description: 'In order. Also wakes a webhook that was switched off for failing too long.',
    access: { scope: 'access:manage', workflow: false },
    parameters: [webhook, idempotencyKey],
    request: {
      required: true,
      description: 'Since when.',
      content: entity('Recovery'),
    },
    responses: { 202: { description: 'It is being sent.', content: entity('Webhook') } },
    errors: ['WEBHOOK_UNKNOWN'],
    repeat: 'key',
  },
})
