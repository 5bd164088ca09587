import { auth } from './auth'
import { config } from './config'
import { data } from './data'
import { database } from './database'
import { files } from './files'
import { limit } from './limit'
import { network } from './network'
import { proxy } from './proxy'
import { signOff } from './sign-off'
import { state } from './state'
import { tls } from './tls'
import type { ErrorEntry } from './entry'

/** The catalogue of errors: the only place where a code is described. */
export const errors = {
  ...auth,
  ...config,
  ...data,
  ...database,
  ...files,
  ...limit,
  ...network,
  ...proxy,
  ...signOff,
  ...state,
  ...tls,
} as const

export type ErrorCode = keyof typeof errors

export function errorEntry(code: ErrorCode): ErrorEntry {
  return errors[code]
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(errors, text)
}

export type { ErrorEntry }
