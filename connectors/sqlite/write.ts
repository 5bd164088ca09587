import type { SQLInputValue } from 'node:sqlite'
import type {
  Answer,
  Batch,
  Target,
  TargetAbilities,
  TargetRequest,
  Write,
} from '../../shared/core/connector'
import { ABSENT, CREATED, EXISTS, UNCHANGED } from '../../shared/core/database/answers'
import { column, hasFields } from '../../shared/core/database/table'
import { Fault } from '../../shared/core/fault'
import { CountingLedger } from '../../shared/core/record/ledger'
import type { DataRecord, Value } from '../../shared/core/record/value'
import { rejectionOf } from './faults'
import type { BatchLedger } from './ledger'
import { lookup } from './lookup'
import type { Session } from './session'
import { names, quoted, type Table } from './table'
import { jsonFields, recordReader, valueBinder, type Row } from './values'

const KEYS_PER_PAGE = 10_000

/** The statements for records with the same fields. */
interface Shape {
  fields: readonly string[]
  values: readonly string[]
  insert: string
  /** The old values of the fields, and whether any of them differs. */
  compare: string
  update: string
  read: (row: Row) => DataRecord
}

export class SqliteTarget implements Target {
  readonly address: string
  readonly json: readonly string[]
  readonly abilities: TargetAbilities
  private readonly shapes = new Map<string, Shape>()
  private lastShape: Shape | undefined
  /** What binding the record at hand has altered. */
  private readonly noted = new CountingLedger()
  private readonly binders = new Map<string, (value: Value) => SQLInputValue>()

  constructor(
    private readonly session: Session,
    private readonly table: Table,
    private readonly request: TargetRequest,
    private readonly ledger: BatchLedger | undefined,
  ) {
    this.address = `${session.file} ${table.sql}`
    this.json = jsonFields(table.columns)
    const repeat = request.mode === 'append' ? 'doubles' : 'harmless'
    this.abilities = {
      compares: request.mode !== 'append',
      repeat: ledger ? 'replayed' : repeat,
      atomic: true,
      before: true,
      maxBatch: 10_000,
      // the file has one writer at a time
      maxConcurrency: 1,
    }
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Answer[]> {
    signal.throwIfAborted()
    this.ledger?.prepare()
    const altered = new CountingLedger()
    // of a plan
    this.noted.take()
    const answers = this.session.transaction(() => {
      const earlier = this.ledger?.replay(batch.idempotencyKey)
      if (earlier) return earlier
      const made = batch.writes.map((write) => {
        const answer = this.answer(write)
        const noted = this.noted.take()
        if (answer.outcome !== 'rejected') altered.add(noted)
        return answer
      })
      this.ledger?.keep(batch.idempotencyKey, made)
      return made
    })
    this.request.ledger.add(altered.counted())
    return Promise.resolve(answers)
  }

  async plan(batch: Batch): Promise<Answer[]> {
    return Promise.resolve(
      this.session.transaction(() => batch.writes.map((write) => this.answer(write)), 'ROLLBACK'),
    )
  }

  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return Promise.resolve(lookup(this.session, this.table, this.request.key, keys))
  }

  async *keys(signal: AbortSignal): AsyncGenerator<readonly DataRecord[]> {
    const { key, stream } = this.request
    const read = recordReader(key.map((field) => column(this.table, field, stream)))
    const all = `SELECT ${names(key)} FROM ${this.table.sql}`
    const from =
      key.length === 1 ? `${names(key)} > ?` : `(${names(key)}) > (${key.map(() => '?').join(', ')})`
    const page = `ORDER BY ${names(key)} LIMIT ${KEYS_PER_PAGE}`
    for (let last: Row | undefined, more = true; more;) {
      signal.throwIfAborted()
      const values = key.map((field) => last?.[field] ?? null)
      const rows = this.session.guarded(() =>
        last === undefined
          ? this.session.rows(`${all} ${page}`)
          : this.session.rows(`${all} WHERE ${from} ${page}`, ...values),
      )
      yield await Promise.resolve(rows.map(read))
      last = rows.at(-1)
      more = rows.length === KEYS_PER_PAGE
    }
  }

