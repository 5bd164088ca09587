import { statusOf } from '../../shared/contract/errors/answer'
import type { Fault } from '../../shared/core/fault'

const REALM = 'realm="tieout"'

/** WWW-Authenticate of a 401: every scheme that is offered (RFC 9110, 11.6.1; RFC 6750, 3). */
export function challengesOf(fault: Fault): string[] {
  if (statusOf(fault.code) !== 401) return []
  const bearer =
    fault.code === 'CREDENTIALS_MISSING'
      ? `Bearer ${REALM}`
      : `Bearer ${REALM}, error="invalid_token", error_description="${quoted(fault.detail)}"`
  return [bearer, `Basic ${REALM}, charset="UTF-8"`, `ApiKey ${REALM}, header="X-API-Key"`]
}

/** What RFC 6750 allows in a description. */
function quoted(text: string): string {
  return text.replace(/"/g, "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ')
}
