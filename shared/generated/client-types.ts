// Made from shared/contract/operations by npm run generate. Do not edit.

import type { DataRecord, Value } from '../core/record/value'

/** The gateway. */
export interface Service {
  /** Tieout. */
  name: string
  /** Of the software. */
  version: string
  /** Newest version of the API. */
  apiVersion: string
  /** Of its clock. */
  time: string
  /** Where things are. */
  links: Readonly<Record<string, string>>
}

/** Whether it is up. */
export interface Health {
  /** Up. */
  status: 'up'
}

/** What arrived of a request. */
export interface Diagnostics {
  /** Of this request. */
  requestId: string
  /** Where it came from, as seen here. */
  address: string
  /** As it arrived. */
  method: string
  /** As it arrived. */
  path: string
  /** As it arrived. */
  httpVersion: string
  /** Version, cipher, client certificate. */
  tls?: {
    version?: string
    cipher?: string
    certificate?: DataRecord
  }
  /** Names and values; credentials only by their length. */
  headers: Readonly<Record<string, string>>
  /** Which kinds of credentials arrived, and what is wrong with their form. */
  credentials: readonly string[]
  /** Bytes, SHA-256, encoding, how they begin in hex. */
  body?: {
    bytes: number
    sha256: string
    encoding?: string
    begins?: string
  }
  /** Seconds between the Date header and our clock. */
  clock?: {
    differenceSeconds?: number
  }
  /** What was lost or changed on the way, and what to do. */
  notes: readonly string[]
}

/** Who one is here. */
export interface Caller {
  /** The client. */
  client: string
  /** Whose data. */
  tenant: string
  /** Which credential, by its visible part. */
  key: string
  /** How one was recognised. */
  method: string
  /** What it may do. */
  scopes: readonly string[]
  /** With which workflows; * for all. */
  workflows: readonly string[]
  /** Pinned by the first call. */
  apiVersion: string
  /** When the credential ends. */
  expires?: string
}

/** A limit and what is left of it. */
export interface Limit {
  /** As in the RateLimit headers. */
  name: string
  /** What is counted. */
  unit: 'requests' | 'records' | 'content-bytes' | 'concurrent-requests'
  /** In one window. */
  quota: number
  /** Length of the window. */
  windowSeconds: number
  /** Now. */
  left: number
  /** Until there is more. */
  resetSeconds: number
}

/** What came and what became of it; never what was in it. */
export interface LoggedRequest {
  /** As in X-Request-Id. */
  id: string
  /** When it came, UTC. */
  at: string
  /** The client. */
  client: string
  /** Which credential, by its visible part. */
  key: string
  /** What was asked for. */
  operation: string
  /** Of HTTP. */
  method: string
  /** Without the values of its query; personal keys of records are masked. */
  path: string
  /** Of the answer. */
  status: number
  /** Of the problem, if it was one. */
  code?: string
  /** Until the answer was sent. */
  milliseconds: number
  /** Of its body, packed as it arrived; of one that nobody read, as Content-Length says. */
  bytesIn: number
  /** Of the answer with its headers. */
  bytesOut: number
  /** Whether the whole answer was taken. */
  complete: boolean
  /** SHA-256 of the idempotency key, in hex. */
  idempotencyKeySha256?: string
  /** The run that it is about. */
  run?: string
}

/** An address that events are sent to. */
export interface Webhook {
  /** For its address. */
  id: string
  /** Where to. */
  url: string
  /** Which events; empty: all. */
  types: readonly string[]
  /** How it fares. */
  state: 'active' | 'failing' | 'off'
  /** Shown once, when it is made. */
  secret?: string
  /** UTC. */
  lastDelivered?: string
  /** Why what is next did not get through; absent when it did. */
  lastFailure?: {
    at: string
    reason: string
  }
  /** Waiting to be sent. */
  undelivered: number
}

/** Where events are to be sent. */
export interface WebhookRequest {
  /** https. */
  url: string
  /** Which events; default all. */
  types?: readonly string[]
}

/** Since when to send again. */
export interface Recovery {
  /** UTC. */
  since: string
}

/** Gone. */
export interface Deleted {
  /** Always true. */
  deleted: true
}

/** A rule on one record, in force while both sides hold what they held. */
export interface Decision {
  /** Of the record, as one text; personal keys masked. */
  key: string
  /** How the sides disagree. */
  kind: 'missing-in-source' | 'missing-in-target' | 'duplicate' | 'differs'
  /** What was decided. */
  decision: 'accept-target' | 'ignore'
  /** Why. */
  reason: string
  /** By whom. */
  who: string
  /** UTC. */
  at: string
  /** How long; absent: for good. */
  until?: string
  /** The exception that it was made on. */
  exception?: number
}

