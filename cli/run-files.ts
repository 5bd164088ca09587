import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Receipt } from '../shared/core/bulk-sync/receipt'
import type { Failure } from '../shared/core/exceptions/exception'
import type { DataRecord } from '../shared/core/record/value'
import type { Workspace } from '../shared/core/workspace'
import type { Cli } from './cli'
import { writeCsv } from './csv-file'
import { orFault } from './or-fault'

export interface RunFiles {
  receipt: string
  /** Only when records failed. */
  rejected?: string
}

const PAGE = 1000

/** Writes what is left of a run for people: its receipt, and its failures as CSV. */
export async function keepRun(cli: Cli, workspace: Workspace, receipt: Receipt): Promise<RunFiles> {
  const files: RunFiles = { receipt: cli.runFile(receipt.run, 'receipt.json') }
  await orFault(files.receipt, async () => {
    await mkdir(dirname(files.receipt), { recursive: true })
    await writeFile(files.receipt, `${JSON.stringify(receipt, undefined, 2)}\n`)
  })
  const [first] = await workspace.failures({ run: receipt.run, limit: 1 })
  if (!first) return files

  const rejected = cli.runFile(receipt.run, 'rejected.csv')
  await writeCsv(rejected, () => failureRows(workspace, receipt.run))
  return { ...files, rejected }
}

async function* failureRows(workspace: Workspace, run: string): AsyncGenerator<DataRecord[]> {
  let after: number | undefined
  for (;;) {
    const page = await workspace.failures({ run, limit: PAGE, ...(after === undefined ? {} : { after }) })
    const last = page.at(-1)
    if (!last) return
    yield page.map(row)
    after = last.id
  }
}

/** What went wrong, then the record; the names begin so that no field of a record is called the same. */
function row({ row, place, code, message, pointer, record }: Failure): DataRecord {
  return {
    tieout_row: row,
    tieout_place: place,
    tieout_code: code,
    tieout_message: message,
    tieout_field: pointer?.replace(/^\//, '') ?? null,
    ...record,
  }
}
