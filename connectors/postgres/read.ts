import { MalformedRow, type Page, type ReadRequest, type Source } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import type { Ledger } from '../../shared/core/record/ledger'
import type { Log } from '../../shared/core/ports'
import { Rejection } from '../../shared/core/record/rejection'
import type { DataRecord } from '../../shared/core/record/value'
import { lookup } from './lookup'
import { comesAt, formatPosition, parsePosition, type Position } from './position'
import type { Session, TextRow } from './session'
import { named } from './sql'
import { column, type Relation } from './table'
import { textReader, type Column } from './values'

export interface SourceTable extends Relation {
  /** For messages. */
  label: string
  notNull: ReadonlySet<string>
  /** Undefined for a query: nobody knows. */
  indexed: readonly (readonly string[])[] | undefined
  key: readonly string[]
}

export class PostgresSource implements Source {
  readonly typed = true

  constructor(
    private readonly session: Session,
    private readonly relation: SourceTable,
    private readonly ledger: Ledger,
    private readonly log: Log,
  ) {}

  async *read(request: ReadRequest): AsyncGenerator<Page> {
    const { relation } = this
    const order = this.order(request)
    this.warnWithoutIndex(order)
    const begun = request.after === undefined ? undefined : parsePosition(request.after, order)
    const { sql, values } = selection(relation, order, request.since, begun)
    const progress = new Progress(relation, order, begun)
    for await (const rows of this.session.pages(sql, values, request.pageSize, request.signal)) {
      yield progress.page(rows.rows, rows.last, request.since !== undefined)
    }
    if (request.since && progress.withoutCursor > 0) {
      this.log.warn(
        `${relation.label}: ${progress.withoutCursor} records have no ${request.since.field}; they are read every time.`,
        { stream: relation.label, records: progress.withoutCursor },
      )
    }
  }

  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return this.session.transaction('READ ONLY', async (tx) => ({
      result: await lookup(tx, this.relation, this.relation.key, keys, this.ledger),
    }))
  }

  /** What the rows are ordered by; with it, a read that was interrupted goes on. */
  private order({ since }: ReadRequest): string[] {
    const order = since
      ? [since.field, ...this.relation.key.filter((field) => field !== since.field)]
      : [...this.relation.key]
    for (const field of order) column(this.relation, field, this.relation.label)
    return order
  }

  private warnWithoutIndex(order: readonly string[]): void {
    const { indexed, label } = this.relation
    const [first] = order
    if (first === undefined) {
      this.log.warn(`${label} has no key: an interrupted read begins again.`, { stream: label })
    } else if (indexed && !indexed.some((columns) => columns[0] === first)) {
      this.log.warn(`${label} has no index on ${first}: the server sorts the whole table for each read.`, {
        stream: label,
        column: first,
      })
    }
  }
}

/** Rows without a value in an ordering column come last, and are never left out. */
function selection(
  relation: SourceTable,
  order: readonly string[],
  since: ReadRequest['since'],
  begun: Position | undefined,
): { sql: string; values: string[] } {
  const values: string[] = []
  const parameter = (value: string): string => `$${values.push(value)}`
  const conditions: string[] = []
  if (since)
    conditions.push(`(${named(since.field)} >= ${parameter(since.value)} OR ${named(since.field)} IS NULL)`)
  if (begun && order.length > 0) conditions.push(comesAt(order, begun.at, relation.notNull, parameter))
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const by = order.length === 0 ? '' : ` ORDER BY ${order.map((field) => named(field)).join(', ')}`
  return { sql: `SELECT * FROM ${relation.sql} t${where}${by}`, values }
}

/** Where a read stands, and the pages it makes. */
class Progress {
  withoutCursor = 0
  private row: number
  private at: readonly (string | null)[] | undefined
  private ties: number
  /** Rows that an earlier read has already delivered. */
  private skip: number
  private readonly places: readonly number[]
  private readonly readRow: (row: TextRow) => DataRecord | MalformedRow

  constructor(
    relation: SourceTable,
    order: readonly string[],
    private readonly begun: Position | undefined,
  ) {
    this.row = begun?.row ?? 0
    this.at = begun?.at
    this.ties = begun?.ties ?? 0
    this.skip = this.ties
    this.places = order.map((field) => relation.columns.findIndex((one) => one.name === field))
    const read = recordReader(relation.columns)
    this.readRow = (row) => orMalformed(read, row, relation.label, () => this.row)
  }

  page(fetched: readonly TextRow[], last: boolean, partial: boolean): Page {
    const firstRow = this.row + 1
    const rows: (DataRecord | MalformedRow)[] = []
    for (const row of fetched) {
      const at = this.places.map((place) => row[place] ?? null)
      const tied = this.at !== undefined && at.every((value, i) => value === this.at?.[i])
      if (this.skip > 0 && tied) {
        this.skip--
        continue
      }
      this.skip = 0
      this.row++
      this.ties = tied ? this.ties + 1 : 1
      this.at = at
      if (at[0] === null) this.withoutCursor++
      rows.push(this.readRow(row))
    }
    const position = formatPosition({ row: this.row, at: this.at ?? [], ties: this.ties })
    return { rows, firstRow, position, ...(last ? { end: this.end(partial) } : {}) }
  }

  private end(partial: boolean): NonNullable<Page['end']> {
    if (partial)
      return { complete: false, total: this.row, evidence: 'only records since the cursor were asked for' }
    const evidence = this.begun
      ? 'read to its end, in more than one snapshot'
      : 'read to its end in one snapshot'
    return { complete: true, total: this.row, evidence }
  }
}

export function recordReader(columns: readonly Column[]): (row: TextRow) => DataRecord {
  const fields = columns.map(({ name, type }) => ({ name, read: textReader(type) }))
  return (row) => {
    const record: DataRecord = {}
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]
      const text = row[i]
      if (field) record[field.name] = text === null || text === undefined ? null : field.read(text)
    }
    return record
  }
}

function orMalformed(
  read: (row: TextRow) => DataRecord,
  row: TextRow,
  label: string,
  ordinal: () => number,
): DataRecord | MalformedRow {
  try {
    return read(row)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return new MalformedRow(
      new Rejection(error.code, error.detail),
      `${label} row ${ordinal()}`,
      JSON.stringify(row).slice(0, 4096),
    )
  }
}
