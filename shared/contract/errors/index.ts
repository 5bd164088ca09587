import { api } from './api'
import { auth } from './auth'
import { config } from './config'
import { data } from './data'
import { database } from './database'
import { exceptions } from './exceptions'
import { files } from './files'
import { gateway } from './gateway'
import { limit } from './limit'
import { network } from './network'
import { proxy } from './proxy'
import { reconciliation } from './reconciliation'
import { signOff } from './sign-off'
import { state } from './state'
import { tables } from './tables'
import { tls } from './tls'
import type { ErrorEntry } from './entry'

/** The catalogue of errors: the only place where a code is described. */
export const errors: Readonly<Record<ErrorCode, ErrorEntry>> = {
  ...api,
  ...auth,
  ...config,
  ...data,
  ...database,
  ...exceptions,
  ...files,
  ...gateway,
  ...limit,
  ...network,
  ...proxy,
  ...reconciliation,
  ...signOff,
  ...state,
  ...tables,
  ...tls,
}

export type ErrorCode =
  | keyof typeof api
  | keyof typeof auth
  | keyof typeof config
  | keyof typeof data
  | keyof typeof database
  | keyof typeof exceptions
  | keyof typeof files
  | keyof typeof gateway
  | keyof typeof limit
  | keyof typeof network
  | keyof typeof proxy
  | keyof typeof reconciliation
  | keyof typeof signOff
  | keyof typeof state
  | keyof typeof tables
  | keyof typeof tls

export function errorEntry(code: ErrorCode): ErrorEntry {
  return errors[code]
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(errors, text)
}

export type { ErrorEntry }
