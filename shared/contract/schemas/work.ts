import type { Schema } from '../operations/operation'
import type { Entity } from './entity'
import {
  choice,
  count,
  entity,
  flag,
  instant,
  integer,
  list,
  map,
  number,
  object,
  optional,
  property,
  reference,
  shape,
  text,
  texts,
  uri,
} from './entity'

const KIND = choice('sync', 'undo', 'retry', 'plan', 'reconcile', 'upload', 'decide')
const OUTCOMES = {
  created: 5029,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  skipped: 0,
  rejected: 181,
  unprocessed: 0,
  unknown: 0,
}

const DECIDED = {
  exceptions: 41,
  standing: 40,
  notPossible: 1,
  problems: [{ exception: 4712, reason: 'the source does not have the record' }],
}

const HELD = {
  guard: 'deletes',
  hash: '5f0c1d2e',
  records: 12,
  of: 40,
  reason: '12 of 40 records would be deleted; the limit is 10%.',
}

export const Held = entity('What a guard holds until somebody approves it.', {
  guard: property(choice('deletes', 'rejects'), 'Which guard.', HELD.guard),
  hash: property(text, 'Of the exact set of records: `approve` takes it.', HELD.hash),
  records: property(count, 'How many would be deleted, or were rejected.', HELD.records),
  of: property(count, 'Of how many.', HELD.of),
  reason: property(text, 'In words.', HELD.reason),
})

export const Workflow = entity('What is moved from where to where.', {
  name: property(text, 'As in the definition.', 'inventory'),
  title: property(text, 'What people call it.', 'Nightly inventory'),
  key: property(texts, 'Fields that identify a record.', ['sku', 'location']),
  mode: property(
    choice('append', 'insert-only', 'update-only', 'upsert', 'mirror'),
    'How the target is brought up to date.',
    'mirror',
  ),
  source: property(
    shape({ connection: text, stream: text }, ['connection', 'stream']),
    'Connection and stream.',
    { connection: 'erp', stream: 'stock' },
  ),
  target: property(
    shape({ connection: text, stream: text }, ['connection', 'stream']),
    'Connection and stream.',
    { connection: 'wms', stream: 'stock-levels' },
  ),
  dimensions: property(texts, 'What totals are grouped by.', ['location']),
  measures: property(texts, 'What is added up.', ['quantity']),
  schema: optional(object, 'JSON Schema of its records.', {
    type: 'object',
    properties: { sku: { type: 'string' } },
  }),
})

