import type { Exception, ExceptionFilter, Failure, Group, KeptFailure } from '../../core/exceptions/exception'
import { expired, failedAgain, opened, raises, settled, subjectOf } from '../../core/exceptions/lifecycle'
import {
  MOST_HISTORY,
  type ExceptionStore,
  type Finder,
  type Settled,
  type Told,
  type Turns,
} from '../../core/exceptions/store'
import type { Turn } from '../../core/exceptions/turn'
import { exceptionUnknown } from '../../core/exceptions/unknown'
import type { FeedEvent, NewEvent } from '../../core/feed'
import type { Keep } from '../../core/keep'
import type { Answers } from './answers'
import { condition } from './condition'
import {
  cellsOf,
  contentOf,
  EXCEPTION,
  exceptionOf,
  groupOf,
  groupsBy,
  INSERT_EXCEPTION,
  UPDATE_EXCEPTION,
} from './exception-rows'
import { EventLog, type EventFilter } from './event-log'
import { FailureLog } from './failure-log'
import type { Sql } from './sql'

/** Expired in one go, so that no run waits long for its lock. */
const EXPIRED_AT_ONCE = 10_000
const PAGE = 500
/** Named of rows with the same content. */
const PLACES = 3

/** Failures, exceptions and events in the tables of the SQLite store. */
export class SqliteInbox implements ExceptionStore {
  private readonly failureLog: FailureLog
  private readonly eventLog: EventLog

  constructor(
    private readonly sql: Sql,
    private readonly answers: Answers,
  ) {
    this.failureLog = new FailureLog(sql)
    this.eventLog = new EventLog(sql)
  }

  failures(filter: Parameters<ExceptionStore['failures']>[0]): Promise<KeptFailure[]> {
    return Promise.resolve(this.failureLog.of(filter))
  }

  raise(failures: readonly Failure[], dueMs: number): Promise<void> {
    return this.sql.transaction(() => {
      this.fail(failures, dueMs)
    })
  }

  settle(workflow: string, settled: readonly Settled[], by: Finder): Promise<void> {
    return this.sql.transaction(() => {
      this.close(workflow, settled, by)
    })
  }

  subjects(workflow: string): Promise<readonly string[]> {
    const rows = this.sql
      .of(`SELECT subject FROM exception WHERE workflow = ? AND state IN ('open', 'ignored')`)
      .all(workflow)
    return Promise.resolve(rows.map((row) => String(row['subject'])))
  }

  exception(id: number): Promise<Exception | undefined> {
    const exception = this.byId(id)
    return Promise.resolve(exception && this.placed(exception))
  }

  exceptions(filter: ExceptionFilter, page: { limit: number; before?: number }): Promise<Exception[]> {
    return Promise.resolve(this.page(filter, page).map((one) => this.placed(one)))
  }

  countExceptions(filter: ExceptionFilter): Promise<number> {
    const { where, values } = condition(filter)
    const row = this.sql.of(`SELECT count(*) AS count FROM exception WHERE ${where}`).get(...values)
    return Promise.resolve(Number(row?.['count'] ?? 0))
  }

  groups(filter: ExceptionFilter, now: number): Promise<Group[]> {
    const rows = this.sql.of(groupsBy(condition(filter))).all(now, ...condition(filter).values)
    return Promise.resolve(rows.map(groupOf))
  }

  changeExceptions(
    which: { ids: readonly number[] } | { filter: ExceptionFilter },
    turns: Turns,
    keep?: Keep<number>,
  ): Promise<number> {
    return this.sql.transaction(() => {
      let changed = 0
      for (const exception of 'ids' in which ? this.named(which.ids) : this.all(which.filter))
        if (this.turn(exception, turns)) changed++
      this.answers.keep(keep, changed)
      return changed
    })
  }

  changeException(id: number, turns: Turns, keep?: Keep<Told>): Promise<Told> {
    return this.sql.transaction(() => {
      this.turn(this.known(id), turns)
      const told = {
        exception: this.placed(this.known(id)),
        history: this.eventLog.read({ exception: id, limit: MOST_HISTORY }),
      }
      this.answers.keep(keep, told)
      return told
    })
  }

  expireExceptions(
    workflow: string,
    before: number,
    now: number,
    keys: 'kept' | 'emptied' = 'kept',
  ): Promise<number> {
    return this.sql.transaction(() => this.sql.wiped(() => this.expire(workflow, before, now, keys)))
  }

  addEvent(event: NewEvent): Promise<void> {
    this.eventLog.add(event)
    return Promise.resolve()
  }

  lastEvent(): Promise<number> {
    return Promise.resolve(this.eventLog.last())
  }

  lastEventBefore(at: number): Promise<number> {
    return Promise.resolve(this.eventLog.lastBefore(at))
  }

  countEvents(filter: Parameters<ExceptionStore['countEvents']>[0]): Promise<number> {
    return Promise.resolve(this.eventLog.count(filter))
  }

  events(filter: EventFilter): Promise<FeedEvent[]> {
    return Promise.resolve(this.eventLog.read(filter))
  }

  /** Within a transaction of the caller. */
  keep(failures: readonly Failure[], kept: boolean): void {
    this.failureLog.add(failures, kept)
  }

