import type { X509Certificate } from 'node:crypto'
import { Fault } from '../../shared/core/fault'
import { idOfApiKey } from './api-key'
import type { Credentials } from './authenticate'
import { defectOfKey } from './pasted'

/** What a request proves who sends it with; the first of these that it has. */
export type Presented =
  | { by: 'api-key'; id: string; key: string }
  | { by: 'basic'; name: string; secret: string }
  | { by: 'token'; token: string }
  | { by: 'certificate'; certificate: X509Certificate }

/** @throws Fault CREDENTIALS_MISSING; CREDENTIALS_INVALID that names what is wrong with how they are written */
export function presentedIn(
  { headers, query, certificate }: Credentials,
  { keyInQuery }: { keyInQuery: boolean },
): Presented {
  const { 'x-api-key': key, authorization } = headers
  if (key !== undefined) return apiKey(key, 'X-API-Key')
  if (authorization !== undefined) return ofAuthorization(authorization)
  const inQuery = query.get('api_key')
  if (inQuery !== null && keyInQuery) return apiKey(inQuery, 'api_key')
  if (certificate) return { by: 'certificate', certificate }
  const hint = inQuery === null ? '' : ' A key in the address is not taken here: it would end up in logs.'
  throw new Fault('CREDENTIALS_MISSING', `The request has no credentials; send the key in X-API-Key.${hint}`)
}

/** The kinds of credentials that arrived, and what is wrong with how each is written; nothing of what is in them. */
export function kindsIn({ 'x-api-key': key, authorization }: Readonly<Record<string, string>>): string[] {
  const kinds: string[] = []
  if (key !== undefined) kinds.push(describedAs('api key', () => apiKey(key, 'X-API-Key')))
  if (authorization === undefined) return kinds
  const scheme = /^\s*(bearer|basic|apikey)\b/i.exec(authorization)?.[1]?.toLowerCase()
  kinds.push(describedAs(scheme ?? 'authorization', () => ofAuthorization(authorization)))
  return kinds
}

function describedAs(kind: string, read: () => Presented): string {
  try {
    read()
    return kind
  } catch (error) {
    if (error instanceof Fault) return `${kind}: ${String(error.evidence['defect'])}`
    throw error
  }
}

function ofAuthorization(text: string): Presented {
  const [, scheme = '', value = ''] = /^\s*([\w-]+)(?:\s+(.*?))?\s*$/s.exec(text) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isJwt(value) ? { by: 'token', token: value } : apiKey(value, 'Authorization')
    case 'apikey':
      return apiKey(value, 'Authorization')
    case 'basic':
      return ofBasic(value)
    default:
      throw malformed(
        'Authorization',
        defectOfKey(text.trim()) === undefined
          ? "it has the key without 'Bearer' in front of it"
          : 'it begins with none of Bearer, Basic, ApiKey',
      )
  }
}

/** RFC 7617; a key in place of the name, as clients send it that know only Basic. */
function ofBasic(value: string): Presented {
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0)
    throw malformed('Authorization', 'the base64 text has no colon between the client and its secret')
  const name = text.slice(0, colon)
  const secret = text.slice(colon + 1)
  return name.startsWith('tk_') ? apiKey(name, 'Authorization') : { by: 'basic', name, secret }
}

function apiKey(key: string, where: string): Presented {
  const id = idOfApiKey(key)
  if (id === undefined) throw malformed(where, defectOfKey(key) ?? '')
  return { by: 'api-key', id, key }
}

function isJwt(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)
}

function malformed(where: string, defect: string): Fault {
  return new Fault('CREDENTIALS_INVALID', `The key in ${where} cannot be right: ${defect}.`, {
    where,
    defect,
  })
}