  /** A statement that fails undoes only itself, so one record that is refused does not take the others with it. */
  private answer(write: Write): Answer {
    try {
      return this.apply(write)
    } catch (error) {
      const rejection = rejectionOf(error)
      if (!rejection) throw error
      return { outcome: 'rejected', code: rejection.code, message: rejection.message }
    }
  }

  private apply({ operation, record }: Write): Answer {
    if (operation === 'delete') return this.remove(record)
    const shape = this.shapeOf(record)
    const bound = new Map(shape.fields.map((field) => [field, this.bind(field, record[field] ?? null)]))
    const all = shape.fields.map((field) => bound.get(field) ?? null)
    if (this.request.mode === 'append') return this.written(shape.insert, all, CREATED)

    const key = this.request.key.map((field) => bound.get(field) ?? null)
    const values = shape.values.map((field) => bound.get(field) ?? null)
    const found = this.session.row(shape.compare, ...values, ...key)
    if (!found) return operation === 'update' ? ABSENT : this.written(shape.insert, all, CREATED)
    if (operation === 'insert') return EXISTS
    if (found[DIFFERS] === 0n) return UNCHANGED
    return this.written(shape.update, [...values, ...key], { outcome: 'updated', before: shape.read(found) })
  }

  private remove(key: DataRecord): Answer {
    const values = this.request.key.map((field) => this.bind(field, key[field] ?? null))
    const where = this.whereKey()
    const found = this.session.row(`SELECT * FROM ${this.table.sql} WHERE ${where}`, ...values)
    if (!found) return UNCHANGED
    const before = recordReader(this.table.columns)(found)
    return this.written(`DELETE FROM ${this.table.sql} WHERE ${where}`, values, {
      outcome: 'deleted',
      before,
    })
  }

  private written(sql: string, values: readonly SQLInputValue[], answer: Answer): Answer {
    if (this.session.run(sql, ...values) > 0) return answer
    const detail = `${this.request.stream} took a record and did not write it: a trigger kept it out.`
    throw new Fault('DATABASE_WRITE_SUPPRESSED', detail, { table: this.request.stream })
  }

  private bind(field: string, value: Value): SQLInputValue {
    let binder = this.binders.get(field)
    if (!binder) {
      binder = valueBinder(column(this.table, field, this.request.stream), this.noted)
      this.binders.set(field, binder)
    }
    return binder(value)
  }

  private whereKey(): string {
    return this.request.key.map((field) => `${quoted(field)} = ?`).join(' AND ')
  }

  private shapeOf(record: DataRecord): Shape {
    if (this.lastShape && hasFields(record, this.lastShape.fields)) return this.lastShape
    const fields = Object.keys(record)
    const name = JSON.stringify(fields)
    const shape = this.shapes.get(name) ?? this.makeShape(fields)
    this.shapes.set(name, shape)
    this.lastShape = shape
    return shape
  }

  private makeShape(fields: readonly string[]): Shape {
    const { key, stream } = this.request
    const columns = fields.map((field) => column(this.table, field, stream))
    const values = fields.filter((field) => !key.includes(field))
    const differs = values.map((field) => `${quoted(field)} COLLATE BINARY IS NOT ?`).join(' OR ')
    const table = this.table.sql
    return {
      fields,
      values,
      insert: `INSERT INTO ${table} (${names(fields)}) VALUES (${fields.map(() => '?').join(', ')})`,
      compare: `SELECT ${names(fields)}, (${differs || '0'}) AS ${quoted(DIFFERS)} FROM ${table} WHERE ${this.whereKey()}`,
      update: `UPDATE ${table} SET ${values.map((field) => `${quoted(field)} = ?`).join(', ')} WHERE ${this.whereKey()}`,
      read: recordReader(columns),
    }
  }
}

const DIFFERS = 'tieout differs'
