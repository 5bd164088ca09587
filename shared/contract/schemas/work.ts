import { entity, flag, instant, integer, list, object, optional, property, text, texts, uri } from './entity'

const KIND = { enum: ['sync', 'undo', 'retry', 'plan', 'reconcile', 'upload'] }
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

export const Workflow = entity('What is moved from where to where.', {
  name: property(text, 'As in the definition.', 'inventory'),
  title: property(text, 'What people call it.', 'Nightly inventory'),
  key: property(texts, 'Fields that identify a record.', ['sku', 'location']),
  mode: property(text, 'How the target is brought up to date.', 'mirror'),
  source: property(object, 'Connection and stream.', { connection: 'erp', stream: 'stock' }),
  target: property(object, 'Connection and stream.', { connection: 'wms', stream: 'stock-levels' }),
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
    { enum: ['queued', 'running', 'interrupted', 'succeeded', 'exceptions', 'held', 'failed', 'cancelled'] },
    'Over, unless queued or running.',
    'exceptions',
  ),
  over: property(flag, 'Nothing more will happen by itself.', true),
  hasErrors: property(flag, 'Some records were refused, or the run failed.', true),
  started: property(instant, 'UTC.', '2026-11-23T01:00:00.000Z'),
  ended: optional(instant, 'UTC.', '2026-11-23T01:00:21.000Z'),
  progress: property(object, 'Records read and written so far.', {
    read: 5210,
    written: 5029,
    rejected: 181,
  }),
  outcomes: optional(object, 'Records by what became of them.', OUTCOMES),
  held: optional(object, 'What a guard holds; `hash` approves it.', {
    guard: 'deletes',
    records: 12,
    hash: '5f0c1d2e',
  }),
  receipt: optional(object, 'The balanced account of the run.', { receipt: 1, balanced: true }),
  problem: optional(object, 'Why it failed.', { code: 'UPSTREAM_DOWN' }),
  files: optional(object, 'Records of an upload by what became of them.', {
    failed: 'https://tieout.example.com/v1/runs/5f0c/records/failed',
  }),
  statusUrl: property(
    uri,
    'Where to follow it.',
    'https://tieout.example.com/v1/runs/5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  ),
  pollAfterSeconds: property(integer, 'When asking again is worthwhile; 0 when it is over.', 0),
})

export const RunRequest = entity('What to do.', {
  kind: optional({ enum: ['sync', 'plan', 'reconcile'] }, 'Default sync.', 'sync'),
  full: optional(flag, 'Read everything although the workflow has a cursor.', false),
  restart: optional(flag, 'Read from the beginning although an interrupted run could go on.', false),
  approve: optional(text, 'Hash of what a guard held.', '5f0c1d2e'),
  exceptions: optional(flag, 'For reconcile: breaks raise exceptions.', true),
})

export const Approval = entity('What is approved.', {
  approve: optional(text, 'Hash of what a guard held.', '5f0c1d2e'),
})

export const Plan = entity('What a sync would do.', {
  workflow: property(text, 'Whose it is.', 'inventory'),
  counts: optional(object, 'Records by what would become of them.', { created: 12, updated: 3 }),
  samples: optional(list(object), 'Values before and after.', []),
  calls: optional(integer, 'Calls to the target.', 11),
  minutes: optional({ type: 'number' }, 'How long it would take.', 0.4),
})

export const Export = entity('The manifest of a download.', {
  id: property(text, 'Of the download.', '5f0c1d2e'),
  workflow: property(text, 'Whose records.', 'inventory'),
  asOf: property(instant, 'What it shows is as of this moment.', '2026-11-23T01:00:00.000Z'),
  records: property(integer, 'Without deleted ones.', 50000),
  deleted: property(integer, 'Keys of records that disappeared.', 12),
  bytes: property(integer, 'Unpacked.', 4812334),
  sha256: property(
    text,
    'Of the unpacked bytes, in hex.',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ),
  complete: property(flag, 'The source proved that it listed everything.', true),
  cursor: property(text, 'For `changedSince` of the next download.', 'YzEuNDI'),
  mediaType: property(text, 'Of the bytes.', 'text/csv'),
  recordsUrl: property(
    uri,
    'Where the bytes are, with Range.',
    'https://tieout.example.com/v1/workflows/inventory/records',
  ),
})

export const RecordResult = entity('What became of one record.', {
  run: property(text, 'The run that wrote it.', '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f'),
  outcome: property(
    { enum: ['created', 'updated', 'unchanged', 'skipped'] },
    'What became of it.',
    'updated',
  ),
  key: property(object, 'Its key.', { sku: '00042', location: 'WH-1' }),
})

export const Forecast = entity('Whether so many records fit the limits.', {
  records: property(integer, 'As asked.', 50000),
  fits: property(flag, 'Yes or no.', true),
  sentence: property(
    text,
    'For people.',
    "Tonight's 50,000 fit: yes. The tightest limit is records per day: 150,000 left.",
  ),
  limits: property(list(object), 'Each limit, and what would be left.', [
    { name: 'records', left: 150000, after: 100000 },
  ]),
})
