import { NodeSpill } from '../../shared/adapters/spill'
import { isErrorCode } from '../../shared/contract/errors'
import { entryOverHttp } from '../../shared/contract/errors/over-http'
import { MalformedRow, type CsvLayout, type Source } from '../../shared/core/connector'
import { CSV_DEFAULTS, type CsvDialect } from '../../shared/core/format/csv'
import type { SpillTable } from '../../shared/core/ports'
import { CountingLedger } from '../../shared/core/record/ledger'
import { isList, textOf, type DataRecord } from '../../shared/core/record/value'
import type { Workspace } from '../../shared/core/workspace'
import type { Upload } from '../../shared/core/upload'
import { parseJson } from '../../shared/core/format/json'
import type { Job } from '../jobs/jobs'
import type { UploadFormat } from './format'
import { isOwnColumn, OWN_COLUMNS } from './own-columns'
import { openUpload } from './uploads'
import { writerOf } from './writer'

export type ResultOutcome = 'ok' | 'failed' | 'unprocessed'

export interface ResultParts {
  workspace: Pick<Workspace, 'failures'>
  job: Job
  upload: Upload
  format: UploadFormat
}

/**
 * The records of an upload with this outcome, as they were sent and in their order, in the format they came in: the stored
 * file is read again and joined with what failed in the run.
 */
export async function* resultFile(parts: ResultParts, outcome: ResultOutcome): AsyncGenerator<Uint8Array> {
  const { workspace, job, upload, format } = parts
  const failures = new NodeSpill().table()
  const opened = await openUpload(upload)
  try {
    const unread = await noteFailures(workspace, job.run, failures)
    const dialect = await dialectOf(opened.source, ownColumns(outcome, unread))
    const rows = (): AsyncIterable<DataRecord[]> => rowsOf(opened.source, job, outcome, failures)
    yield* writerOf(format, dialect).write(rows, { name: upload.stream, ledger: new CountingLedger() })
  } finally {
    failures.drop()
    await opened.close()
  }
}

const AT_ONCE = 1000

/** @returns whether any row could not be read */
async function noteFailures(
  workspace: ResultParts['workspace'],
  run: string,
  table: SpillTable,
): Promise<boolean> {
  let unread = false
  for (let after = 0; ;) {
    const page = await workspace.failures({ run, limit: AT_ONCE, after })
    table.write(
      page
        .filter(({ row }) => row > 0)
        .map(({ row, outcome, code, message }) => [String(row), JSON.stringify([outcome, code, message])]),
    )
    unread ||= page.some(({ stage }) => stage === 'read')
    const last = page.at(-1)
    if (!last || page.length < AT_ONCE) return unread
    after = last.id
  }
}

async function* rowsOf(
  source: Source,
  { receipt }: Job,
  outcome: ResultOutcome,
  failures: SpillTable,
): AsyncGenerator<DataRecord[]> {
  const read = receipt?.read.source.count ?? 0
  const { signal } = new AbortController()
  for await (const { rows, firstRow } of source.read({ pageSize: AT_ONCE, signal })) {
    const failed = failures.get(rows.map((_, i) => String(firstRow + i)))
    yield rows.flatMap((row, i) => {
      const failure = failureIn(failed[i])
      const became = failure ? failure.outcome : firstRow + i > read ? 'unprocessed' : 'ok'
      return became === outcome
        ? [withReason(row, firstRow + i, outcome === 'failed' ? failure : undefined)]
        : []
    })
  }
}

interface Reason {
  outcome: ResultOutcome
  code: string
  message: string
}

function failureIn(text: string | undefined): Reason | undefined {
  const parts = text === undefined ? undefined : parseJson(text)
  if (!isList(parts)) return undefined
  const [outcome, code, message] = parts.map(textOf)
  // nobody knows whether what is in doubt was taken: a person has to look
  return {
    outcome: outcome === 'unprocessed' ? 'unprocessed' : 'failed',
    code: code ?? '',
    message: message ?? '',
  }
}

function withReason(row: DataRecord | MalformedRow, number: number, reason: Reason | undefined): DataRecord {
  const record: DataRecord = row instanceof MalformedRow ? {} : { ...row }
  record[OWN_COLUMNS.row] = number
  if (!reason) return record
  record[OWN_COLUMNS.code] = reason.code
  record[OWN_COLUMNS.message] = reason.message
  record[OWN_COLUMNS.fix] = fixFor(reason.code)
  if (row instanceof MalformedRow) record[OWN_COLUMNS.raw] = row.raw
  return record
}

function fixFor(code: string): string {
  if (!isErrorCode(code)) return ''
  const { steps } = entryOverHttp(code)
  return (steps.find(({ who }) => who === 'you') ?? steps[0])?.do ?? ''
}

function ownColumns(outcome: ResultOutcome, unread: boolean): string[] {
  const { row, code, message, fix, raw } = OWN_COLUMNS
  if (outcome !== 'failed') return [row]
  return [row, code, message, fix, ...(unread ? [raw] : [])]
}

/** As the file was written, so that it is read again in the same way. */
async function dialectOf(source: Source, own: readonly string[]): Promise<CsvDialect> {
  const [file] = (await source.csvFiles?.()) ?? []
  const base: CsvDialect = { ...CSV_DEFAULTS, eol: '\r\n' }
  return file?.layout ? { ...base, ...signsOf(file.layout), columns: columnsOf(file.layout, own) } : base
}

function signsOf({ delimiter, quote, escape, empty, nullText, absentText }: CsvLayout): Partial<CsvDialect> {
  return {
    delimiter,
    quote,
    escape,
    empty,
    ...(nullText === undefined ? {} : { nullText }),
    ...(absentText === undefined ? {} : { absentText }),
  }
}

function columnsOf({ columns }: CsvLayout, own: readonly string[]): string[] {
  return [...columns.filter((column) => !isOwnColumn(column)), ...own]
}