/** Which exceptions, and which side is right. */
export interface DecisionRequest {
  /** These. */
  ids?: readonly number[]
  /** All open ones of this group. */
  group?: string
  /** All open ones with this code. */
  code?: string
  /** All open ones that last failed in this run. */
  run?: string
  /** All open ones assigned to somebody. */
  assignee?: string
  /** All open ones with this tag. */
  tag?: string
  /** All open ones with this in the key or the message. */
  text?: string
  /** `accept-source` writes the record of the source and ends what was decided on it before, `write` that with the fields of `set`; `accept-target` leaves both as they are; `ignore` no longer reports it. All but the first stand while both sides stay as they are. */
  decision: 'accept-source' | 'accept-target' | 'write' | 'ignore'
  /** Why; needed for all but `accept-source`. */
  reason?: string
  /** How long it stands; without it, for good. */
  until?: string
  /** For `write`: fields and what they are to hold; null sets null. */
  set?: DataRecord
}

/** What became of the exceptions of a decision. */
export interface Decided {
  /** How many it was for. */
  exceptions: number
  /** Rules that stand from now on. */
  standing: number
  /** How many it was not possible for; they stay open. */
  notPossible: number
  /** The first of those, and why. */
  problems: readonly {
    exception: number
    reason: string
  }[]
}

/** What a decision would do, as both systems are now. */
export interface DecisionPreview {
  /** How many it is for. */
  exceptions: number
  /** Records that would be written. */
  writes: number
  /** Records that the target holds so already. */
  unchanged: number
  /** Rules that would stand. */
  standing: number
  /** Records that would not pass mapping and validation, by code, and what would be said of the first. */
  fails: Readonly<
    Record<
      string,
      {
        records: number
        message: string
      }
    >
  >
  /** How many it was not possible for; they stay open. */
  notPossible: number
  /** The first of those, and why. */
  problems: readonly {
    exception: number
    reason: string
  }[]
  /** The first few: fields that differ, by side, and what would be written; personal ones masked. */
  first: readonly {
    exception: number
    fields: readonly DataRecord[]
  }[]
}

/** A record that needs a person or a retry. */
export interface Exception {
  /** Its number. */
  id: number
  /** Whose it is. */
  workflow: string
  /** Key of the record as one text. */
  key?: string
  /** Where it is in its life. */
  state: 'open' | 'resolved' | 'ignored' | 'expired'
  /** Of the catalogue. */
  code: string
  /** What the code means. */
  title: string
  /** This occurrence. */
  message: string
  /** Where it failed. */
  stage: string
  /** Where it stands in the source. */
  place: string
  /** Which field. */
  field?: string
  /** Fingerprint of its group. */
  group: string
  /** In which run it last failed. */
  run: string
  /** In how many runs. */
  attempts: number
  /** UTC. */
  firstSeen: string
  /** UTC. */
  lastSeen: string
  /** Until when it is to be settled. */
  due?: string
  /** Who looks after it. */
  assignee?: string
  /** By people. */
  tags: readonly string[]
  /** As it was read; personal fields masked. */
  record: DataRecord
  /** As it was sent. */
  sent?: DataRecord
  /** What the target held. */
  target?: DataRecord
  /** What will be corrected when it is sent again: `field`, `from` and `to` of each; personal values masked. */
  fix?: {
    changes: readonly DataRecord[]
    who: string
    at: string
  }
  /** How it was settled, with the evidence. */
  resolution?: {
    how: string
    evidence?: string
    at?: string
  }
  /** Grows with every change. */
  version: number
}

/** An exception with its history and what to do. */
export interface ExceptionView {
  /** Its number. */
  id: number
  /** Whose it is. */
  workflow: string
  /** Key of the record as one text. */
  key?: string
  /** Where it is in its life. */
  state: 'open' | 'resolved' | 'ignored' | 'expired'
  /** Of the catalogue. */
  code: string
  /** What the code means. */
  title: string
  /** This occurrence. */
  message: string
  /** Where it failed. */
  stage: string
  /** Where it stands in the source. */
  place: string
  /** Which field. */
  field?: string
  /** Fingerprint of its group. */
  group: string
  /** In which run it last failed. */
  run: string
  /** In how many runs. */
  attempts: number
  /** UTC. */
  firstSeen: string
  /** UTC. */
  lastSeen: string
  /** Until when it is to be settled. */
  due?: string
  /** Who looks after it. */
  assignee?: string
  /** By people. */
  tags: readonly string[]
  /** As it was read; personal fields masked. */
  record: DataRecord
  /** As it was sent. */
  sent?: DataRecord
  /** What the target held. */
  target?: DataRecord
  /** What will be corrected when it is sent again: `field`, `from` and `to` of each; personal values masked. */
  fix?: {
    changes: readonly DataRecord[]
    who: string
    at: string
  }
  /** How it was settled, with the evidence. */
  resolution?: {
    how: string
    evidence?: string
    at?: string
  }
  /** Grows with every change. */
  version: number
  /** Who can fix it. */
  owner: string
  /** Likely causes, and how to check each. */
  causes: readonly Cause[]
  /** Who does what, and how to verify it. */
  steps: readonly Step[]
  /** Everything that happened to it. */
  history: readonly Event[]
  /** Last synced, source then, source now, target now, and what differs. */
  views?: DataRecord
}

