import { isErrorCode, type ErrorCode } from '../../contract/errors'
import type { Problem } from '../../generated/client-types'
import { Fault, type Evidence } from '../fault'
import { parseJson } from '../format/json'
import type { HttpResponse } from '../ports'
import { isTransient } from '../resilience/retry'
import { isObject, isScalar, textOf, type Value } from '../record/value'
import { Decimal } from '../record/decimal'

/** A problem that the gateway answered, with all that it says. */
export class GatewayFault extends Fault {
  constructor(
    code: Fault['code'],
    readonly problem: Pick<Problem, 'code' | 'detail' | 'retryable' | 'status'> & Partial<Problem>,
    evidence: Evidence,
  ) {
    const { retryAfterSeconds: seconds } = problem
    super(code, problem.detail, evidence, seconds === undefined ? undefined : seconds * 1000)
  }

  /** The same request can succeed later. */
  get isWorthAnotherTry(): boolean {
    const { retryable } = this.problem
    return retryable === 'after-delay' || retryable === 'same-request'
  }
}

/** What an answer says that is no success; also one that something else on the way gave. */
export function answeredFault({ status, headers, body }: HttpResponse, request: string): GatewayFault {
  const problem = problemIn(body)
  if (!problem) {
    const retryable = isTransient(status) ? 'after-delay' : 'no'
    const detail = `${request} was answered with ${status}, and not in the words of the gateway.`
    const code = codeOf(status)
    return new GatewayFault(code, { code, detail, status, retryable, ...after(headers) }, { status, request })
  }
  const { code, detail, retryable, evidence, retryAfterSeconds, requestId } = problem
  const known = textOf(code)
  const said = typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : after(headers)
  return new GatewayFault(
    // a gateway that is newer than this client may know more codes
    isErrorCode(known) ? known : 'REQUEST_REFUSED',
    {
      code: known,
      detail: textOf(detail),
      status,
      retryable: retryableOf(textOf(retryable)),
      requestId: textOf(requestId),
      ...said,
    },
    { ...scalars(evidence), requestId: textOf(requestId) },
  )
}

/** Of an answer by something on the way, or whose words were lost there. */
function codeOf(status: number): ErrorCode {
  if (status >= 500) return 'UPSTREAM_ERROR'
  return status === 401 ? 'UNAUTHORIZED' : status === 403 ? 'FORBIDDEN' : 'REQUEST_REFUSED'
}

function problemIn(body: Uint8Array): ReturnType<typeof objectIn> {
  const value = objectIn(body)
  return typeof value?.['code'] === 'string' ? value : undefined
}

/** The JSON object that the bytes are; undefined where they are none. */
export function objectIn(bytes: Uint8Array): Readonly<Record<string, Value>> | undefined {
  try {
    const value = parseJson(new TextDecoder().decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function retryableOf(text: string): Problem['retryable'] {
  return text === 'same-request' || text === 'after-change' || text === 'after-delay' ? text : 'no'
}

function after(headers: HttpResponse['headers']): { retryAfterSeconds?: number } {
  const seconds = /^\d{1,9}$/.exec(headers['retry-after'] ?? '')?.[0]
  return seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }
}

function scalars(evidence: Value | undefined): Evidence {
  if (!isObject(evidence)) return {}
  const facts: Record<string, Evidence[string]> = {}
  for (const [name, value] of Object.entries(evidence))
    if (isScalar(value)) facts[name] = value instanceof Decimal ? textOf(value) : value
  return facts
}
