import { Fault } from '../../shared/core/fault'
import type { Answer, Call, Handler } from '../call'
import type { Job } from '../jobs/jobs'
import type { Limits } from '../limits/limits'
import { receive } from '../records/receive'
import { faultOf, problemsOf, refusedFault } from '../records/upload-answer'
import { charsetFor, discard, modeIn, optionsOf, uploadsIn } from '../records/uploads'
import { textOf } from './parameter'
import { callerOf } from './rights'
import { begun } from './runs'
import { workflowIn } from './workflow-in'

/** A whole file: kept first, then run. */
export function uploadHandler(limits: Limits): Handler {
  return async (call) => {
    const caller = callerOf(call)
    const { tenant, client } = caller
    const { name: workflow } = workflowIn(call)
    const file = await receive(call, {
      folder: uploadsIn(tenant.folder),
      charsetOf: (format) => charsetFor(tenant.definition, workflow, format),
    })
    const options = optionsOf(file, modeIn(call.parameters['mode']))
    const started: Job[] = []
    try {
      const answer = await call.once(file.sha256, async (claim) => {
        const run = claim?.id
        const before = run === undefined ? undefined : await tenant.jobs.job(run)
        if (before) return followed(call, before)
        limits.take(caller, { records: file.records, bytes: file.bytes })
        const given = run === undefined ? {} : { run }
        const job = await tenant.jobs.start({ workflow, kind: 'upload', options, client, ...given })
        started.push(job)
        return followed(call, job)
      })
      return await strictly(call, answer)
    } finally {
      // a repeat goes on with the file of the first time
      if (started.length === 0) await discard(tenant.folder, file)
    }
  }
}

/** 207 with the first problems when the run is over and something was refused. */
async function followed(call: Call, { run }: Job): Promise<Answer> {
  const { tenant } = callerOf(call)
  const answer = await begun(call, await jobOf(call, run))
  const job = await jobOf(call, run)
  const { content } = answer
  const whole = job.state === 'succeeded' || job.state === 'cancelled'
  if (answer.status !== 200 || whole || !content || !('json' in content)) return answer
  const errors = await problemsOf(tenant, job)
  return { ...answer, status: 207, content: { json: { ...content.json, errors } } }
}

/** What failed as a whole is a problem, and so is what was refused in part for clients that want it so. */
async function strictly(call: Call, answer: Answer): Promise<Answer> {
  if (answer.status !== 207) return answer
  const job = await jobOf(call, answer.headers?.['location']?.split('/').at(-1) ?? '')
  const fault = faultOf(job)
  if (!fault && textOf(call, 'onPartial') !== '422') return answer
  const fields = await problemsOf(callerOf(call).tenant, job)
  if (!fault) throw refusedFault(job, fields)
  const refused = fields.filter(({ code }) => code !== 'RUN_STOPPED')
  throw refused.length === 0 ? fault : Object.assign(fault, { fields: refused })
}

async function jobOf(call: Call, run: string): Promise<Job> {
  const job = await callerOf(call).tenant.jobs.job(run)
  if (!job) throw new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
  return job
}
