import type { requests } from '../../shared/contract/operations/requests'
import { Fault } from '../../shared/core/fault'
import type { Call, Handlers } from '../call'
import type { LoggedRequest } from '../requests/entry'
import type { RequestFilter, RequestLog } from '../requests/log'
import { pageAnswer, pageOf } from './page'
import { needed, numberOf, textOf } from './parameter'
import { callerOf } from './rights'

export function requestHandlers(log: RequestLog): Handlers<keyof typeof requests> {
  return {
    listRequests: (call) => {
      const { limit, after } = pageOf(call)
      const found = log.list({ ...filterOf(call), ...(after === undefined ? {} : { before: after }) }, limit)
      const next = found.length < limit ? undefined : found.at(-1)?.number
      return Promise.resolve(pageAnswer(call, found.map(requestView), next))
    },

    getRequest: (call) => {
      const id = needed(call, 'request')
      const found = log.request(id, ownOf(call))
      if (!found) throw new Fault('REQUEST_UNKNOWN', `There is no request ${id} here.`, { request: id })
      return Promise.resolve({ status: 200, content: { json: requestView(found) } })
    },
  }
}

/** Of other clients nobody learns anything. */
function ownOf(call: Call): RequestFilter {
  const { client, tenant } = callerOf(call)
  return { client, tenant: tenant.id }
}

function filterOf(call: Call): RequestFilter {
  const filter = ownOf(call)
  for (const name of ['code', 'operation'] as const) {
    const value = textOf(call, name)
    if (value !== undefined) filter[name] = value
  }
  const status = numberOf(call, 'status')
  return status === undefined ? filter : { ...filter, status }
}

function requestView({ at, id, client, key, operation, method, path, ...rest }: LoggedRequest): object {
  const { status, code, milliseconds, bytesIn, bytesOut, complete, idempotencyKeySha256, run } = rest
  return {
    id,
    at: new Date(at).toISOString(),
    client,
    key,
    operation,
    method,
    path,
    status,
    ...(code === undefined ? {} : { code }),
    milliseconds,
    bytesIn,
    bytesOut,
    complete,
    ...(idempotencyKeySha256 === undefined ? {} : { idempotencyKeySha256 }),
    ...(run === undefined ? {} : { run }),
  }
}
