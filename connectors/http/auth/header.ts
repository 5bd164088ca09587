import { Fault } from '../../../shared/core/fault'
import type { Authorizer } from './authorizer'

/** Credentials that are the same in every request. */
export function withHeader(name: string, value: string): Authorizer {
  return {
    authorize: (request) => Promise.resolve({ ...request, headers: { ...request.headers, [name]: value } }),
  }
}

/** RFC 7617, in UTF-8. */
export function basic(username: string, password: string): string {
  if (username.includes(':')) throw malformed('username', 'it contains a colon')
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return 'Basic ' + btoa(String.fromCharCode(...bytes))
}

/** @throws when something was pasted along with a secret */
export function bare(secret: string, name: string): string {
  if (/^bearer\s/i.test(secret))
    throw malformed(name, "it begins with the word 'Bearer', which is added by itself")
  if (/^["'].*["']$/.test(secret)) throw malformed(name, 'it is in quotes')
  if (/\s/.test(secret)) throw malformed(name, 'it contains a space or line break')
  return secret
}

function malformed(name: string, why: string): Fault {
  return new Fault('CREDENTIAL_MALFORMED', `auth.${name} cannot be right: ${why}`, { name, why })
}
