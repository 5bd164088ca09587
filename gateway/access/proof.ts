import type { Scope } from '../../shared/contract/operations/operation'
import type { Caller } from '../call'
import type { Credential } from './client'

/** A credential that was proved. */
export interface Proof {
  credential: Credential
  method: Caller['method']
  /** Of a token that has fewer scopes than the credential it was made with. */
  scopes?: readonly Scope[]
  /** Of the token. */
  expires?: number
}