/** The open exceptions with one cause. */
export interface Group {
  /** Fingerprint. */
  group: string
  /** Whose they are. */
  workflow: string
  /** Of the catalogue. */
  code: string
  /** What the code means. */
  title: string
  /** Where they failed. */
  stage: string
  /** Which field. */
  field?: string
  /** Of the newest. */
  message: string
  /** How many. */
  count: number
  /** UTC. */
  firstSeen: string
  /** UTC. */
  lastSeen: string
  /** Newly opened in each of the last seven days. */
  trend: readonly number[]
}

/** What the failed records have in common and the others do not. */
export interface Explanation {
  /** For people. */
  sentence: string
  /** Failed records looked at. */
  failures: number
  /** Other records looked at. */
  others: number
  /** Share of the failures that the rule covers. */
  support?: number
  /** Share of what the rule covers that failed. */
  precision?: number
}

/** What to change. All that is named happens together. */
export interface ExceptionChange {
  /** null takes it from whoever has it. */
  assignee?: string | null
  /** Kept in the history. */
  comment?: string
  /** Tags to add. */
  addTags?: readonly string[]
  /** Tags to remove. */
  removeTags?: readonly string[]
  /** Until when. */
  due?: string | null
  /** Where it goes. */
  state?: 'open' | 'resolved' | 'ignored'
  /** Why; needed to ignore. */
  reason?: string
  /** Ignored until then; without it, while the record stays as it is. */
  until?: string
  /** Source fields to set before the record is sent again; null removes nothing, it sets null. */
  fix?: DataRecord
}

/** Which exceptions, and what to change. */
export type ExceptionsChange = Value | Value | Value

/** What became of a change of many. */
export interface ExceptionsChanged {
  /** How many were changed. */
  changed: number
  /** What it would do, one by one. */
  preview?: readonly DataRecord[]
}

/** Which exceptions to send again; without any of `ids`, `group` and the like, all open ones. */
export interface RetryRequest {
  /** These. */
  ids?: readonly number[]
  /** All open ones of this group. */
  group?: string
  /** All open ones with this code. */
  code?: string
  /** All open ones that last failed in this run. */
  run?: string
  /** All open ones assigned to somebody. */
  assignee?: string
  /** All open ones with this tag. */
  tag?: string
  /** All open ones with this in the key or the message. */
  text?: string
  /** Records per second at most. */
  rate?: number
  /** A deliberate decision: the target must not take it for a repeat. */
  again?: boolean
}

/** Something that happened. */
export interface Event {
  /** Ascending. */
  id: number
  /** UTC. */
  at: string
  /** What happened. */
  type: string
  /** Whose. */
  workflow: string
  /** In which run. */
  run?: string
  /** To which exception. */
  exception?: number
  /** Who did it. */
  who: string
  /** What is to be known of it. */
  facts: DataRecord
}

/** A likely cause. */
export interface Cause {
  /** What may be the cause. */
  cause: string
  /** How to see whether it is. */
  check: string
}

/** What somebody does next. */
export interface Step {
  /** Who does it. */
  who: 'you' | 'your-network-team' | 'other-system' | 'us'
  /** What to do. */
  do: string
  /** How to see that it helped. */
  verify: string
}

/** What went wrong, and who does what next (RFC 9457). */
export interface Problem {
  /** Address of the page about the code. */
  type: string
  /** The same for every occurrence of the code. */
  title: string
  /** That of the answer. */
  status: number
  /** This occurrence: thing, place, way out. */
  detail: string
  /** The request. */
  instance: string
  /** Stable. Decide by it. */
  code: string
  /** The same for phone and e-mail. */
  number: number
  /** Who can fix it. */
  owner: 'you' | 'your-network-team' | 'other-system' | 'us'
  /** Whether the same request can succeed later. */
  retryable: 'no' | 'same-request' | 'after-change' | 'after-delay'
  /** When, for after-delay. */
  retryAfterSeconds?: number
  /** Likely causes, and how to check each. */
  causes: readonly Cause[]
  /** Who does what, and how to verify it. */
  steps: readonly Step[]
  /** Every variable part of the detail. */
  evidence: Readonly<Record<string, string | number | boolean | null>>
  /** One for each field at fault. */
  errors?: readonly FieldProblem[]
  /** Name it when you ask for help. */
  requestId: string
  /** What is logged of the request; absent where it was not known who sent it. */
  requestLogUrl?: string
  /** Explained for people. */
  docs: string
  /** Always true: for clients that do not see the status. */
  hasErrors: true
}

