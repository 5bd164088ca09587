import type { access } from '../../shared/contract/operations/access'
import { Fault } from '../../shared/core/fault'
import { OAuthFault } from '../access/oauth-fault'
import type { TokenEndpoint } from '../access/token-endpoint'
import type { Answer, Call, Handlers } from '../call'
import type { Limits } from '../limits/limits'
import { problemOf } from '../problem'
import { pageAnswer } from './page'
import { callerOf } from './rights'

/** A token request is a short form. */
const MAX_FORM = 64 * 1024
const NOT_STORED = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function accessHandlers({
  tokenEndpoint,
  limits,
}: {
  tokenEndpoint: TokenEndpoint
  limits: Limits
}): Handlers<keyof typeof access> {
  return {
    createToken: async (call) => {
      try {
        const { authorization } = call.headers
        const token = await tokenEndpoint.answer({
          form: await formIn(call),
          authorization,
          certificate: call.certificate,
          address: call.address,
          request: call.id,
          audiences: [call.baseUrl, `${call.baseUrl}/oauth/token`],
        })
        return { status: 200, headers: NOT_STORED, content: { json: token } }
      } catch (error) {
        if (error instanceof OAuthFault) return refusal(call, error)
        throw error
      }
    },

    getCaller: (call) => {
      const { client, key, method, tenant, scopes, workflows, version, expires } = callerOf(call)
      const json = {
        client,
        tenant: tenant.id,
        key,
        method,
        scopes: [...scopes],
        workflows: workflows === 'all' ? ['*'] : [...workflows],
        apiVersion: version,
        ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
      }
      return Promise.resolve({ status: 200, content: { json } })
    },

    listLimits: (call) => {
      const { maxBytes: quota } = call.body
      const body = {
        name: 'body',
        unit: 'content-bytes',
        quota,
        windowSeconds: 0,
        left: quota,
        resetSeconds: 0,
      }
      return Promise.resolve(pageAnswer(call, [...limits.state(callerOf(call)), body], undefined))
    },
  }
}

/** An error in the form of RFC 6749, section 5.2, with all that other problems tell, too. */
function refusal(call: Call, fault: OAuthFault): Answer {
  const problem = problemOf(fault, { ...call, path: call.path.split('?')[0] ?? '' })
  const challenge =
    fault.status === 401 ? { 'www-authenticate': 'Basic realm="tieout", charset="UTF-8"' } : {}
  return {
    status: fault.status,
    headers: { ...NOT_STORED, ...challenge },
    content: {
      json: {
        error: fault.error,
        error_description: fault.reason.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' '),
        error_uri: problem.docs,
        ...problem,
        status: fault.status,
      },
    },
  }
}

/** @throws OAuthFault; Fault BODY_TOO_LARGE */
async function formIn({ body }: Call): Promise<URLSearchParams> {
  if (body.mediaType !== 'application/x-www-form-urlencoded')
    throw new OAuthFault('invalid_request', 'the body must be application/x-www-form-urlencoded')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body.bytes()) {
    size += chunk.length
    if (size > MAX_FORM)
      throw new Fault('BODY_TOO_LARGE', `A token request has at most ${String(MAX_FORM)} bytes.`, {
        maxBytes: MAX_FORM,
      })
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
