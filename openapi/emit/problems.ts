import { errorEntry, type ErrorCode } from '../../shared/contract/errors'
import { statusOf } from '../../shared/contract/errors/answer'
import { operations } from '../../shared/contract/operations'
import { problemCodes } from '../../shared/contract/operations/problems'
import type { Reference, ResponseObject } from './model'

const PROBLEM = { $ref: '#/components/schemas/Problem' }

export function headerReference(name: string): Reference {
  return { $ref: `#/components/headers/${name}` }
}

export function codesInUse(): ErrorCode[] {
  return [...new Set(Object.values(operations).flatMap(problemCodes))].sort(
    (one, other) => errorEntry(one).number - errorEntry(other).number,
  )
}

/** One answer per status, with all codes that it can have; `x-tieout-errors` of an operation tells which are its own. */
export function problemResponses(codes: readonly ErrorCode[]): Record<string, ResponseObject> {
  const statuses = [...new Set(codes.map(statusOf))].sort((one, other) => one - other)
  const responses = statuses.map((status) => {
    const own = codes.filter((code) => statusOf(code) === status)
    const words = own.map((code) => `- \`${code}\`: ${errorEntry(code).title}`)
    return [`Problem${String(status)}`, problemResponse(words.join('\n'), status, own)] as const
  })
  const rest =
    'Any other problem, such as one of the systems behind a workflow; decide by `code` and `retryable`.'
  return { ...Object.fromEntries(responses), Problem: problemResponse(rest, undefined, []) }
}

function problemResponse(
  description: string,
  status: number | undefined,
  codes: readonly ErrorCode[],
): ResponseObject {
  const headers = ['X-Request-Id', ...(status === 401 ? ['WWW-Authenticate'] : []), 'Retry-After']
  return {
    description,
    headers: Object.fromEntries(headers.map((name) => [name, headerReference(name)])),
    content: {
      'application/problem+json': {
        schema: PROBLEM,
        ...(codes.length > 0
          ? {
              examples: Object.fromEntries(
                codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
              ),
            }
          : {}),
      },
      'application/problem+xml': { schema: PROBLEM },
      'text/plain': { schema: { type: 'string' } },
    },
  }
}
