import { statusOf } from '../../shared/contract/errors/answer'
import type { Answer } from '../call'
import { asFault } from '../unexpected'
import type { Audit, AuditEntry } from './entry'

/** Does `work` and notes what came of it, also where it was refused. */
export async function audited(
  audit: Audit,
  about: Omit<AuditEntry, 'result' | 'effect'>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await work()
    const effect = answer.headers?.['location']
    audit({
      ...about,
      ...(effect === undefined ? {} : { effect: new URL(effect).pathname }),
      result: String(answer.status),
    })
    return answer
  } catch (error) {
    const { code } = asFault(error)
    audit({ ...about, result: `${String(statusOf(code))} ${code}` })
    throw error
  }
}