/** What is wrong with one field. */
export interface FieldProblem {
  /** JSON pointer into the body. */
  pointer?: string
  /** Name of the parameter. */
  parameter?: string
  /** Row of the file, from 1. */
  row?: number
  /** Column of the file. */
  column?: string
  /** Why this record was refused. */
  code?: string
  /** What was expected. */
  detail: string
  /** What came, masked where personal. */
  received?: string
}

/** One entry of the dictionary of errors. */
export interface ErrorEntry {
  /** Stable. */
  code: string
  /** Stable. */
  number: number
  /** What it is. */
  title: string
  /** Kind. */
  category: string
  /** Who can fix it. */
  owner: 'you' | 'your-network-team' | 'other-system' | 'us'
  /** HTTP status where the gateway answers with it. */
  status: number
  /** Whether the same request can succeed later. */
  retryable: 'no' | 'same-request' | 'after-change' | 'after-delay'
  /** Likely causes, and how to check each. */
  causes: readonly Cause[]
  /** Who does what, and how to verify it. */
  steps: readonly Step[]
}

/** What reconciling a workflow found. */
export interface Reconciliation {
  /** Version of this form. */
  reconciliation: 1
  /** That of its run. */
  id: string
  /** Whose it is. */
  workflow: string
  /** What people call it. */
  title: string
  /** The result. */
  status: 'ties-out' | 'breaks' | 'failed'
  /** Records that changed later are not reported. */
  asOf: string
  /** UTC. */
  started: string
  /** UTC. */
  ended: string
  /** Connection, stream and counts. */
  source: {
    connection: string
    stream: string
    records?: number
  }
  /** Connection, stream and counts. */
  target: {
    connection: string
    stream: string
    records?: number
  }
  /** How many, by state, kind and field. */
  breaks: {
    open: number
    pending: number
    accepted: number
    byKind?: Readonly<Record<string, number>>
    byField?: readonly DataRecord[]
  }
  /** The tie-out figures. */
  measures: readonly DataRecord[]
  /** What totals are grouped by. */
  dimensions: readonly string[]
  /** By dimensions, largest difference first. */
  totals: readonly DataRecord[]
  /** Probable causes, largest support first. */
  causes: readonly DataRecord[]
  /** What a signature is for. */
  contentHash: string
}

/** One disagreement. */
export interface Break {
  /** Its number in this reconciliation. */
  id: number
  /** What disagrees. */
  kind: 'missing-in-source' | 'missing-in-target' | 'duplicate' | 'differs'
  /** Key of the record as one text; personal keys masked. */
  key: string
  /** Where it is in its life. */
  state: 'open' | 'pending' | 'accepted'
  /** Which fields, and both values; personal ones masked. */
  fields: readonly {
    field: string
  }[]
  /** Its group. */
  dimensions: readonly string[]
  /** What it adds to source minus target, by measure; empty where that is personal. */
  effect: readonly string[]
  /** Probable cause. */
  cause?: string
  /** As compared; personal fields masked. */
  source?: DataRecord
  /** As compared; personal fields masked. */
  target?: DataRecord
  /** When an earlier reconciliation first found it. */
  firstSeen?: string
}

/** A signature. */
export interface SignatureRequest {
  /** What is closed. */
  period: string
  /** Who signs. */
  who: string
  /** Needed where breaks are open. */
  comment?: string
}

/** A signature that was given. */
export interface Signature {
  /** Of which reconciliation. */
  reconciliation: string
  /** Whose it is. */
  workflow: string
  /** What is closed. */
  period: string
  /** Who signed. */
  who: string
  /** UTC. */
  at: string
  /** As given. */
  comment: string
  /** What was signed. */
  contentHash: string
}

/** What a guard holds until somebody approves it. */
export interface Held {
  /** Which guard. */
  guard: 'deletes' | 'rejects'
  /** Of the exact set of records: `approve` takes it. */
  hash: string
  /** How many would be deleted, or were rejected. */
  records: number
  /** Of how many. */
  of: number
  /** In words. */
  reason: string
}

