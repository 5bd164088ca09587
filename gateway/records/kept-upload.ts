import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Receipt } from '../../shared/core/bulk-sync/receipt'
import type { Definition } from '../../shared/core/definition/definition'
import { printJson } from '../../shared/core/format/json'
import type { DataRecord } from '../../shared/core/record/value'
import type { Upload } from '../../shared/core/upload'
import type { Job } from '../jobs/jobs'
import { optionsOf, settingsFor, uploadedFile, uploadOf, uploadsIn } from './uploads'

/** The file of a job, as it was read then; undefined where it had none or is not kept any more. */
export async function keptUpload(
  job: Job | undefined,
  { definition, folder }: { definition: Definition; folder: string },
): Promise<Upload | undefined> {
  const file = job && uploadedFile(job.options)
  if (!file) return undefined
  const isThere = await access(join(uploadsIn(folder), file.id, file.name)).then(
    () => true,
    () => false,
  )
  const settings = settingsFor(definition, job.workflow, file.format)
  return isThere ? uploadOf(file, { folder, settings }) : undefined
}

/**
 * Keeps a record that was sent alone as a file of one line, where it failed: as long as any other upload, a retry reads it
 * from there. Its account is given also where the disk takes no more; a retry then says that it is not kept.
 * @returns the options of its job
 */
export async function keepFailed(
  record: DataRecord,
  { options, run }: Job,
  { outcomes }: Receipt,
  folder: string,
): Promise<DataRecord> {
  if (outcomes.rejected.count + outcomes.unknown.count === 0) return options
  const file = { id: run, name: 'record.ndjson', format: 'ndjson' as const }
  const at = join(uploadsIn(folder), file.id)
  try {
    await mkdir(at, { recursive: true })
    await writeFile(join(at, file.name), `${printJson(record)}\n`)
  } catch {
    return options
  }
  return optionsOf(file, undefined)
}
