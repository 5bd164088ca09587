/* eslint-disable @typescript-eslint/no-unsafe-type-assertion -- what an answer is taken for is checked right after */
import { isErrorCode } from '../../../shared/contract/errors'
import type { Operation } from '../../../shared/contract/operations'
import { problemsByStatus } from '../../../shared/contract/operations/problems'
import { ref } from '../../../shared/contract/schemas'
import { misfits } from '../../support/contract-schemas'

export interface Answered {
  status: number
  headers: Headers
  text: string
}

export async function answered(response: Promise<Response>): Promise<Answered> {
  const { status, headers, ...rest } = await response.then(async (whole) => ({
    status: whole.status,
    headers: whole.headers,
    text: await whole.text(),
  }))
  return { status, headers, ...rest }
}

/** What an answer has against what the contract says of its operation; none where it keeps to it. */
export function complaints(operation: Operation, { status, headers, text }: Answered): string[] {
  const found: string[] = []
  if (status >= 500) found.push(`it failed with ${status}: ${text.slice(0, 300)}`)
  if (!/^req_/.test(headers.get('x-request-id') ?? '')) found.push('it has no request id')
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (status >= 400) return [...found, ...problemComplaints(operation, status, type, text)]
  const response = operation.responses[status]
  if (!response) return [...found, `${status} is not in the contract`]
  const content = response.content?.[type]
  if (response.content && !content) return [...found, `${type} is not in the contract for ${status}`]
  if (content && type === 'application/json') found.push(...misfits(content.schema, JSON.parse(text)))
  return found
}

function problemComplaints(operation: Operation, status: number, type: string, text: string): string[] {
  // RFC 6749, 5.2, wants plain JSON of the token endpoint; it has the members of a problem all the same
  const wanted =
    operation.path === '/oauth/token' && type === 'application/json' ? type : 'application/problem+json'
  if (type !== wanted) return [`${status} is answered as ${type}: ${text.slice(0, 300)}`]
  const problem = JSON.parse(text) as { code: string; status: number }
  const documented = problemsByStatus(operation).get(status) ?? []
  return [
    ...misfits(ref('Problem'), problem),
    ...(isErrorCode(problem.code) ? [] : [`${problem.code} is not in the catalogue`]),
    ...(problem.status === status ? [] : ['the status of the problem is another than that of the answer']),
    ...(documented.some((code) => code === problem.code)
      ? []
      : [`${status} ${problem.code} is not in the contract`]),
  ]
}
