import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../shared/core/fault'
import type { Answer, Call } from '../call'
import type { Job } from '../jobs/jobs'
import { MEDIA_TYPES } from '../records/format'
import { resultFile, type ResultOutcome } from '../records/result-file'
import { settingsFor, uploadedFile, uploadOf, uploadsIn } from '../records/uploads'
import { callerOf } from './rights'

/** The records of an upload by what became of them. @throws Fault UPLOAD_GONE, RUN_ALREADY_GOING */
export function runFile(call: Call, job: Job): Promise<Answer> {
  const { workspace, folder, definition } = callerOf(call).tenant
  const { run, workflow, kind, options, state } = job
  const outcome = outcomeIn(call)
  const file = uploadedFile(options)
  if (!file) {
    const why =
      kind === 'upload'
        ? 'was of one record that was taken, which is not kept'
        : `of kind ${kind} had no file`
    throw new Fault('UPLOAD_GONE', `Run ${run} ${why}.`, { run })
  }
  if (!existsSync(join(uploadsIn(folder), file.id)))
    throw new Fault('UPLOAD_GONE', `The file of run ${run} is not kept any more.`, { run })
  if (state === 'queued' || state === 'running')
    throw new Fault('RUN_ALREADY_GOING', `Run ${run} is not over yet.`, { run, workflow, state }, 2000)
  const { format, name } = file
  const upload = uploadOf(file, { folder, settings: settingsFor(definition, workflow, format) })
  return Promise.resolve({
    status: 200,
    headers: { 'content-disposition': `attachment; filename*=UTF-8''${outcome}-${encodeURIComponent(name)}` },
    content: {
      mediaType: `${MEDIA_TYPES[format]}; charset=utf-8`,
      bytes: resultFile({ workspace, job, upload, format }, outcome),
    },
  })
}

function outcomeIn({ parameters }: Call): ResultOutcome {
  const { outcome } = parameters
  return outcome === 'failed' || outcome === 'unprocessed' ? outcome : 'ok'
}
