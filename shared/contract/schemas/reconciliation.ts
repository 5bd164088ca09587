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
  texts,
} from './entity'

const SIDE = shape({ connection: text, stream: text, records: count }, ['connection', 'stream'])
const BREAKS = shape(
  { open: count, pending: count, accepted: count, byKind: map(count), byField: list(object) },
  ['open', 'pending', 'accepted'],
)

export const Reconciliation = entity('What reconciling a workflow found.', {
  reconciliation: property({ type: 'integer', const: 1 }, 'Version of this form.', 1),
  id: property(text, 'That of its run.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  workflow: property(text, 'Whose it is.', 'inventory'),
  title: property(text, 'What people call it.', 'Nightly inventory'),
  status: property(choice('ties-out', 'breaks', 'failed'), 'The result.', 'breaks'),
  asOf: property(instant, 'Records that changed later are not reported.', '2026-11-23T00:45:00.000Z'),
  started: property(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  ended: property(instant, 'UTC.', '2026-11-23T01:00:02.000Z'),
  source: property(SIDE, 'Connection, stream and counts.', {
    connection: 'erp',
    stream: 'stock',
    records: 50000,
  }),
  target: property(SIDE, 'Connection, stream and counts.', {
    connection: 'wms',
    stream: 'stock-levels',
    records: 49753,
  }),
  breaks: property(BREAKS, 'How many, by state, kind and field.', { open: 340, pending: 2, accepted: 0 }),
  measures: property(list(object), 'The tie-out figures.', [{ measure: 'quantity', difference: '1234.5' }]),
  dimensions: property(texts, 'What totals are grouped by.', ['location']),
  totals: property(list(object), 'By dimensions, largest difference first.', []),
  causes: property(list(object), 'Probable causes, largest support first.', [
    { sentence: 'The sign of quantity is turned round: accounts for 312 of 340 breaks' },
  ]),
  contentHash: property(text, 'What a signature is for.', '9f86d081884c7d65'),
})

export const Break = entity('One disagreement.', {
  id: property(integer, 'Its number in this reconciliation.', 1),
  kind: property(
    choice('missing-in-source', 'missing-in-target', 'duplicate', 'differs'),
    'What disagrees.',
    'differs',
  ),
  key: property(text, 'Key of the record as one text; personal keys masked.', '["00042","WH-1"]'),
  state: property(choice('open', 'pending', 'accepted'), 'Where it is in its life.', 'open'),
  fields: property(
    list(shape({ field: text }, ['field'])),
    'Which fields, and both values; personal ones masked.',
    [{ field: 'quantity', source: 12, target: -12, difference: '24' }],
  ),
  dimensions: property(texts, 'Its group.', ['WH-1']),
  effect: property(texts, 'What it adds to source minus target, by measure; empty where that is personal.', [
    '24',
  ]),
  cause: optional(text, 'Probable cause.', 'sign-flip'),
  source: optional(object, 'As compared; personal fields masked.', { sku: '00042' }),
  target: optional(object, 'As compared; personal fields masked.', { sku: '00042' }),
  firstSeen: optional(instant, 'When an earlier reconciliation first found it.', '2026-10-31T01:00:00.000Z'),
})

export const SignatureRequest = entity('A signature.', {
  period: property(
    { type: 'string', pattern: '^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$' },
    'What is closed.',
    '2026-11',
  ),
  who: property({ type: 'string', minLength: 1, maxLength: 128 }, 'Who signs.', 'Kim Lee'),
  comment: optional(
    { type: 'string', maxLength: 4000 },
    'Needed where breaks are open.',
    'Two breaks carried forward',
  ),
})

export const Signature = entity('A signature that was given.', {
  reconciliation: property(text, 'Of which reconciliation.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  workflow: property(text, 'Whose it is.', 'inventory'),
  period: property(text, 'What is closed.', '2026-11'),
  who: property(text, 'Who signed.', 'Kim Lee'),
  at: property(instant, 'UTC.', '2026-11-30T17:00:00.000Z'),
  comment: property(text, 'As given.', ''),
  contentHash: property(text, 'What was signed.', '9f86d081884c7d65'),
})
