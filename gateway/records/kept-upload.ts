import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Definition } from '../../shared/core/definition/definition'
import type { Upload } from '../../shared/core/upload'
import type { Job } from '../jobs/jobs'
import { settingsFor, uploadedFile, uploadOf, uploadsIn } from './uploads'

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
