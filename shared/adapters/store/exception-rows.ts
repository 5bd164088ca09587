import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Exception, ExceptionState, Failure, Group } from '../../core/exceptions/exception'
import { fieldOf } from '../../core/exceptions/fingerprint'
import { isEventType, type FeedEvent } from '../../core/feed'
import { Fault } from '../../core/fault'
import { parseJson } from '../../core/format/json'
import type { DataRecord } from '../../core/record/value'
import type { Condition } from './condition'
import { isKeys, saved } from './saved'

const DAY = 86_400_000

type Row = Record<string, SQLOutputValue>

/** The row of an exception with its content; conditions and order follow. */
export const EXCEPTION = 'SELECT exception.*, body FROM exception JOIN exception_content USING (id)'

/** What nobody filters by. */
type Life = Pick<Exception, 'ignored' | 'resolution' | 'fix'>

export function exceptionOf(row: Row): Exception {
  const { due, assignee } = row
  return {
    id: Number(row['id']),
    workflow: String(row['workflow']),
    subject: String(row['subject']),
    state: saidBy(row['state'], isState),
    last: failureOf(row['body']),
    fingerprint: String(row['fingerprint']),
    attempts: Number(row['attempts']),
    firstSeen: Number(row['first_seen']),
    lastSeen: Number(row['last_seen']),
    ...(due === null ? {} : { due: Number(due) }),
    ...(assignee === null ? {} : { assignee: String(assignee) }),
    tags: saved(row['tags'], isKeys),
    ...exact(row['life'], isLife),
    version: Number(row['version']),
  }
}

const COLUMNS = [
  'state',
  'fingerprint',
  'code',
  'stage',
  'field',
  'run',
  'key',
  'message',
  'attempts',
  'last_seen',
  'due',
  'assignee',
  'tags',
  'settled_at',
  'life',
]

export const INSERT_EXCEPTION = `INSERT INTO exception (workflow, subject, version, first_seen, opened, ${COLUMNS.join(', ')})
  VALUES (?, ?, ?, ?, ?, ${COLUMNS.map(() => '?').join(', ')})`

export const UPDATE_EXCEPTION = `UPDATE exception SET version = version + 1,
  opened = CASE WHEN state <> 'open' AND ? = 'open' THEN ? ELSE opened END,
  ${COLUMNS.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`

/** In the order of COLUMNS. */
export function cellsOf(exception: Omit<Exception, 'id'>): SQLInputValue[] {
  const { state, fingerprint, last, attempts, lastSeen, due, assignee, tags, resolution } = exception
  return [
    state,
    fingerprint,
    last.code,
    last.stage,
    fieldOf(last) ?? null,
    last.run,
    last.key ?? null,
    last.message,
    attempts,
    lastSeen,
    due ?? null,
    assignee ?? null,
    JSON.stringify(tags),
    resolution?.at ?? null,
    lifeOf(exception),
  ]
}

function lifeOf({ ignored, resolution, fix }: Life): string {
  return JSON.stringify({ ignored, resolution, fix })
}

export function failureOf(body: SQLOutputValue | undefined): Failure {
  return exact(body, isFailure)
}

export function contentOf(failure: Failure): string {
  return JSON.stringify(failure)
}

/** One line per fingerprint, with what the newest says; days of the trend count back from the moment bound first. */
export function groupsBy({ where }: Condition): string {
  const day = (ago: number): string =>
    `sum(opened > moment.now - ${String((ago + 1) * DAY)} AND opened <= moment.now - ${String(ago * DAY)}) AS day${String(ago)}`
  return `WITH moment AS (SELECT ? AS now), line AS (
      SELECT fingerprint, count(*) AS count, min(first_seen) AS first_seen, max(last_seen) AS last_seen, max(id) AS newest,
        group_concat(DISTINCT assignee) AS assignees, ${[6, 5, 4, 3, 2, 1, 0].map(day).join(', ')}
      FROM exception, moment WHERE ${where} GROUP BY fingerprint
    )
    SELECT line.*, workflow, code, stage, field, message FROM line JOIN exception ON exception.id = line.newest
    ORDER BY count DESC, newest DESC`
}

export function groupOf(row: Row): Group {
  const { field, assignees } = row
  return {
    fingerprint: String(row['fingerprint']),
    workflow: String(row['workflow']),
    code: String(row['code']),
    stage: saidBy(row['stage'], isStage),
    ...(field === null ? {} : { field: String(field) }),
    message: String(row['message']),
    count: Number(row['count']),
    firstSeen: Number(row['first_seen']),
    lastSeen: Number(row['last_seen']),
    trend: [6, 5, 4, 3, 2, 1, 0].map((ago) => Number(row[`day${String(ago)}`])),
    assignees: assignees === null ? [] : String(assignees).split(',').sort(),
  }
}

export function eventOf(row: Row): FeedEvent {
  const { run, exception } = row
  return {
    id: Number(row['id']),
    at: Number(row['at']),
    type: saidBy(row['type'], isEventType),
    workflow: String(row['workflow']),
    ...(run === null ? {} : { run: String(run) }),
    ...(exception === null ? {} : { exception: Number(exception) }),
    who: String(row['who']),
    facts: exact(row['facts'], isRecord),
  }
}

/** JSON of business data, with every digit of its numbers. */
function exact<T>(text: SQLOutputValue | undefined, guard: (value: unknown) => value is T): T {
  const value: unknown = parseJson(String(text))
  return saidBy(value, guard)
}

function saidBy<T>(value: unknown, guard: (value: unknown) => value is T): T {
  if (guard(value)) return value
  throw new Fault('STORE_DAMAGED', 'A row of the state file is not what Tieout writes there.')
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'record' in value
}

function isLife(value: unknown): value is Life {
  return typeof value === 'object' && value !== null
}

function isRecord(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isState(value: unknown): value is ExceptionState {
  return value === 'open' || value === 'resolved' || value === 'ignored' || value === 'expired'
}

function isStage(value: unknown): value is Failure['stage'] {
  return STAGES.some((stage) => stage === value)
}

const STAGES: readonly Failure['stage'][] = ['read', 'map', 'validate', 'write', 'reconcile']
