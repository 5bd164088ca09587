import { Fault } from '../../shared/core/fault'
import type { Answer, Call } from '../call'
import type { Job } from '../jobs/jobs'

/** The records of an upload by what became of them. @throws Fault UPLOAD_GONE */
export function runFile(_call: Call, { run }: Job): Promise<Answer> {
  throw new Fault('UPLOAD_GONE', `The file of run ${run} is not kept any more.`, { run })
}
