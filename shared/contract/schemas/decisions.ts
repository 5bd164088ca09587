import {
  choice,
  count,
  entity,
  instant,
  integer,
  list,
  map,
  object,
  optional,
  property,
  shape,
  text,
} from './entity'
import { ONE_WAY, ONLY_GROUP, SAID, which } from './selection'

export const Decision = entity('A rule on one record, in force while both sides hold what they held.', {
  key: property(text, 'Of the record, as one text; personal keys masked.', '["00042","WH-1"]'),
  kind: property(
    choice('missing-in-source', 'missing-in-target', 'duplicate', 'differs'),
    'How the sides disagree.',
    'differs',
  ),
  decision: property(choice('accept-target', 'ignore'), 'What was decided.', 'accept-target'),
  reason: property(text, 'Why.', 'Counted on Monday'),
  who: property(text, 'By whom.', 'kim'),
  at: property(instant, 'UTC.', '2026-11-23T09:00:00.000Z'),
  until: optional(instant, 'How long; absent: for good.', '2027-12-31T00:00:00.000Z'),
  exception: optional(integer, 'The exception that it was made on.', 4711),
})

export const DecisionRequest = entity(
  'Which exceptions, and which side is right.',
  {
    ...which,
    decision: property(
      choice('accept-source', 'accept-target', 'write', 'ignore'),
      '`accept-source` writes the record of the source and ends what was decided on it before, `write` that with the fields of `set`; `accept-target` leaves both as they are; `ignore` no longer reports it. All but the first stand while both sides stay as they are.',
      'accept-target',
    ),
    reason: optional(
      { type: 'string', minLength: 1, maxLength: 4000 },
      'Why; needed for all but `accept-source`.',
      'Counted on Monday',
    ),
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
    notInExample: [...ONLY_GROUP, 'set'],
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
