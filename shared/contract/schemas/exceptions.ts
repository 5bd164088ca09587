import type { Schema } from '../operations/operation'
import {
  choice,
  count,
  entity,
  flag,
  instant,
  integer,
  list,
  map,
  object,
  optional,
  property,
  reference,
  shape,
  text,
  texts,
} from './entity'

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
const ids: Schema = { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 1, maxItems: 10000 }
const group: Schema = { type: 'string', minLength: 1, maxLength: 128 }
const short: Schema = { type: 'string', minLength: 1, maxLength: 64 }

/** Which exceptions: some by their numbers, or the open ones that all the others here fit. */
const which = {
  ids: optional(ids, 'These.', [4711, 4712]),
  group: optional(group, 'All open ones of this group.', 'v1:5f0c1d2e3a4b5c6d'),
  code: optional(short, 'All open ones with this code.', 'UPSTREAM_DOWN'),
  run: optional(short, 'All open ones that last failed in this run.', '5f0c1d2e'),
  assignee: optional(group, 'All open ones assigned to somebody.', 'kim'),
  tag: optional(short, 'All open ones with this tag.', 'supplier'),
  text: optional(
    { type: 'string', minLength: 1, maxLength: 256 },
    'All open ones with this in the key or the message.',
    '00042',
  ),
}
const FILTERS = Object.keys(which).filter((name) => name !== 'ids')
const ONE_WAY: Schema = {
  if: { required: ['ids'] },
  then: { properties: Object.fromEntries(FILTERS.map((name) => [name, false])) },
}
const SAID: Schema = { anyOf: Object.keys(which).map((name) => ({ required: [name] })) }
const onlyGroup = ['ids', ...FILTERS.filter((name) => name !== 'group')]

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
    notInExample: [...onlyGroup, 'workflow'],
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
  { rules: ONE_WAY, notInExample: onlyGroup },
)

export const DecisionRequest = entity(
  'Which exceptions, and which side is right.',
  {
    ...which,
    decision: property(
      choice('accept-source', 'accept-target', 'write', 'ignore'),
      '`accept-source` writes the record of the source and ends what was decided on it before, `write` that with the fields of `set`; `accept-target` leaves both as they are; `ignore` no longer reports it. All but the first stand while both sides stay as they are.',
      'accept-target',
    ),
    reason: optional(comment, 'Why; needed for all but `accept-source`.', 'Counted on Monday'),
    until: optional(instant, 'How long it stands; without it, for good.', '2027-12-31T00:00:00Z'),
    set: optional(
      { type: 'object', minProperties: 1 },
      'For `write`: fields and what they are to hold; null sets null.',
      { quantity: 12 },
    ),
  },
  {
    rules: {
      allOf: [
        ONE_WAY,
        SAID,
        {
          if: { properties: { decision: { const: 'write' } }, required: ['decision'] },
          then: { required: ['set'] },
          else: { properties: { set: false } },
        },
        {
          if: {
            properties: { decision: { enum: ['accept-target', 'write', 'ignore'] } },
            required: ['decision'],
          },
          then: { required: ['reason'] },
        },
      ],
    },
    notInExample: [...onlyGroup, 'set'],
  },
)

const problem = shape({ exception: integer, reason: text }, ['exception', 'reason'])

const decided = {
  exceptions: property(count, 'How many it was for.', 41),
  standing: property(count, 'Rules that stand from now on.', 40),
  notPossible: property(count, 'How many it was not possible for; they stay open.', 1),
  problems: property(list(problem), 'The first of those, and why.', [
    { exception: 4712, reason: 'the source does not have the record' },
  ]),
}

export const Decided = entity('What became of the exceptions of a decision.', decided)

export const DecisionPreview = entity('What a decision would do, as both systems are now.', {
  exceptions: property(count, 'How many it is for.', 41),
  writes: property(count, 'Records that would be written.', 0),
  unchanged: property(count, 'Records that the target holds so already.', 0),
  standing: property(count, 'Rules that would stand.', 40),
  fails: property(
    map(shape({ records: count, message: text }, ['records', 'message'])),
    'Records that would not pass mapping and validation, by code, and what would be said of the first.',
    {},
  ),
  notPossible: decided.notPossible,
  problems: decided.problems,
  first: property(
    list(shape({ exception: integer, fields: list(object) }, ['exception', 'fields'])),
    'The first few: fields that differ, by side, and what would be written; personal ones masked.',
    [{ exception: 4711, fields: [{ field: 'quantity', source: 12, target: 7 }] }],
  ),
})

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
