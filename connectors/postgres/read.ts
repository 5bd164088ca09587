import type { ListingEnd, Page, ReadRequest, Source, SourceRequest } from '../../shared/core/connector'
import { KeysetPages, keysetOrder, keysetSelect, parsePosition } from '../../shared/core/database/keyset'
import {
  column,
  warnWithoutCursor,
  warnWithoutIndex,
  type SourceRelation,
} from '../../shared/core/database/table'
import type { Log } from '../../shared/core/ports'
import type { Snapshot, SnapshotRequest } from '../../shared/core/snapshot'
import type { Ledger } from '../../shared/core/record/ledger'
import { textOf, type DataRecord } from '../../shared/core/record/value'
import { openSnapshot } from './aggregate'
import { lookup } from './lookup'
import type { Session } from './session'
import { text } from './settings'
import { describeRelation, describeTable, type RelationColumn, type Table } from './table'
import type { TextRow, Transaction } from './transaction'
import { jsonFields, recordReader } from './values'

export class PostgresSource implements Source {
  readonly address: string
  readonly typed = true
  readonly fields: readonly string[]
  readonly json: readonly string[]

  constructor(
    private readonly session: Session,
    private readonly relation: ReadRelation,
    private readonly ledger: Ledger,
    private readonly log: Log,
  ) {
    this.address = `${session.settings.place} ${relation.table?.sql ?? relation.label}`
    this.fields = relation.columns.map(({ name }) => name)
    this.json = jsonFields(relation.columns)
  }

  async *read(request: ReadRequest): AsyncGenerator<Page> {
    const { sql, columns, label, notNull, key } = this.relation
    const { since, pageSize, signal } = request
    const order = keysetOrder(key, since)
    for (const field of order) column(this.relation, field, label)
    warnWithoutIndex(this.relation, order, 'the server sorts the whole table for each read', this.log)

    const position = request.after === undefined ? undefined : parsePosition(request.after, order)
    const values: string[] = []
    const select = keysetSelect(
      { from: sql, order, since, position, notNull },
      (value) => `$${values.push(textOf(value))}`,
    )
    const places = order.map((field) => columns.findIndex((one) => one.name === field))
    const orderOf = (row: TextRow): (string | null)[] => places.map((place) => row[place] ?? null)
    const pages = new KeysetPages({ label, orderOf, record: recordReader(columns) }, position)
    // without an order the rows that have been delivered can only be counted off
    const skipped = order.length === 0 && position ? ` OFFSET ${position.row}` : ''
    if (skipped !== '') pages.goOn(position && { ...position, ties: 0 })

    for await (const { rows, last } of this.session.pages(select + skipped, values, pageSize, signal)) {
      yield pages.page(rows, last ? listingEnd(request) : undefined)
    }
    warnWithoutCursor(label, since, pages.withoutCursor, this.log)
  }

  async lookup(keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> {
    return this.session.transaction('READ ONLY', async (tx) => ({
      result: await lookup(tx, this.relation, this.relation.key, keys, this.ledger),
    }))
  }

  async snapshot(request: SnapshotRequest): Promise<Snapshot | undefined> {
    const { table } = this.relation
    return table && openSnapshot(this.session, table, request)
  }
}

interface ReadRelation extends SourceRelation<RelationColumn> {
  /** Undefined for a query, which may be costly and give other rows each time. */
  table?: Table
}

/** @throws Fault DATABASE_TABLE_UNKNOWN, or what the server says of the query */
export async function describeSource(
  tx: Transaction,
  request: Omit<SourceRequest, 'ledger'>,
  schema: string | undefined,
): Promise<ReadRelation> {
  const query = text(request.settings, 'query')
  if (query !== undefined) {
    const relation = await describeRelation(tx, `(${query.replace(/;\s*$/, '')})`)
    return { ...relation, label: request.stream, notNull: new Set(), indexed: undefined, key: request.key }
  }
  const table = await describeTable(tx, request.stream, schema)
  return {
    ...table,
    table,
    label: request.stream,
    key: request.key.length > 0 ? request.key : table.primaryKey,
  }
}

/** One read is one transaction; one that goes on is another. */
function listingEnd({ since, after }: ReadRequest): Omit<ListingEnd, 'total'> {
  const consistent = after === undefined
  const snapshots = consistent ? 'in one snapshot' : 'in more than one snapshot'
  const snapshot = { consistent, evidence: `read ${snapshots} of the database` }
  return since
    ? { complete: false, evidence: 'only records since the cursor were asked for', snapshot }
    : { complete: true, evidence: `read to its end, ${snapshots}`, snapshot }
}
