import type { X509Certificate } from 'node:crypto'
import type { OperationId } from '../shared/contract/operations'
import type { Scope } from '../shared/contract/operations/operation'
import type { Keep } from '../shared/core/keep'
import type { DataRecord, Value } from '../shared/core/record/value'
import type { Tenant } from './tenant'

/** One request, past routing, authentication, limits and the check of its parameters. */
export interface Call {
  operation: OperationId
  /** Of the request: `req_` and 16 hexadecimal digits; every answer and log line has it. */
  id: string
  /** Undefined only for public operations. */
  caller: Caller | undefined
  /** By name, converted to the types of their schemas; defaults are filled in. */
  parameters: DataRecord
  /** As it arrived, with its query. */
  path: string
  /** In lower case. */
  headers: Readonly<Record<string, string>>
  body: Body
  transport: Transport
  /** Of the client: of the TLS connection, or what a trusted hop says of it. */
  certificate: X509Certificate | undefined
  /** Where it came from, past trusted proxies only. */
  address: string
  /** Milliseconds since 1970. */
  received: number
  /** Address under which clients know this gateway, without a slash at the end. */
  baseUrl: string
  /** Aborted when the client is gone. */
  signal: AbortSignal
  /**
   * Does `work` at most once for the request's idempotency key and answers repeats as the first time. The server does it
   * around every handler whose operation repeats by key; only one that takes a streamed body calls it itself, when it
   * knows the fingerprint of what arrived. Without a key it just works.
   * @param work gets the claim; undefined without a key
   * @throws Fault IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED
   */
  once(fingerprint: string, work: (claim: Claimed | undefined) => Promise<Answer>): Promise<Answer>
  /** Of an operation that repeats by key and is not streamed; undefined without a key. */
  claim?: Claimed | undefined
}

/** How a request with an idempotency key makes sure of its one effect, also when it is killed before it can answer. */
export interface Claimed {
  /** The same for every repeat of the request: runs are found again by it. */
  id: string
  /** For an effect that is one transaction: the answer is kept in it. */
  keep<Done>(answerOf: (done: Done) => JsonAnswer): Keep<Done>
}

/** How it came, for diagnostics. */
export interface Transport {
  method: string
  httpVersion: string
  tls?: { version: string; cipher: string; certificate?: { subject: string; fingerprint256: string } }
}

/** Who calls, and what they may do. */
export interface Caller {
  client: string
  /** The visible part of the credential, for people and logs. */
  key: string
  method: 'api-key' | 'basic' | 'certificate' | 'token' | 'jwt'
  tenant: Tenant
  scopes: ReadonlySet<Scope>
  workflows: 'all' | ReadonlySet<string>
  /** Version of the API, as YYYY-MM-DD: the one of the first call, unless the request names another. */
  version: string
  /** End of the credential, in milliseconds since 1970. */
  expires?: number
}

/** Read at most once. */
export interface Body {
  /** In lower case, without parameters; '' where none was sent. */
  mediaType: string
  /** Most unpacked bytes that are taken. */
  maxBytes: number
  /** Unpacked bytes (gzip, deflate), within the limit; text still in its charset. */
  bytes(): AsyncIterable<Uint8Array>
  /** What Content-Type says of the charset, in lower case. */
  charset: string | undefined
  /** The body as JSON, in whatever charset it came; numbers keep their digits. @throws Fault JSON_INVALID, BODY_EMPTY */
  json(): Promise<Value>
  /** The same where there may be no body. */
  jsonOr(otherwise: Value): Promise<Value>
}

export interface Answer {
  status: number
  headers?: Readonly<Record<string, string>>
  /** Absent: no body. */
  content?: JsonContent | BytesContent
}

export interface JsonAnswer extends Answer {
  content: JsonContent
}

interface JsonContent {
  json: object
}

interface BytesContent {
  mediaType: string
  bytes: Uint8Array | AsyncIterable<Uint8Array>
  /** Where it is known before. */
  length?: number
}

/** The work of one operation. @throws Fault, answered as a problem */
export type Handler = (call: Call) => Promise<Answer>

export type Handlers<Id extends OperationId = OperationId> = Readonly<Record<Id, Handler>>
