import { entity } from './content'
import type { Content, Parameter } from './operation'

/** What the gateway sends by itself, to the addresses that `createWebhook` made known. */
export interface OutgoingWebhook {
  summary: string
  description: string
  headers: readonly Parameter[]
  content: Readonly<Record<string, Content>>
  /** What the receiver answers, and what the gateway makes of it. */
  answers: Readonly<Record<string, string>>
}

function header(name: string, description: string, example: string): Parameter {
  return { name, in: 'header', required: true, description, schema: { type: 'string' }, example }
}

export const webhooks: Readonly<Record<'event', OutgoingWebhook>> = {
  event: {
    summary: 'Receive an event',
    description:
      'Signed as Standard Webhooks asks, sent at least once: an id that came before is to be answered with 204 and left alone.',
    headers: [
      header('webhook-id', 'The same for every attempt: tells a repeat.', 'evt_42'),
      header(
        'webhook-timestamp',
        'Seconds since 1970 of this attempt; refuse what is older than 5 minutes.',
        '1795395600',
      ),
      header(
        'webhook-signature',
        '`v1,` and HMAC-SHA256 in base64 over `id.timestamp.body`. There may be more than one, with spaces between them.',
        'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
      ),
    ],
    content: entity('WebhookDelivery'),
    answers: {
      '2XX': 'Taken.',
      '410': 'Not wanted any more: the webhook is switched off.',
      default: 'Tried again for days, ever more rarely; Retry-After is kept to, up to ten hours.',
    },
  },
}
