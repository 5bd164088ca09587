import type { MeasureTotals } from '../../shared/core/reconciliation/measure-totals'
import type { DataRecord } from '../../shared/core/record/value'
import type {
  BucketChecksum,
  BucketRequest,
  Snapshot,
  SnapshotRequest,
  SnapshotTotals,
} from '../../shared/core/snapshot'
import { planOf, type Plan } from './aggregate-plan'
import type { Session } from './session'
import { names } from './sql'
import type { Table } from './table'
import { latest } from './totals'
import type { Reading } from './transaction'
import { recordReader } from './values'

/** Undefined where the answers could differ from what reading the records gives. */
export async function openSnapshot(
  session: Session,
  table: Table,
  request: SnapshotRequest,
): Promise<Snapshot | undefined> {
  const plan = planOf(table, request)
  if (!plan) return undefined
  const reading = await session.hold()
  try {
    const facts = await factsOf(reading, table)
    if (facts) return new PostgresSnapshot(reading, table, request.key, plan, facts)
  } catch (error) {
    await reading.release()
    throw error
  }
  await reading.release()
  return undefined
}

interface Facts {
  /** Hashes are of bytes, and may change with a major version. */
  server: string
  hasChildren: boolean
}

/**
 * Takes the snapshot. Tables and views only: a foreign table would come over the wire for each question. Sorting 65,536
 * buckets takes 15 MiB; with the 4 MB that servers give by default it goes through files and takes half as long again.
 */
async function factsOf(reading: Reading, { oid }: Table): Promise<Facts | undefined> {
  const [row = []] = await reading.rows(
    `SELECT current_setting('server_version_num')::int / 10000 || ' ' || current_setting('server_encoding'),
       relkind IN ('r', 'p', 'm', 'v'), relkind = 'r' AND relhassubclass,
       CASE WHEN pg_size_bytes(current_setting('work_mem')) < 67108864 THEN set_config('work_mem', '64MB', true) END
     FROM pg_class WHERE oid = $1`,
    [oid],
  )
  const [server, offered, hasChildren] = row
  return offered === 't' ? { server: server ?? '', hasChildren: hasChildren === 't' } : undefined
}

class PostgresSnapshot implements Snapshot {
  readonly dialect: string
  readonly uniqueKey: boolean

  constructor(
    private readonly reading: Reading,
    private readonly table: Table,
    key: readonly string[],
    private readonly plan: Plan,
    facts: Facts,
  ) {
    this.dialect = `postgres:1 ${facts.server} ${plan.types}`
    // an index of a parent holds nothing of its children
    this.uniqueKey =
      !facts.hasChildren &&
      table.unique.some((columns) => columns.length > 0 && columns.every((one) => key.includes(one)))
  }

  async totals(): Promise<SnapshotTotals[]> {
    const { groups, amounts } = this.plan
    const inner = [
      ...groups.map(({ sql }, i) => `${sql} AS g${i}`),
      ...amounts.map((sql, i) => `${sql} AS m${i}`),
    ]
    const by = groups.map((_, i) => `g${i}`)
    const sums = amounts.map((_, i) => `count(m${i}), sum(m${i}), min(m${i}), max(m${i})`)
    const rows = await this.reading.rows(
      `SELECT ${[...by, 'count(*)', ...sums].join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${this.table.sql} t) t
       ${by.length === 0 ? '' : `GROUP BY ${by.join(', ')}`}`,
    )
    const read = recordReader(groups.map(({ column: { type } }, i) => ({ name: `g${i}`, type })))
    return rows.map((row) => {
      const record = read(row)
      const measures = amounts.map((_, i) => measureTotals(row.slice(by.length + 1 + i * 4)))
      return {
        dimensions: by.map((name) => record[name] ?? null),
        records: Number(row[by.length]),
        measures,
      }
    })
  }

  async newest(): Promise<string | undefined> {
    const { changed } = this.plan
    if (!changed) return undefined
    const [row] = await this.reading.rows(latest(changed, this.table.sql))
    const { newest } = recordReader([{ ...changed, name: 'newest' }])(row ?? [])
    return typeof newest === 'string' ? newest : undefined
  }

  async checksums(buckets: number): Promise<BucketChecksum[]> {
    const rows = await this.reading.rows(
      `SELECT ${this.bucket(buckets)}, count(*), sum(${this.plan.rowHash}) FROM ${this.table.sql} t GROUP BY 1`,
    )
    return rows.map(([bucket, records, sum]) => ({
      bucket: Number(bucket),
      records: Number(records),
      sum: sum ?? '',
    }))
  }

  async repeated(buckets: number): Promise<number[]> {
    const rows = await this.reading.rows(
      `SELECT DISTINCT bucket FROM (SELECT ${this.bucket(buckets)} AS bucket, ${this.plan.keyHash} AS hash
         FROM ${this.table.sql} t GROUP BY 1, 2 HAVING count(*) > 1) t`,
    )
    return rows.map(([bucket]) => Number(bucket))
  }

  async *records({ buckets, wanted, pageSize, signal }: BucketRequest): AsyncGenerator<DataRecord[]> {
    const { keyHash, withoutHash: loose } = this.plan
    const { columns, sql } = this.table
    const wantedBit = `get_bit($1::bytea, ${hashBucket(keyHash, buckets)}) = 1`
    const condition =
      loose === undefined ? wantedBit : `CASE WHEN ${loose} THEN ${wanted.has(-1)} ELSE ${wantedBit} END`
    const select = `SELECT ${names(
      columns.map(({ name }) => name),
      't',
    )} FROM ${sql} t WHERE ${condition}`
    const read = recordReader(columns)
    for await (const { rows } of this.reading.pages(select, [bitsOf(wanted, buckets)], pageSize, signal))
      yield rows.map(read)
  }

  async close(): Promise<void> {
    await this.reading.release()
  }

  private bucket(buckets: number): string {
    const { keyHash, withoutHash: loose } = this.plan
    const bucket = hashBucket(keyHash, buckets)
    return loose === undefined ? bucket : `CASE WHEN ${loose} THEN -1 ELSE ${bucket} END`
  }
}

function hashBucket(keyHash: string, buckets: number): string {
  return `(${keyHash} & ${buckets - 1})::int`
}

/** A bit for each bucket: a test costs the same however many are wanted. */
function bitsOf(wanted: ReadonlySet<number>, buckets: number): string {
  const bits = Buffer.alloc(buckets / 8)
  for (const bucket of wanted)
    if (bucket >= 0) bits[bucket >> 3] = (bits[bucket >> 3] ?? 0) | (1 << (bucket & 7))
  return `\\x${bits.toString('hex')}`
}

function measureTotals([count, sum, min, max]: readonly (string | null)[]): MeasureTotals {
  return {
    count: Number(count),
    sum: sum ?? '0',
    ...(min == null ? {} : { min }),
    ...(max == null ? {} : { max }),
  }
}
