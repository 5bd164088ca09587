import type { Deprecation } from '../shared/contract/operations/operation'
import type { Answer } from './call'

/** RFC 9745, RFC 8594 and, for the operation to use instead, RFC 8288. */
export function deprecationHeaders(
  { since, sunset, successor }: Deprecation,
  baseUrl: string,
): { deprecation: string; sunset: string; link: string } {
  return {
    deprecation: `@${String(Date.parse(since) / 1000)}`,
    sunset: new Date(sunset).toUTCString(),
    link: `<${baseUrl}${successor}>; rel="successor-version", <${baseUrl}/openapi.json>; rel="deprecation"; type="application/json"`,
  }
}

/** An answer of its own links keeps them. */
export function withLink(answer: Answer, link: string): Answer {
  const own = answer.headers?.['link']
  return own === undefined ? answer : { ...answer, headers: { ...answer.headers, link: `${own}, ${link}` } }
}
