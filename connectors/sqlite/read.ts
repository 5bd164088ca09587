import type { ListingEnd, Page, ReadRequest, Source, SourceRequest } from '../../shared/core/connector'
import {
  KeysetPages,
  keysetOrder,
  keysetSelect,
  parsePosition,
  type Position,
} from '../../shared/core/database/keyset'
import {
  column,
  warnWithoutCursor,
  warnWithoutIndex,
  type SourceRelation,
} from '../../shared/core/database/table'
import type { Log } from '../../shared/core/ports'
import type { DataRecord, Scalar } from '../../shared/core/record/value'
import type { SQLInputValue } from 'node:sqlite'
import { lookup } from './lookup'
import type { Held, Session } from './session'
import { describeRelation, describeTable, quoted } from './table'
import { bindScalar, jsonFields, readScalar, recordReader, type Column, type Row } from './values'

/** Each page is a query of its own from the last key on. */
export class SqliteSource implements Source {
  readonly address: string
  readonly typed = true
  readonly json: readonly string[]

  constructor(
    private readonly session: Session,
    private readonly relation: SourceRelation<Column>,
    private readonly log: Log,
  ) {
    this.address = `${session.file} ${relation.label}`
    this.json = jsonFields(relation.columns)
  }

  async *read(request: ReadRequest): AsyncGenerator<Page> {
    const { columns, label, key } = this.relation
    const { since, pageSize, signal } = request
    const order = keysetOrder(key, since)
    for (const field of order) column(this.relation, field, label)
    warnWithoutIndex(this.relation, order, 'the whole table is sorted for each page', this.log)
    const notNull = this.withoutNulls(order)

    const position = request.after === undefined ? undefined : parsePosition(request.after, order)
    const orderOf = (row: Row): Scalar[] => order.map((field) => readScalar(row[field] ?? null))
    const pages = new KeysetPages({ label, orderOf, record: recordReader(columns) }, position)
    const held = request.snapshot === true ? this.session.guarded(() => this.session.hold()) : undefined
    try {
      for (let last = false; !last;) {
        signal.throwIfAborted()
        const { rows, asked } = this.fetch(order, since, pages.position, notNull, pageSize)
        last = rows.length < asked
        pages.goOn(order.length === 0 && pages.position ? { ...pages.position, ties: 0 } : pages.position)
        yield await Promise.resolve(pages.page(rows, last ? listingEnd(request, held) : undefined))
      }
    } finally {
      held?.release()
    }
    warnWithoutCursor(label, since, pages.withoutCursor, this.log)
  }

  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return Promise.resolve(lookup(this.session, this.relation, this.relation.key, keys))
  }

  private fetch(
    order: readonly string[],
    since: ReadRequest['since'],
    position: Position | undefined,
    notNull: ReadonlySet<string>,
    pageSize: number,
  ): { rows: Row[]; asked: number } {
    const values: SQLInputValue[] = []
    const parameter = (value: Scalar): string => {
      values.push(bindScalar(value))
      return '?'
    }
    const select = keysetSelect({ from: this.relation.sql, order, since, position, notNull }, parameter)
    const ordered = order.length > 0
    // ties of the position come again and are skipped
    const asked = pageSize + (ordered ? (position?.ties ?? 0) : 0)
    const offset = ordered ? 0 : (position?.row ?? 0)
    const rows = this.session.guarded(() =>
      this.session.rows(`${select} LIMIT ${asked} OFFSET ${offset}`, ...values),
    )
    return { rows, asked }
  }

  /** Most primary keys of SQLite may hold nulls and do not; knowing so lets an index find each page. */
  private withoutNulls(order: readonly string[]): ReadonlySet<string> {
    const { notNull, sql, indexed } = this.relation
    const sure = order.filter(
      (field) =>
        notNull.has(field) ||
        (indexed !== undefined &&
          this.session.guarded(() =>
            this.session.row(`SELECT 1 FROM ${sql} WHERE ${quoted(field)} IS NULL LIMIT 1`),
          ) === undefined),
    )
    return new Set(sure)
  }
}

/** @throws Fault DATABASE_TABLE_UNKNOWN, or what the server says of the query */
export function describeSource(
  session: Session,
  { stream, settings, key }: Omit<SourceRequest, 'ledger'>,
): SourceRelation<Column> {
  const { query } = settings
  if (typeof query === 'string' && query !== '') {
    const relation = describeRelation(session, `(${query.replace(/;\s*$/, '')})`)
    return { ...relation, label: stream, notNull: new Set(), indexed: undefined, key }
  }
  const table = describeTable(session, stream)
  return { ...table, label: stream, key: key.length > 0 ? key : table.primaryKey }
}

function listingEnd({ since, after }: ReadRequest, held: Held | undefined): Omit<ListingEnd, 'total'> {
  const snapshot = held && after === undefined ? { snapshot: held.outcome() } : {}
  return since
    ? { complete: false, evidence: 'only records since the cursor were asked for', ...snapshot }
    : { complete: true, evidence: 'read to its end, page by page in the order of the key', ...snapshot }
}
