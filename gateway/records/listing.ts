import type { Consistency } from '../../shared/core/connector'
import type { ListedPage } from '../../shared/core/bulk-sync/listing'
import type { Rejection } from '../../shared/core/record/rejection'
import type { DataRecord } from '../../shared/core/record/value'
import type { Workflow } from '../../shared/core/workflow'
import type { Workspace } from '../../shared/core/workspace'
import type { FieldProblem } from '../problem'
import { OWN_COLUMNS } from './own-columns'
import type { Snapshot } from './snapshots'

/** What a download has. */
export interface Counts {
  records: number
  /** Keys of records that disappeared. */
  deleted: number
  /** Rows of the source that a sync would refuse, too: they are not in it. */
  refused: number
  /** The first of them. */
  errors: readonly FieldProblem[]
  /** The source proved that it listed everything. */
  complete: boolean
  /** All records are as of one moment. */
  consistent: boolean
  /** What shows that, or why it cannot be said. */
  consistency: string
}

export interface ListingParts {
  workspace: Workspace
  workflow: Workflow
  snapshot: Snapshot | undefined
  /** Number of an earlier download: only what is new since. */
  since: number | undefined
  deleted: boolean
  signal: AbortSignal
}

const NAMED = 20
const NOT_TOLD: Consistency = {
  consistent: false,
  evidence: 'the source is asked page by page, and what it has may change between them',
}

/** The records of one download, in batches, counted as they go. */
export class Listing {
  readonly counts: { -readonly [name in keyof Counts]: Counts[name] } & { errors: FieldProblem[] } = {
    records: 0,
    deleted: 0,
    refused: 0,
    errors: [],
    complete: false,
    consistent: NOT_TOLD.consistent,
    consistency: NOT_TOLD.evidence,
  }

  constructor(private readonly parts: ListingParts) {}

  get cursor(): string | undefined {
    return this.parts.snapshot?.cursor
  }

  /** @param refuse why the format cannot hold a record */
  async *batches(refuse: (record: DataRecord) => Rejection | undefined): AsyncGenerator<DataRecord[]> {
    const { workspace, workflow, snapshot, since, deleted, signal } = this.parts
    let keyless = 0
    for await (const page of workspace.records(workflow.name, { signal })) {
      keyless += page.keyless
      this.noteRefused(page.refused)
      const records = (await this.news(page)).filter((record) => this.fits(record, refuse))
      this.counts.records += records.length
      yield records
      if (!page.end) continue
      const { complete, snapshot: moment = NOT_TOLD } = page.end
      this.counts.complete = complete
      this.counts.consistent = moment.consistent
      this.counts.consistency = moment.evidence
      if (page.end.complete && keyless === 0) await snapshot?.gone(page.end.seen)
    }
    if (!snapshot || since === undefined || !deleted) return
    for await (const keys of snapshot.deletedSince(since)) {
      this.counts.deleted += keys.length
      yield keys.map((key) => ({ ...key, [OWN_COLUMNS.deleted]: true }))
    }
  }

  /** It was all written: its cursor holds. */
  async end(): Promise<void> {
    await this.parts.snapshot?.end()
  }

  /** The records that are new since, or all of them. */
  private async news({ records }: ListedPage): Promise<DataRecord[]> {
    const { snapshot, since } = this.parts
    const numbers = await snapshot?.note(records)
    const news =
      since === undefined || !numbers ? records : records.filter((_, i) => (numbers[i] ?? since) > since)
    return news.map(({ record }) => record)
  }

  private fits(record: DataRecord, refuse: (record: DataRecord) => Rejection | undefined): boolean {
    const refused = refuse(record)
    if (refused) this.noteRefused([{ row: 0, message: refused.message, pointer: refused.pointer }])
    return refused === undefined
  }

  private noteRefused(
    refused: readonly { row: number; message: string; pointer?: string | undefined }[],
  ): void {
    this.counts.refused += refused.length
    for (const { row, message, pointer } of refused.slice(0, NAMED - this.counts.errors.length)) {
      this.counts.errors.push({
        ...(row > 0 ? { row } : {}),
        ...(pointer === undefined ? {} : { pointer: `#${pointer}` }),
        detail: message,
      })
    }
  }
}
