import { heldFault } from '../../shared/core/bulk-sync/guards'
import type { KeptFailure } from '../../shared/core/exceptions/exception'
import { Fault } from '../../shared/core/fault'
import { fieldsBehind } from '../../shared/core/mapping/compile'
import type { Workflow } from '../../shared/core/workflow'
import type { Job } from '../jobs/jobs'
import type { FieldProblem } from '../problem'
import type { Tenant } from '../tenant'
import { receivedIn } from './received'

/** Problems that an answer names; the result file has them all. */
const NAMED = 20

/** The first that failed in an upload, by row and column. */
export async function problemsOf({ workspace, definition }: Tenant, job: Job): Promise<FieldProblem[]> {
  const workflow = definition.workflows.get(job.workflow)
  const failures = await workspace.failures({ run: job.run, limit: NAMED })
  return failures.map((failure) => problemOf(failure, workflow))
}

function problemOf(
  { row, code, message, pointer, record }: KeptFailure,
  workflow: Workflow | undefined,
): FieldProblem {
  const column = columnOf(pointer, workflow)
  return {
    ...(row > 0 ? { row } : {}),
    ...(column === undefined ? {} : { column }),
    code,
    detail: message,
    ...receivedIn(record, column),
  }
}

/** The column that a field of the mapped record is made of. */
function columnOf(pointer: string | undefined, workflow: Workflow | undefined): string | undefined {
  const name = pointer?.split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~')
  if (name === undefined || name === '') return undefined
  return (workflow?.map && fieldsBehind(workflow.map, [name])[0]) ?? name
}

/** Why an upload did not do what it was for; undefined when no more than some records were refused. */
export function faultOf({ run, fault, receipt }: Job): Fault | undefined {
  const reported = fault ?? receipt?.fault
  if (reported) return new Fault(reported.code, reported.detail, { ...reported.evidence, run })
  if (!receipt?.held) return undefined
  const { code, detail, evidence } = heldFault(receipt.held)
  return new Fault(code, detail, { ...evidence, run })
}

/** For clients that look only at the status. */
export function refusedFault({ run, workflow, receipt }: Job, fields: readonly FieldProblem[]): Fault {
  const refused = receipt?.outcomes.rejected.count ?? 0
  const unknown = receipt?.outcomes.unknown.count ?? 0
  const read = receipt?.read.source.count ?? 0
  const doubt = unknown === 0 ? '' : `, and of ${String(unknown)} it is not known whether they were written`
  const others = refused + unknown < read ? '; the others were taken' : ''
  const detail = `${String(refused)} of ${String(read)} records were refused${doubt}${others}.`
  return Object.assign(new Fault('RECORDS_REFUSED', detail, { run, workflow, refused }), { fields })
}
