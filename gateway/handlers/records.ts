import type { records } from '../../shared/contract/operations/records'
import { heldFault } from '../../shared/core/bulk-sync/guards'
import { Fault } from '../../shared/core/fault'
import type { Answer, Call, Caller, Handlers } from '../call'
import type { Job } from '../jobs/jobs'
import type { Limits } from '../limits/limits'
import type { FieldProblem } from '../problem'
import { receive } from '../records/receive'
import { charsetFor, discard, modeIn, optionsOf, uploadsIn } from '../records/uploads'
import { needed, textOf } from './parameter'
import { callerOf } from './rights'
import { begun } from './runs'

type Records = Handlers<keyof typeof records>

/** Problems that an answer names; the result file has them all. */
const NAMED = 20

export function recordHandlers(limits: Limits): Pick<Records, 'uploadRecords'> {
  return {
    uploadRecords: async (call) => {
      const caller = callerOf(call)
      const { tenant } = caller
      const workflow = needed(call, 'workflow')
      assertKnown(caller, workflow)
      const file = await receive(call, {
        folder: uploadsIn(tenant.folder),
        charsetOf: (format) => charsetFor(tenant.definition, workflow, format),
      })
      const mode = modeIn(call.parameters['mode'])
      let started: Job | undefined
      try {
        const answer = await call.once(file.sha256, async (run) => {
          const before = run === undefined ? undefined : await tenant.jobs.job(run)
          if (before) return followed(call, before)
          limits.take(caller, { records: file.records, bytes: file.bytes })
          const options = optionsOf(file, mode)
          const given = run === undefined ? {} : { run }
          const { client } = caller
          started = await tenant.jobs.start({ workflow, kind: 'upload', options, client, ...given })
          return followed(call, started)
        })
        return await strictly(call, answer)
      } finally {
        // a repeat goes on with the file of the first time
        if (!started) await discard(tenant.folder, file)
      }
    },
  }
}

function assertKnown({ tenant }: Caller, workflow: string): void {
  if (!tenant.definition.workflows.has(workflow))
    throw new Fault('WORKFLOW_UNKNOWN', `There is no workflow ${workflow}.`, { workflow })
}

/** 207 with the first problems when the run is over and something was refused. */
async function followed(call: Call, { run }: Job): Promise<Answer> {
  const { jobs } = callerOf(call).tenant
  const job = await jobs.job(run)
  if (!job) throw new Fault('RUN_UNKNOWN', `There is no run ${run} here.`, { run })
  const answer = await begun(call, job)
  const { content } = answer
  const now = (await jobs.job(run)) ?? job
  const whole = now.state === 'succeeded' || now.state === 'cancelled'
  if (answer.status !== 200 || whole || !content || !('json' in content)) return answer
  const errors = await problemsOf(call, now)
  return { ...answer, status: 207, content: { json: { ...content.json, errors } } }
}

async function problemsOf(call: Call, job: Job): Promise<FieldProblem[]> {
  const { workspace } = callerOf(call).tenant
  const failures = await workspace.failures({ run: job.run, limit: NAMED })
  return failures.map(({ row, message, pointer }) => ({
    ...(row > 0 ? { row } : {}),
    ...(pointer === undefined ? {} : { column: pointer.slice(1) }),
    detail: message,
  }))
}

/** What failed as a whole is a problem, and so is what was refused in part for clients that want it so. */
async function strictly(call: Call, answer: Answer): Promise<Answer> {
  if (answer.status !== 207) return answer
  const run = answer.headers?.['location']?.split('/').at(-1) ?? ''
  const job = await callerOf(call).tenant.jobs.job(run)
  if (!job) return answer
  const { fault = job.receipt?.fault, receipt } = job
  if (fault) throw new Fault(fault.code, fault.detail, { ...fault.evidence, run })
  if (receipt?.held) throw heldFault(receipt.held)
  if (textOf(call, 'onPartial') !== '422') return answer
  throw Object.assign(refused(job), { fields: await problemsOf(call, job) })
}

function refused({ run, workflow, receipt }: Job): Fault {
  const count = receipt?.outcomes.rejected.count ?? 0
  return new Fault(
    'RECORDS_REFUSED',
    `${String(count)} of ${String(receipt?.read.source.count ?? 0)} records were refused; the others were taken.`,
    { run, workflow, refused: count },
  )
}