/** What is moved from where to where. */
export interface Workflow {
  /** As in the definition. */
  name: string
  /** What people call it. */
  title: string
  /** Fields that identify a record. */
  key: readonly string[]
  /** How the target is brought up to date. */
  mode: 'append' | 'insert-only' | 'update-only' | 'upsert' | 'mirror'
  /** Connection and stream. */
  source: {
    connection: string
    stream: string
  }
  /** Connection and stream. */
  target: {
    connection: string
    stream: string
  }
  /** What totals are grouped by. */
  dimensions: readonly string[]
  /** What is added up. */
  measures: readonly string[]
  /** JSON Schema of its records. */
  schema?: DataRecord
}

/** One execution of a step for a workflow. */
export interface Run {
  /** For its address. */
  id: string
  /** Whose it is. */
  workflow: string
  /** What is done. */
  kind: 'sync' | 'undo' | 'retry' | 'plan' | 'reconcile' | 'upload' | 'decide'
  /** Over, unless queued or running. */
  state: 'queued' | 'running' | 'interrupted' | 'succeeded' | 'exceptions' | 'held' | 'failed' | 'cancelled'
  /** Nothing more will happen by itself. */
  over: boolean
  /** Some records were refused, or the run failed. */
  hasErrors: boolean
  /** UTC. */
  started: string
  /** UTC. */
  ended?: string
  /** Records read and written so far. */
  progress: {
    read?: number
    total?: number
    written?: number
    rejected?: number
  }
  /** Records by what became of them. */
  outcomes?: Readonly<Record<string, number>>
  /** What a guard holds; `hash` approves it. */
  held?: Held
  /** The balanced account of the run. With `staged` the target file is as it was: what was written waits beside it for the next run that comes to its end. */
  receipt?: DataRecord
  /** Of `decide`: what became of the exceptions. */
  decided?: Decided
  /** Why it failed. */
  problem?: RunProblem
  /** Records of an upload by what became of them. */
  files?: {
    ok?: string
    failed?: string
    unprocessed?: string
  }
  /** The first records of an upload that were refused, by row and column; `files.failed` has them all. */
  errors?: readonly FieldProblem[]
  /** Of `plan` and `reconcile`: where what they found stands. */
  resultUrl?: string
  /** Where to follow it. */
  statusUrl: string
  /** When asking again is worthwhile; 0 when it is over. */
  pollAfterSeconds: number
}

/** Why a run could not go on. */
export interface RunProblem {
  /** Stable. Decide by it. */
  code: string
  /** The same for phone and e-mail. */
  number: number
  /** The same for every occurrence of the code. */
  title: string
  /** This occurrence. */
  detail: string
  /** Who can fix it. */
  owner: string
  /** Likely causes, and how to check each. */
  causes: readonly Cause[]
  /** Who does what, and how to verify it. */
  steps: readonly Step[]
  /** Every variable part of the detail. */
  evidence: DataRecord
}

/** What to do. */
export interface RunRequest {
  /** Default sync. */
  kind?: 'sync' | 'plan' | 'reconcile'
  /** Read everything although the workflow has a cursor, and give the target what it lost. */
  full?: boolean
  /** Read from the beginning although an interrupted run could go on. */
  restart?: boolean
  /** Hash of what a guard held. */
  approve?: string
  /** For reconcile: breaks raise exceptions. */
  exceptions?: boolean
}

/** What is approved. */
export interface Approval {
  /** Hash of what a guard held. */
  approve?: string
}

/** What a sync would do. */
export interface Plan {
  /** Whose it is. */
  workflow: string
  /** Records read. */
  read: number
  /** Everything was read, not only a part. */
  complete: boolean
  /** Records by what would become of them. */
  outcomes: Readonly<Record<string, number>>
  /** Rejected records by code. */
  rejectedBy: Readonly<Record<string, number>>
  /** A few records of each outcome; updated ones with values before and after. */
  samples: DataRecord
  /** The guard that would trip. */
  held?: Held
  /** What it would cost. */
  forecast: {
    writeCalls?: number
    minutes?: number
  }
}

/** The manifest of a download. */
export interface Export {
  /** Of the download. */
  id: string
  /** Whose records. */
  workflow: string
  /** What it shows is as of this moment. */
  asOf: string
  /** Without deleted ones. */
  records: number
  /** Keys of records that disappeared. */
  deleted: number
  /** Unpacked. */
  bytes: number
  /** Of the unpacked bytes, in hex. */
  sha256: string
  /** Rows of the source that a sync would refuse, too: they are not in it. */
  refused: number
  /** The first of those. */
  errors: readonly FieldProblem[]
  /** The source proved that it listed everything. */
  complete: boolean
  /** All records are as of one moment. */
  consistent: boolean
  /** What shows that, or why it cannot be said. */
  consistency: string
  /** For `changedSince` of the next download; absent where the workflow has no key. */
  cursor?: string
  /** Of the bytes. */
  mediaType: string
  /** Where the bytes are, with Range. */
  recordsUrl: string
}