  /** Within a transaction of the caller. */
  tell(event: NewEvent): void {
    this.eventLog.add(event)
  }

  /** Within a transaction of the caller: opens, counts up, reopens. */
  fail(failures: readonly Failure[], dueMs: number): void {
    for (const failure of failures) {
      if (!raises(failure)) continue
      const found = this.bySubject(failure.workflow, subjectOf(failure))
      if (found) this.update(failedAgain(found, failure, dueMs))
      else this.insert(opened(failure, dueMs))
    }
  }

  /** Within a transaction of the caller. */
  close(workflow: string, all: readonly Settled[], by: Finder): void {
    for (const one of all) {
      const found = this.bySubject(workflow, one.subject)
      const turn = found && settled(found, one, by)
      if (turn) this.update(turn)
    }
  }

  /** Within a transaction of the caller. @throws Fault EXCEPTION_UNKNOWN */
  turnById(id: number, turns: Turns): void {
    this.turn(this.known(id), turns)
  }

  /** @returns whether it was changed */
  private turn(exception: Exception, turns: Turns): boolean {
    const made = turns(exception)
    for (const turn of made) this.update(turn)
    return made.length > 0
  }

  private expire(workflow: string, before: number, now: number, keys: 'kept' | 'emptied'): number {
    const rows = this.sql
      .of(
        `${EXCEPTION} WHERE workflow = ? AND state = 'resolved' AND settled_at < ? ORDER BY settled_at
        LIMIT ${String(EXPIRED_AT_ONCE)}`,
      )
      .all(workflow, before)
    // what its history said of the content
    const empty = this.sql.of(
      `UPDATE event SET facts = json_remove(facts, '$.message', '$.changes') WHERE exception = ?`,
    )
    for (const row of rows) {
      const turn = expired(exceptionOf(row), now, keys)
      this.update(turn)
      this.sql
        .of('UPDATE exception SET subject = ? WHERE id = ?')
        .run(turn.exception.subject, turn.exception.id)
      empty.run(turn.exception.id)
    }
    this.failureLog.empty(workflow, before, keys)
    return rows.length
  }

  private byId(id: number): Exception | undefined {
    const row = this.sql.of(`${EXCEPTION} WHERE exception.id = ?`).get(id)
    return row && exceptionOf(row)
  }

  private known(id: number): Exception {
    const exception = this.byId(id)
    if (!exception) throw exceptionUnknown(id)
    return exception
  }

  /** Rows that are known by their content alone and have the same are one exception: its place tells of all. */
  private placed(exception: Exception): Exception {
    const { subject, last } = exception
    if (!subject.startsWith('#')) return exception
    const { count, places } = this.failureLog.alike(last, PLACES)
    const [first, ...others] = places
    if (first === undefined || count < 2) return exception
    const more = others.length < count - 1 ? ', ...' : ''
    const equal = count === 2 ? 'an equal row' : `${String(count - 1)} equal rows`
    return { ...exception, last: { ...last, place: `${first} and ${equal} (${others.join(', ')}${more})` } }
  }

  private *named(ids: readonly number[]): Generator<Exception> {
    for (const id of new Set(ids)) yield this.known(id)
  }

  /** By pages, so that what becomes of one is never in the way of the next. */
  private *all(filter: ExceptionFilter): Generator<Exception> {
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const page = this.page(filter, { limit: PAGE, before })
      const last = page.at(-1)
      if (!last) return
      yield* page
      before = last.id
    }
  }

  private page(filter: ExceptionFilter, { limit, before }: { limit: number; before?: number }): Exception[] {
    const { where, values } = condition(filter)
    const rows = this.sql
      .of(`${EXCEPTION} WHERE ${where} AND exception.id < ? ORDER BY exception.id DESC LIMIT ?`)
      .all(...values, before ?? Number.MAX_SAFE_INTEGER, limit)
    return rows.map(exceptionOf)
  }

  private bySubject(workflow: string, subject: string): Exception | undefined {
    const row = this.sql.of(`${EXCEPTION} WHERE workflow = ? AND subject = ?`).get(workflow, subject)
    return row && exceptionOf(row)
  }

  private insert({ exception, event }: Turn<Omit<Exception, 'id'>>): void {
    const { workflow, subject, version, firstSeen } = exception
    const { lastInsertRowid } = this.sql
      .of(INSERT_EXCEPTION)
      .run(workflow, subject, version, firstSeen, firstSeen, ...cellsOf(exception))
    const id = Number(lastInsertRowid)
    this.sql.of('INSERT INTO exception_content (id, body) VALUES (?, ?)').run(id, contentOf(exception.last))
    if (event) this.tell({ ...event, exception: id })
  }

  private update({ exception, event }: Turn): void {
    const { id, state, lastSeen } = exception
    this.sql.of(UPDATE_EXCEPTION).run(state, event?.at ?? lastSeen, ...cellsOf(exception), id)
    this.sql.of('UPDATE exception_content SET body = ? WHERE id = ?').run(contentOf(exception.last), id)
    if (event) this.tell({ ...event, exception: id })
  }
}
