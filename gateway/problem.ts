import type { ErrorCode, ErrorEntry } from '../shared/contract/errors'
import { entryOverHttp } from '../shared/contract/errors/over-http'
import { retryableOf, statusOf, type Retryable } from '../shared/contract/errors/answer'
import type { Fault } from '../shared/core/fault'
import type { DataRecord } from '../shared/core/record/value'

/** What went wrong, as RFC 9457 wants it, with what the catalogue knows. `Problem` of the contract is its schema. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: ErrorCode
  number: number
  owner: ErrorEntry['owner']
  retryable: Retryable
  retryAfterSeconds?: number
  causes: ErrorEntry['causes']
  steps: ErrorEntry['steps']
  evidence: DataRecord
  errors?: readonly FieldProblem[]
  requestId: string
  requestLogUrl?: string
  docs: string
  /** For clients that do not see the status. */
  hasErrors: true
}

export interface FieldProblem {
  pointer?: string
  parameter?: string
  row?: number
  column?: string
  /** Of the catalogue, where the record has one of its own. */
  code?: string
  detail: string
  received?: string
}

/** A fault with the fields that it is about. */
export interface RefusedFields {
  fields: readonly FieldProblem[]
}

/** A fault whose answer has headers of its own. */
export interface TellsHeaders {
  headers: Readonly<Record<string, string>>
}

export interface Occurrence {
  id: string
  path: string
  baseUrl: string
  /** Whether there will be an entry in the log of requests. */
  logged?: boolean
}

export function problemOf(
  fault: Fault & Partial<RefusedFields>,
  { id, path, baseUrl, logged = false }: Occurrence,
): Problem {
  const { code, detail, evidence } = fault
  const entry = entryOverHttp(code)
  const docs = `${baseUrl}/errors/${code}`
  const problem: Problem = {
    type: docs,
    title: entry.title,
    status: statusOf(code),
    detail,
    instance: path,
    code,
    number: entry.number,
    owner: entry.owner,
    retryable: retryableOf(entry),
    causes: entry.causes,
    steps: entry.steps,
    evidence,
    requestId: id,
    ...(logged ? { requestLogUrl: `${baseUrl}/v1/requests/${id}` } : {}),
    docs,
    hasErrors: true,
  }
  if (fault.retryAfterMs !== undefined) problem.retryAfterSeconds = Math.ceil(fault.retryAfterMs / 1000)
  if (fault.fields) problem.errors = fault.fields
  return problem
}