/** What became of one record. */
export interface RecordResult {
  /** The run that wrote it. */
  run: string
  /** What became of it. */
  outcome: 'created' | 'updated' | 'unchanged' | 'skipped'
  /** Its key. */
  key: DataRecord
}

/** Whether so many records fit the limits. */
export interface Forecast {
  /** As asked. */
  records: number
  /** Yes or no. */
  fits: boolean
  /** For people. */
  sentence: string
  /** Each limit of records, and what would be left. */
  limits: readonly {
    name: string
    left: number
    after: number
  }[]
}

/** Answered with one JSON object. */

export interface Calls {
  /** Read what this gateway is and where things are. */
  getService: {
    input: Readonly<Record<string, never>>
    answer: Service
  }
  /** Ask whether it is up. */
  getHealth: {
    input: Readonly<Record<string, never>>
    answer: Health
  }
  /** See what arrives here of a request. */
  getDiagnostics: {
    input: Readonly<Record<string, never>>
    answer: Diagnostics
  }
  /** Read the dictionary of errors. */
  listErrors: {
    input: Readonly<Record<string, never>>
    answer: {
      items: readonly ErrorEntry[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Read what an error means and who does what. */
  getError: {
    input: {
      /** Code or number. */
      code: string
    }
    answer: ErrorEntry
  }
  /** Download the OpenAPI 3.1 document. */
  getOpenApi: {
    input: Readonly<Record<string, never>>
    answer: DataRecord
  }
  /** Download the OpenAPI 3.0 document. */
  getOpenApi30: {
    input: Readonly<Record<string, never>>
    answer: DataRecord
  }
  /** See who one is here. */
  getCaller: {
    input: Readonly<Record<string, never>>
    answer: Caller
  }
  /** Read every limit and what is left of it. */
  listLimits: {
    input: Readonly<Record<string, never>>
    answer: {
      items: readonly Limit[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** List one's own requests and what became of them. */
  listRequests: {
    input: {
      /** Only those refused with this code. */
      code?: string
      /** Only of this operation. */
      operation?: string
      /** Only those answered with this status. */
      status?: number
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly LoggedRequest[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Read what became of one request. */
  getRequest: {
    input: {
      /** Id of the request. */
      request: string
    }
    answer: LoggedRequest
  }
  /** List the workflows that the key may use. */
  listWorkflows: {
    input: {
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Workflow[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Read a workflow with the schema of its records. */
  getWorkflow: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
    }
    answer: Workflow
  }
  /** Ask whether tonight fits the limits. */
  getForecast: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** How many are to come. */
      records?: number
    }
    answer: Forecast
  }
  /** Read the manifest of a download. */
  getExport: {
    input: {
      /** Id of the download, from its ETag or Link. */
      export: string
      /** Seconds to wait for the end of a download that is still being made. */
      wait?: number
    }
    answer: Export
  }
  /** Write one record now. */
  putRecord: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** The key of the record; parts of a composite key are separated by commas, each percent-encoded. */
      key: string
      /** The record as the source would give it. */
      body: DataRecord
    }
    answer: RecordResult
  }
  /** Start a sync, a plan or a reconciliation. */
  startRun: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
      /** What to do; without a body, a sync. */
      body?: RunRequest
    }
    answer: Run
  }
  /** List runs, newest first. */
  listRuns: {
    input: {
      /** Only of this workflow. */
      workflow?: string
      /** Only of this kind. */
      kind?: 'sync' | 'undo' | 'retry' | 'plan' | 'reconcile' | 'upload' | 'decide'
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Run[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Follow a run. */
  getRun: {
    input: {
      /** Id of the run, as starting it answered. */
      run: string
      /** Seconds to wait for news before answering (long poll). Below 55, so that no proxy on the way gives up first. */
      wait?: number
    }
    answer: Run
  }
  /** Stop a run at its next checkpoint. */
  cancelRun: {
    input: {
      /** Id of the run, as starting it answered. */
      run: string
    }
    answer: Run
  }
  /** Go on with a run that was interrupted or held. */
  resumeRun: {
    input: {
      /** Id of the run, as starting it answered. */
      run: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
      /** What is approved. */
      body?: Approval
    }
    answer: Run
  }
  /** Write back what a run changed. */
  undoRun: {
    input: {
      /** Id of the run, as starting it answered. */
      run: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
    }
    answer: Run
  }
  /** Read what a plan found. */
  getPlan: {
    input: {
      /** Id of a run of kind plan. */
      run: string
    }
    answer: Plan
  }
  /** List exceptions with all that is needed to decide. */
  listExceptions: {
    input: {
      /** Only of this workflow. */
      workflow?: string
      /** Default open. */
      state?: 'open' | 'resolved' | 'ignored' | 'expired'
      /** Fingerprint of a group. */
      group?: string
      /** Code of the catalogue. */
      code?: string
      /** Last failed in this run. */
      run?: string
      /** Assigned to. */
      assignee?: string
      /** With this tag. */
      tag?: string
      /** Only those past their due date. */
      overdue?: boolean
      /** Part of the key or the message. */
      text?: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Exception[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** List exceptions by what they have in common. */
  listGroups: {
    input: {
      /** Only of this workflow. */
      workflow?: string
      /** Default open. */
      state?: 'open' | 'resolved' | 'ignored' | 'expired'
      /** Fingerprint of a group. */
      group?: string
      /** Code of the catalogue. */
      code?: string
      /** Last failed in this run. */
      run?: string
      /** Assigned to. */
      assignee?: string
      /** With this tag. */
      tag?: string
      /** Only those past their due date. */
      overdue?: boolean
      /** Part of the key or the message. */
      text?: string
    }
    answer: {
      items: readonly Group[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Find what the failed records have in common and the others do not. */
  explainGroup: {
    input: {
      /** Fingerprint of the group. */
      group: string
    }
    answer: Explanation
  }
  /** Read one exception with its history. */
  getException: {
    input: {
      /** Number of the exception. */
      exception: number
      /** Reads both systems again for the four-way view. */
      now?: boolean
    }
    answer: ExceptionView
  }
  /** Change one exception: assign, comment, tag, resolve, ignore, reopen or fix it. */
  changeException: {
    input: {
      /** Number of the exception. */
      exception: number
      /** The ETag that the change was made on; 412 when it is no longer that. */
      'If-Match'?: string
      /** What to change. */
      body: ExceptionChange
    }
    answer: ExceptionView
  }
  /** Decide on many exceptions at once. */
  changeExceptions: {
    input: {
      /** Which, and what. */
      body: ExceptionsChange
    }
    answer: ExceptionsChanged
  }
  /** Send the records of exceptions again. */
  retryExceptions: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
      /** Which. */
      body: RetryRequest
    }
    answer: Run
  }
  /** List what was decided and stands. */
  listDecisions: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Decision[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Decide which side is right where both systems disagree. */
  decideExceptions: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
      /** Which, and what. */
      body: DecisionRequest
    }
    answer: Run
  }
  /** See what a decision would do. */
  previewDecision: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** The decision. */
      body: DecisionRequest
    }
    answer: DecisionPreview
  }
  /** List the reconciliations of a workflow, newest first. */
  listReconciliations: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Reconciliation[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Read a reconciliation, added up by the dimensions people report on. */
  getReconciliation: {
    input: {
      /** Id of the reconciliation: that of its run. */
      reconciliation: string
      /** Instead of `Accept`. */
      format?: 'json' | 'html' | 'xlsx' | 'csv'
    }
    answer: Reconciliation
  }
  /** Drill down from a total to its records and fields. */
  listBreaks: {
    input: {
      /** Id of the reconciliation: that of its run. */
      reconciliation: string
      /** Only of this kind. */
      kind?: 'missing-in-source' | 'missing-in-target' | 'duplicate' | 'differs'
      /** Only with this cause. */
      cause?: string
      /** Only in this state. */
      state?: 'open' | 'pending' | 'accepted'
      /** Only where this field differs. */
      field?: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Break[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Sign a reconciliation and close its period. */
  signOff: {
    input: {
      /** Id of the reconciliation: that of its run. */
      reconciliation: string
      /** The signature. */
      body: SignatureRequest
    }
    answer: Signature
  }
  /** Read what happened since a cursor. */
  listEvents: {
    input: {
      /** The `next` of the last answer; absent: from the beginning. */
      after?: string
      /** Only of this type. */
      type?: string
      /** Seconds to wait for news before answering (long poll). Below 55, so that no proxy on the way gives up first. */
      wait?: number
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    answer: {
      items: readonly Event[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** List webhooks and how they fare. */
  listWebhooks: {
    input: Readonly<Record<string, never>>
    answer: {
      items: readonly Webhook[]
      /** The `after` of the next page; absent on the last. */
      next?: string
    }
  }
  /** Have events sent to an address. */
  createWebhook: {
    input: {
      /** Where to. */
      body: WebhookRequest
    }
    answer: Webhook
  }
  /** Stop sending events to an address. */
  deleteWebhook: {
    input: {
      /** Id of the webhook. */
      webhook: string
    }
    answer: Deleted
  }
  /** Send again what was not delivered since a time. */
  recoverWebhook: {
    input: {
      /** Id of the webhook. */
      webhook: string
      /** Since when. */
      body: Recovery
    }
    answer: Webhook
  }
}

/** With a body of any size in one of these formats. */

export interface Uploads {
  /** Upload a whole file; it starts itself. */
  uploadRecords: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** `respond-async` answers 202 at once; `wait=N` waits up to N seconds for the result (RFC 7240). Others are ignored. */
      Prefer?: string
      /** `422` answers with a problem when any record was refused, for platforms that look only at the status. */
      onPartial?: '207' | '422'
      /** Overrides the mode of the workflow. */
      mode?: 'append' | 'insert-only' | 'update-only' | 'upsert'
    }
    mediaType:
      'text/csv' | 'application/x-ndjson' | 'application/json' | 'application/xml' | 'multipart/form-data'
    answer: Run
  }
}

/** Answered with bytes in one of these formats. */

export interface Downloads {
  /** Read the dictionary of errors. */
  listErrors: {
    input: Readonly<Record<string, never>>
    mediaType: 'application/json' | 'text/csv' | 'text/html'
  }
  /** Read what an error means and who does what. */
  getError: {
    input: {
      /** Code or number. */
      code: string
    }
    mediaType: 'application/json' | 'text/html'
  }
  /** Download all records of a workflow in one call. */
  downloadRecords: {
    input: {
      /** Name of the workflow in the definition. */
      workflow: string
      /** Instead of `Accept`, for clients that cannot set headers. */
      format?: 'csv' | 'ndjson' | 'json' | 'xml'
      /** `none` leaves texts that a spreadsheet would take for formulas as they are. */
      escape?: 'formulas' | 'none'
      /** The cursor of an earlier download (header `Tieout-Cursor`, `cursor` of its manifest). */
      changedSince?: string
      /** `include` adds the keys of records that disappeared, marked by `tieout_deleted`. */
      deleted?: 'include' | 'leave-out'
      /** Bytes of an earlier download to go on with. */
      Range?: string
      /** The ETag of that download. */
      'If-Range'?: string
    }
    mediaType: 'text/csv' | 'application/x-ndjson' | 'application/json' | 'application/xml'
  }
  /** Download the records of an upload by what became of them. */
  getRunFile: {
    input: {
      /** Id of the run, as starting it answered. */
      run: string
      /** Which records. */
      outcome: 'ok' | 'failed' | 'unprocessed'
    }
    mediaType: 'text/csv' | 'application/x-ndjson' | 'application/json' | 'application/xml'
  }
  /** List exceptions with all that is needed to decide. */
  listExceptions: {
    input: {
      /** Only of this workflow. */
      workflow?: string
      /** Default open. */
      state?: 'open' | 'resolved' | 'ignored' | 'expired'
      /** Fingerprint of a group. */
      group?: string
      /** Code of the catalogue. */
      code?: string
      /** Last failed in this run. */
      run?: string
      /** Assigned to. */
      assignee?: string
      /** With this tag. */
      tag?: string
      /** Only those past their due date. */
      overdue?: boolean
      /** Part of the key or the message. */
      text?: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    mediaType: 'application/json' | 'text/csv'
  }
  /** Read a reconciliation, added up by the dimensions people report on. */
  getReconciliation: {
    input: {
      /** Id of the reconciliation: that of its run. */
      reconciliation: string
      /** Instead of `Accept`. */
      format?: 'json' | 'html' | 'xlsx' | 'csv'
    }
    mediaType:
      | 'application/json'
      | 'text/html'
      | 'text/csv'
      | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  }
  /** Drill down from a total to its records and fields. */
  listBreaks: {
    input: {
      /** Id of the reconciliation: that of its run. */
      reconciliation: string
      /** Only of this kind. */
      kind?: 'missing-in-source' | 'missing-in-target' | 'duplicate' | 'differs'
      /** Only with this cause. */
      cause?: string
      /** Only in this state. */
      state?: 'open' | 'pending' | 'accepted'
      /** Only where this field differs. */
      field?: string
      /** The `next` of the page before. A page without `next` is the last. */
      after?: string
      /** Most entries of one page; `next` leads to the rest. */
      limit?: number
    }
    mediaType: 'application/json' | 'text/csv'
  }
}
