import type { Fault } from './fault'
import type { DataRecord, Value } from './record/value'

/**
 * What the core asks of the world. Faces build these from adapters (or from their host) and pass them in;
 * nothing in the core reaches for a clock, a socket or a file by itself.
 */
export interface Ports {
  clock: Clock
  http: Http
  files: Files
  validator: Validator
  spill: Spill
  signer: Signer
  /** Absent where the host keeps no key. */
  sealer?: Sealer
  log: Log
}

export interface Clock {
  /** Milliseconds since 1970, for what is shown and saved. */
  now(): number
  /** Milliseconds that never go back, for durations. */
  elapsed(): number
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** From 0 up to 1. Here so that a test can fix it. */
  random(): number
}

export interface TlsOptions {
  /** PEM texts. `ca` is trusted in addition to the system's authorities. */
  ca?: readonly string[]
  cert?: string
  key?: string
  pfx?: Uint8Array
  passphrase?: string
  serverName?: string
}

export interface HttpOptions {
  tls?: TlsOptions
  /** A proxy URL, 'environment' (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) or 'none'. Default 'environment'. */
  proxy?: string
  /** Host names and suffixes that bypass `proxy`, in the form of NO_PROXY. */
  noProxy?: string
  /** Until the connection stands (default 10 s) and until the answer is complete (default 60 s). */
  connectTimeoutMs?: number
  timeoutMs?: number
  /** Connections open at once to one host. */
  maxConnections?: number
  /** Which library carries the requests, where the host offers a choice. Default 'axios'. */
  client?: 'axios' | 'undici'
}

export interface HttpRequest {
  method: string
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  timeoutMs?: number
  signal?: AbortSignal
  /** May be sent again although its method is not idempotent: it changes nothing or carries an idempotency key. */
  repeatable?: boolean
}

/** A body in pieces, such as a file; it cannot be sent again. */
export interface HttpUpload extends Omit<HttpRequest, 'body' | 'repeatable'> {
  body: AsyncIterable<Uint8Array>
}

export interface HttpResponse {
  status: number
  /** Names in lower case; repeated headers joined by ', '. */
  headers: Readonly<Record<string, string>>
  /** Decompressed. */
  body: Uint8Array
}

interface HttpStream {
  status: number
  headers: Readonly<Record<string, string>>
  body: AsyncIterable<Uint8Array>
}

/**
 * One client holds the connections, certificates and proxy of one connection. `send` answers any status;
 * it throws a Fault of the network category when there was no complete answer. Redirects to another
 * host are not followed.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>
  stream(request: HttpRequest): Promise<HttpStream>
  /** Sends a body that need not fit the memory, where the host can. */
  upload?(request: HttpUpload): Promise<HttpResponse>
  /** The way to a server below HTTP, rung by rung, where the host can see it; the first failed rung ends it. */
  probe?(url: string): AsyncIterable<ProbeStep>
  close(): Promise<void>
}

export interface ProbeStep {
  name: 'name lookup' | 'connection' | 'proxy' | 'certificate'
  detail: string
  fault?: Fault
}

export interface Http {
  open(options: HttpOptions): HttpClient
}

export interface FileInfo {
  path: string
  size: number
  /** Milliseconds since 1970; 0 where unknown (https). */
  modified: number
}

/** Files by path or by http(s) URL. Paths are relative to the folder of the definition. */
export interface Files {
  /** The files that a path or glob names, in alphabetical order. */
  list(pattern: string): Promise<FileInfo[]>
  /** Bytes from `start`; gzip is unpacked by its magic bytes (then `start` counts unpacked bytes). */
  read(path: string, start?: number): AsyncIterable<Uint8Array>
  /** Writes beside the target; `commit` puts it in place in one step, `abort` leaves the old file untouched. */
  write(path: string): Promise<FileSink>
  /** Reads a small text whole, such as a certificate. */
  text(path: string): Promise<string>
  bytes(path: string): Promise<Uint8Array>
  remove(path: string): Promise<void>
  /** The absolute path of a local file, for a driver that opens it by itself. */
  locate(path: string): string
  /** A local file that is not packed, to be read from any place; undefined for any other. */
  reader?(path: string): Promise<FileReader | undefined>
}

export interface FileReader {
  /** Fills `into` with the bytes from `at`. @returns how many they are: 0 at the end of the file */
  read(into: Uint8Array, at: number): Promise<number>
  close(): Promise<void>
}

export interface FileSink {
  write(bytes: Uint8Array): Promise<void>
  commit(): Promise<void>
  abort(): Promise<void>
}

/** Work space that may go to disk when it grows. Local and synchronous. */
export interface Spill {
  /** Bytes appended and later read back in order. */
  log(): SpillLog
  /**
   * A table of texts by key. With a path it outlives the process (the caller drops it); every `write` is then
   * one durable transaction.
   */
  table(path?: string): SpillTable
}

export interface SpillLog {
  append(bytes: Uint8Array): void
  /** Everything in order, in pieces; each may be written over when the next one is asked for. */
  read(): Iterable<Uint8Array>
  readonly size: number
  /** `length` bytes from `at`. */
  slice(at: number, length: number): Uint8Array
  drop(): void
}

export interface SpillTable {
  /** Puts and removes in one transaction. A key keeps the place in `scan` that it was first given. */
  write(puts: Iterable<readonly [key: string, value: string]>, removes?: Iterable<string>): void
  get(keys: readonly string[]): (string | undefined)[]
  scan(): Iterable<readonly [key: string, value: string]>
  count(): number
  close(): void
  drop(): void
}

export type JsonSchema = { readonly [keyword: string]: Value } | boolean

export interface Violation {
  /** RFC 6901 pointer into the record. */
  pointer: string
  keyword: string
  /** What was expected, in words, without the value found. */
  message: string
}

/** JSON Schema draft 2020-12 and draft 7 (by `$schema`; default 2020-12). */
export interface Validator {
  /** @throws Fault SCHEMA_INVALID when the schema itself is wrong */
  compile(schema: JsonSchema): (record: DataRecord) => readonly Violation[] | undefined
}

export interface Signer {
  /** HMAC of a text, in hex or base64. */
  hmac(
    algorithm: 'sha256' | 'sha512' | 'sha1',
    secret: string,
    text: string,
    encoding: 'hex' | 'base64',
  ): string
  digest(algorithm: 'sha256' | 'md5', bytes: string | Uint8Array, encoding: 'hex' | 'base64'): string
  /** A compact JWS over the claims with a private key in PEM. */
  jwt(
    claims: Readonly<Record<string, Value>>,
    key: { pem: string; algorithm: string; keyId?: string },
  ): Promise<string>
  /** 128 random bits in hex. */
  id(): string
}

/** Keeps a text so that it cannot be read where it lies. */
export interface Sealer {
  /** @param name what it is; it cannot be unsealed under another one */
  seal(name: string, text: string): string
  /** @returns undefined when it was changed, or sealed under another name or with a key that is no longer there */
  unseal(name: string, sealed: string): string | undefined
}

export interface Log {
  info(message: string, facts?: Readonly<Record<string, Value>>): void
  warn(message: string, facts?: Readonly<Record<string, Value>>): void
}
