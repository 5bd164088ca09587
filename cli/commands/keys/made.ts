import { createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fingerprintOf } from '../../../gateway/access/certificate'
import type { Credential } from '../../../gateway/access/client'
import type { NewCredential } from '../../../gateway/access/issue'
import { subjectProof } from '../../../gateway/access/outside-tokens'
import { Fault } from '../../../shared/core/fault'
import type { GatewayState } from '../../gateway-state'

export interface KindOptions {
  secret?: boolean
  certificate?: string
  publicKey?: string
  issuer?: string
  subject?: string
}

export interface Made {
  credential: Credential
  /** What is shown once. */
  shown: { key?: string; secret?: string }
}

/** The credential that the options ask for; an API key where they ask for none. */
export async function made(
  given: NewCredential,
  options: KindOptions,
  state: Pick<GatewayState, 'issue' | 'clients'>,
  cwd: string,
): Promise<Made> {
  const { secret, certificate, publicKey, issuer, subject } = options
  const { issue, clients } = state
  const kinds = [secret, certificate, publicKey, issuer].filter((kind) => kind !== undefined)
  if (kinds.length > 1) throw new Fault('COMMAND_INVALID', 'One kind of credential at a time.')
  if (secret === true) {
    const { credential, secret: text } = await issue.secret(given)
    return { credential, shown: { secret: text } }
  }
  if (certificate !== undefined) {
    const fingerprint = fingerprintOf(await certificateAt(resolve(cwd, certificate)))
    if (clients.found('certificate', fingerprint))
      throw new Fault('COMMAND_INVALID', `The certificate ${certificate} is registered already.`)
    return { credential: issue.registered(given, 'certificate', fingerprint), shown: {} }
  }
  if (publicKey !== undefined) {
    const jwk = JSON.stringify(await publicKeyAt(resolve(cwd, publicKey)))
    return { credential: issue.registered(given, 'public-key', jwk), shown: {} }
  }
  if (issuer !== undefined || subject !== undefined) {
    if (issuer === undefined || subject === undefined)
      throw new Fault('COMMAND_INVALID', '--issuer and --subject belong together.')
    const proof = subjectProof(issuer, subject)
    if (clients.found('subject', proof))
      throw new Fault('COMMAND_INVALID', `${subject} of ${issuer} is registered already.`)
    return { credential: issue.registered(given, 'subject', proof), shown: {} }
  }
  const { credential, key } = issue.apiKey(given)
  return { credential, shown: { key } }
}

async function certificateAt(path: string): Promise<X509Certificate> {
  try {
    return new X509Certificate(await readFile(path))
  } catch (error) {
    throw unusable(path, 'certificate', error)
  }
}

/** As JWK, whatever it was written as; a private key is turned into its public half. */
async function publicKeyAt(path: string): Promise<object> {
  try {
    const text = await readFile(path, 'utf8')
    if (!text.trimStart().startsWith('{')) return createPublicKey(text).export({ format: 'jwk' })
    const jwk: unknown = JSON.parse(text)
    if (typeof jwk !== 'object' || jwk === null) throw new TypeError('not a JWK')
    const kid = 'kid' in jwk && typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}
    return { ...createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'jwk' }), ...kid }
  } catch (error) {
    throw unusable(path, 'public key', error)
  }
}

function unusable(path: string, thing: string, error: unknown): Fault {
  return new Fault('COMMAND_INVALID', `${path} is no ${thing} that can be read.`, { path }, undefined, {
    cause: error,
  })
}
