import type { Schema } from '../operations/operation'
import {
  choice,
  count,
  entity,
  flag,
  instant,
  integer,
  list,
  object,
  optional,
  property,
  reference,
  shape,
  text,
  texts,
} from './entity'
import { ONE_WAY, ONLY_GROUP, short, which } from './selection'

const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const STATE = choice('open', 'resolved', 'ignored', 'expired')

const EVENT = {
  id: 42,
  at: '2026-11-23T01:00:00.000Z',
  type: 'exception.opened',
  workflow: 'inventory',
  run: '5f0c1d2e',
  exception: 4711,
  who: 'kim',
  facts: { code: 'VALIDATION_FAILED' },
}

const content = {
  id: property(integer, 'Its number.', 4711),
  workflow: property(text, 'Whose it is.', 'inventory'),
  key: optional(text, 'Key of the record as one text.', '["00042","WH-1"]'),
  state: property(STATE, 'Where it is in its life.', 'open'),
  code: property(text, 'Of the catalogue.', 'VALIDATION_FAILED'),
  title: property(text, 'What the code means.', 'The record does not fit the schema of the workflow'),
  message: property(text, 'This occurrence.', 'row 17: quantity is text; send a number'),
  stage: property(text, 'Where it failed.', 'validate'),
  place: property(text, 'Where it stands in the source.', 'stock.csv line 18'),
  field: optional(text, 'Which field.', 'quantity'),
  group: property(text, 'Fingerprint of its group.', 'v1:5f0c1d2e3a4b5c6d'),
  run: property(text, 'In which run it last failed.', '5f0c1d2e'),
  attempts: property(count, 'In how many runs.', 3),
  firstSeen: property(instant, 'UTC.', '2026-11-21T01:00:00.000Z'),
  lastSeen: property(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  due: optional(instant, 'Until when it is to be settled.', '2026-11-25T17:00:00.000Z'),
  assignee: optional(text, 'Who looks after it.', 'kim'),
  tags: property(texts, 'By people.', ['supplier']),
  record: property(object, 'As it was read; personal fields masked.', { sku: '00042', quantity: 'abc' }),
  sent: optional(object, 'As it was sent.', { sku: '00042' }),
  target: optional(object, 'What the target held.', { sku: '00042' }),
  fix: optional(
    shape({ changes: list(object), who: text, at: instant }, ['changes', 'who', 'at']),
    'What will be corrected when it is sent again: `field`, `from` and `to` of each; personal values masked.',
    {
      changes: [{ field: 'quantity', from: 'abc', to: 12 }],
      who: 'kim',
      at: '2026-11-23T09:00:00.000Z',
    },
  ),
  resolution: optional(
    shape({ how: text, evidence: text, at: instant }, ['how']),
    'How it was settled, with the evidence.',
    {
      how: 'moved',
      evidence: 'Run 5f0c updated it',
    },
  ),
  version: property(integer, 'Grows with every change.', 7),
}

export const Exception = entity('A record that needs a person or a retry.', content)

export const ExceptionView = entity('An exception with its history and what to do.', {
  ...content,
  owner: property(text, 'Who can fix it.', 'you'),
  causes: property(list(reference('Cause')), 'Likely causes, and how to check each.', []),
  steps: property(list(reference('Step')), 'Who does what, and how to verify it.', []),
  history: property(list(reference('Event')), 'Everything that happened to it.', []),
  views: optional(object, 'Last synced, source then, source now, target now, and what differs.', {
    differences: [],
  }),
})

export const Group = entity('The open exceptions with one cause.', {
  group: property(text, 'Fingerprint.', 'v1:5f0c1d2e3a4b5c6d'),
  workflow: property(text, 'Whose they are.', 'inventory'),
  code: property(text, 'Of the catalogue.', 'VALIDATION_FAILED'),
  title: property(text, 'What the code means.', 'The record does not fit the schema of the workflow'),
  stage: property(text, 'Where they failed.', 'validate'),
  field: optional(text, 'Which field.', 'quantity'),
  message: property(text, 'Of the newest.', 'row 17: quantity is text; send a number'),
  count: property(count, 'How many.', 41),
  firstSeen: property(instant, 'UTC.', '2026-11-21T01:00:00.000Z'),
  lastSeen: property(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  trend: property(list(count), 'Newly opened in each of the last seven days.', [0, 0, 0, 0, 0, 12, 29]),
})

export const Explanation = entity('What the failed records have in common and the others do not.', {
  sentence: property(text, 'For people.', '41 of 41 failures have country = null; 0 of 9,959 others do'),
  failures: property(count, 'Failed records looked at.', 41),
  others: property(count, 'Other records looked at.', 9959),
  support: optional(share, 'Share of the failures that the rule covers.', 1),
  precision: optional(share, 'Share of what the rule covers that failed.', 1),
})

const person: Schema = { type: ['string', 'null'], minLength: 1, maxLength: 128 }
const comment: Schema = { type: 'string', minLength: 1, maxLength: 4000 }
const tags: Schema = { type: 'array', items: { type: 'string', minLength: 1, maxLength: 64 }, maxItems: 100 }
export const ExceptionChange = entity(
  'What to change. All that is named happens together.',
  {
    assignee: optional(person, 'null takes it from whoever has it.', 'kim'),
    comment: optional(comment, 'Kept in the history.', 'Asked the supplier'),
    addTags: optional(tags, 'Tags to add.', ['supplier']),
    removeTags: optional(tags, 'Tags to remove.', []),
    due: optional({ type: ['string', 'null'], format: 'date-time' }, 'Until when.', '2026-11-25T17:00:00Z'),
    state: optional(choice('open', 'resolved', 'ignored'), 'Where it goes.', 'ignored'),
    reason: optional(comment, 'Why; needed to ignore.', 'Test record'),
    until: optional(
      instant,
      'Ignored until then; without it, while the record stays as it is.',
      '2026-12-01T00:00:00Z',
    ),
    fix: optional(
      object,
      'Source fields to set before the record is sent again; null removes nothing, it sets null.',
      { country: 'GB' },
    ),
  },
  {
    rules: {
      minProperties: 1,
      if: { properties: { state: { const: 'ignored' } }, required: ['state'] },
      then: { required: ['reason'] },
    },
  },
)

export const ExceptionsChange = entity(
  'Which exceptions, and what to change.',
  {
    ...which,
    workflow: optional(short, 'All open ones of this workflow.', 'inventory'),
    change: property(reference('ExceptionChange'), 'What to change.', { fix: { country: 'GB' } }),
    preview: optional(flag, 'Tell what it would do and change nothing.', true),
  },
  {
    rules: {
      ...ONE_WAY,
      anyOf: [{ required: ['ids'] }, { required: ['group'] }, { required: ['workflow'] }],
    },
    notInExample: [...ONLY_GROUP, 'workflow'],
  },
)

export const ExceptionsChanged = entity('What became of a change of many.', {
  changed: property(count, 'How many were changed.', 41),
  preview: optional(list(object), 'What it would do, one by one.', []),
})

export const RetryRequest = entity(
  'Which exceptions to send again; without any of `ids`, `group` and the like, all open ones.',
  {
    ...which,
    rate: optional({ type: 'number', exclusiveMinimum: 0 }, 'Records per second at most.', 10),
    again: optional(flag, 'A deliberate decision: the target must not take it for a repeat.', false),
  },
  { rules: ONE_WAY, notInExample: ONLY_GROUP },
)

/** Body of a webhook, in the form of Standard Webhooks. */
export const WebhookDelivery = entity('An event as it is sent to a webhook.', {
  type: property(text, 'What happened.', 'exception.opened'),
  timestamp: property(instant, 'When it happened, UTC.', '2026-11-23T01:00:00.000Z'),
  data: property(reference('Event'), 'The event, as `listEvents` gives it.', EVENT),
})

export const Event = entity('Something that happened.', {
  id: property(integer, 'Ascending.', EVENT.id),
  at: property(instant, 'UTC.', EVENT.at),
  type: property(text, 'What happened.', EVENT.type),
  workflow: property(text, 'Whose.', EVENT.workflow),
  run: optional(text, 'In which run.', EVENT.run),
  exception: optional(integer, 'To which exception.', EVENT.exception),
  who: property(text, 'Who did it.', EVENT.who),
  facts: property(object, 'What is to be known of it.', EVENT.facts),
})
