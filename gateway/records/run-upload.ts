import { setTimeout as elapsed } from 'node:timers/promises'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import { Fault } from '../../shared/core/fault'
import type { Upload } from '../../shared/core/upload'
import type { Job } from '../jobs/jobs'
import type { WorkContext } from '../jobs/context'
import { oneRecord } from './one-record'
import { settingsFor, uploadedFile, uploadOf } from './uploads'

/** Somebody else runs the workflow, perhaps on the command line: a file waits for the end of that. */
const PATIENCE_MS = 2000

/** The run of a file that was sent, or of one record; it goes on where it was interrupted. */
export async function runUpload(job: Job, context: WorkContext): Promise<Receipt> {
  const { workspace, signal, onProgress, record } = context
  const { approve } = job.options
  const upload = uploadIn(job, context)
  for (;;) {
    try {
      return await workspace.sync(job.workflow, {
        id: job.run,
        signal,
        onProgress,
        upload,
        ...(typeof approve === 'string' ? { approve } : {}),
      })
    } catch (error) {
      const waits = error instanceof Fault && error.code === 'RUN_ALREADY_GOING' && !record
      if (!waits || signal.aborted) throw error
      await elapsed(PATIENCE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

function uploadIn({ options, workflow }: Job, { definition, folder, record }: WorkContext): Upload {
  if (record) return oneRecord(record)
  const file = uploadedFile(options)
  if (file) return uploadOf(file, { folder, settings: settingsFor(definition, workflow, file.format) })
  throw recordLost()
}

/** Whether it is of one record, which only who sent it has. */
export function isOfRecord({ kind, options }: Job): boolean {
  return kind === 'upload' && uploadedFile(options) === undefined
}

export function recordLost(): Fault {
  return new Fault(
    'CANCELLED',
    'The gateway ended before it was known what became of the record; send it again, with the same Idempotency-Key.',
  )
}