export const Run = entity('One execution of a step for a workflow.', {
  id: property(text, 'For its address.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  workflow: property(text, 'Whose it is.', 'inventory'),
  kind: property(KIND, 'What is done.', 'sync'),
  state: property(
    choice('queued', 'running', 'interrupted', 'succeeded', 'exceptions', 'held', 'failed', 'cancelled'),
    'Over, unless queued or running.',
    'exceptions',
  ),
  over: property(flag, 'Nothing more will happen by itself.', true),
  hasErrors: property(flag, 'Some records were refused, or the run failed.', true),
  started: property(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  ended: optional(instant, 'UTC.', '2026-11-23T01:00:21.000Z'),
  progress: property(
    shape({ read: count, total: count, written: count, rejected: count }),
    'Records read and written so far.',
    {
      read: 5210,
      written: 5029,
      rejected: 181,
    },
  ),
  outcomes: optional(map(count), 'Records by what became of them.', OUTCOMES),
  held: optional(reference('Held'), 'What a guard holds; `hash` approves it.', HELD),
  receipt: optional(
    object,
    'The balanced account of the run. With `staged` the target file is as it was: what was written waits beside it for the next run that comes to its end.',
    { receipt: 1, balanced: true },
  ),
  decided: optional(reference('Decided'), 'Of `decide`: what became of the exceptions.', DECIDED),
  problem: optional(reference('RunProblem'), 'Why it failed.', {
    code: 'UPSTREAM_DOWN',
    number: 1016,
    title: 'The service failed so often in a row that it is left alone for a while',
    detail: 'https://wms.example.com answered 503 for 15 minutes.',
    owner: 'other-system',
    causes: [{ cause: 'Maintenance', check: 'tieout doctor wms' }],
    steps: [{ who: 'other-system', do: 'Bring it back.', verify: 'tieout doctor wms' }],
    evidence: { status: 503 },
  }),
  files: optional(
    shape({ ok: uri, failed: uri, unprocessed: uri }),
    'Records of an upload by what became of them.',
    {
      failed: 'https://tieout.example.com/v1/runs/5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f/records/failed',
    },
  ),
  errors: optional(
    list(reference('FieldProblem')),
    'The first records of an upload that were refused, by row and column; `files.failed` has them all.',
    [{ row: 17, column: 'quantity', detail: 'quantity: expected an integer' }],
  ),
  resultUrl: optional(
    uri,
    'Of `plan` and `reconcile`: where what they found stands.',
    'https://tieout.example.com/v1/reconciliations/5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  ),
  statusUrl: property(
    uri,
    'Where to follow it.',
    'https://tieout.example.com/v1/runs/5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  ),
  pollAfterSeconds: property(count, 'When asking again is worthwhile; 0 when it is over.', 0),
})

export const RunProblem = entity('Why a run could not go on.', {
  code: property(text, 'Stable. Decide by it.', 'UPSTREAM_DOWN'),
  number: property(integer, 'The same for phone and e-mail.', 1016),
  title: property(
    text,
    'The same for every occurrence of the code.',
    'The service failed so often in a row that it is left alone for a while',
  ),
  detail: property(text, 'This occurrence.', 'https://wms.example.com answered 503 for 15 minutes.'),
  owner: property(text, 'Who can fix it.', 'other-system'),
  causes: property(list(reference('Cause')), 'Likely causes, and how to check each.', []),
  steps: property(list(reference('Step')), 'Who does what, and how to verify it.', []),
  evidence: property(object, 'Every variable part of the detail.', { status: 503 }),
})

const approval: Schema = { type: 'string', minLength: 1, maxLength: 128 }

export const RunRequest = entity('What to do.', {
  kind: optional(choice('sync', 'plan', 'reconcile'), 'Default sync.', 'sync'),
  full: optional(
    flag,
    'Read everything although the workflow has a cursor, and give the target what it lost.',
    false,
  ),
  restart: optional(flag, 'Read from the beginning although an interrupted run could go on.', false),
  approve: optional(approval, 'Hash of what a guard held.', '5f0c1d2e'),
  exceptions: optional(flag, 'For reconcile: breaks raise exceptions.', true),
})

export const Approval = entity('What is approved.', {
  approve: optional(approval, 'Hash of what a guard held.', '5f0c1d2e'),
})

export const Plan = entity('What a sync would do.', {
  workflow: property(text, 'Whose it is.', 'inventory'),
  read: property(count, 'Records read.', 50000),
  complete: property(flag, 'Everything was read, not only a part.', true),
  outcomes: property(map(count), 'Records by what would become of them.', { created: 12, updated: 3 }),
  rejectedBy: property(map(count), 'Rejected records by code.', { VALIDATION_FAILED: 2 }),
  samples: property(object, 'A few records of each outcome; updated ones with values before and after.', {
    created: [{ sku: '00042', location: 'WH-1' }],
    updated: [{ key: { sku: '00043' }, fields: { quantity: { before: 7, after: 12 } } }],
    deleted: [],
    rejected: [],
  }),
  held: optional(reference('Held'), 'The guard that would trip.', HELD),
  forecast: property(shape({ writeCalls: count, minutes: number }), 'What it would cost.', {
    writeCalls: 11,
    minutes: 0.4,
  }),
})

export const Export = entity('The manifest of a download.', {
  id: property(text, 'Of the download.', '5f0c1d2e'),
  workflow: property(text, 'Whose records.', 'inventory'),
  asOf: property(instant, 'What it shows is as of this moment.', '2026-11-23T01:00:00.000Z'),
  records: property(count, 'Without deleted ones.', 50000),
  deleted: property(count, 'Keys of records that disappeared.', 12),
  bytes: property(count, 'Unpacked.', 4812334),
  sha256: property(
    text,
    'Of the unpacked bytes, in hex.',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ),
  refused: property(count, 'Rows of the source that a sync would refuse, too: they are not in it.', 1),
  errors: property(list(reference('FieldProblem')), 'The first of those.', [
    { row: 17, pointer: '#/quantity', detail: 'quantity: expected an integer' },
  ]),
  complete: property(flag, 'The source proved that it listed everything.', true),
  consistent: property(flag, 'All records are as of one moment.', true),
  consistency: property(
    text,
    'What shows that, or why it cannot be said.',
    'read in one snapshot of the database',
  ),
  cursor: optional(
    text,
    'For `changedSince` of the next download; absent where the workflow has no key.',
    'YzEuNDI',
  ),
  mediaType: property(text, 'Of the bytes.', 'text/csv'),
  recordsUrl: property(
    uri,
    'Where the bytes are, with Range.',
    'https://tieout.example.com/v1/workflows/inventory/records',
  ),
})

/** In the document of one workflow, the schema of its records stands here instead. */
export const Record: Entity = {
  schema: {
    type: 'object',
    description:
      'A record of the workflow. `getWorkflow` answers with its schema; the document that `tieout emit openapi --workflow` prints has it here.',
  },
  example: { sku: '00042', location: 'WH-1', quantity: 12 },
}

export const RecordResult = entity('What became of one record.', {
  run: property(text, 'The run that wrote it.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  outcome: property(choice('created', 'updated', 'unchanged', 'skipped'), 'What became of it.', 'updated'),
  key: property(object, 'Its key.', { sku: '00042', location: 'WH-1' }),
})

export const Forecast = entity('Whether so many records fit the limits.', {
  records: property(count, 'As asked.', 50000),
  fits: property(flag, 'Yes or no.', true),
  sentence: property(
    text,
    'For people.',
    "Tonight's 50,000 fit: yes. The tightest limit is records per day: 150,000 left.",
  ),
  limits: property(
    list(shape({ name: text, left: count, after: integer }, ['name', 'left', 'after'])),
    'Each limit of records, and what would be left.',
    [{ name: 'records', left: 150000, after: 100000 }],
  ),
})
