import { createHash } from 'node:crypto'
import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { Fault } from '../shared/core/fault'
import { parseJson } from '../shared/core/format/json'
import { isValue, type Value } from '../shared/core/record/value'
import type { Body } from './call'
import { textOf } from './records/charset'

/** Most bytes of a body that is read whole. */
const MAX_WHOLE = 5 * 1024 * 1024
/** Objects and lists within each other. */
const MAX_DEPTH = 100

export interface BodyPatience {
  /** Between two pieces of a body. */
  idleMs: number
  /** For a body that is read whole. */
  wholeMs: number
}

const PATIENCE: BodyPatience = { idleMs: 60_000, wholeMs: 300_000 }

export interface RawBody {
  stream: Readable
  contentType: string | undefined
  contentEncoding: string | undefined
  maxBytes: number
  patience?: Partial<BodyPatience> | undefined
  /** Told of every piece that arrived, still packed. */
  took?: ((bytes: number) => void) | undefined
}

/** The body of a request: unpacked within its limit, read whole or as a stream, in the charset that it says. */
export class RequestBody implements Body {
  readonly mediaType: string
  readonly charset: string | undefined
  readonly maxBytes: number
  private readonly hash = createHash('sha256')
  private readonly patience: BodyPatience

  constructor(private readonly raw: RawBody) {
    this.maxBytes = raw.maxBytes
    this.patience = { ...PATIENCE, ...raw.patience }
    const [mediaType = '', ...parameters] = (raw.contentType ?? '').split(';')
    this.mediaType = mediaType.trim().toLowerCase()
    const charset = parameters.map((text) => /^\s*charset\s*=\s*["']?([^"'\s]+)["']?\s*$/i.exec(text)?.[1])
    this.charset = charset.find((name) => name !== undefined)?.toLowerCase()
  }

  /** SHA-256 in hex of the bytes read, as they arrived. */
  get digest(): string {
    return this.hash.copy().digest('hex')
  }

  /** @throws Fault MEDIA_TYPE_UNSUPPORTED, BODY_TOO_LARGE, FILE_DAMAGED, REQUEST_TOO_SLOW, REQUEST_MALFORMED */
  bytes(): AsyncGenerator<Uint8Array> {
    return this.limited(Infinity)
  }

  async json(): Promise<Value> {
    const value = await this.parsed()
    if (value === undefined) throw new Fault('BODY_EMPTY', 'The body is empty; send a JSON object.')
    return value
  }

  async jsonOr(otherwise: Value): Promise<Value> {
    return (await this.parsed()) ?? otherwise
  }

  private async parsed(): Promise<Value | undefined> {
    const bytes = await this.whole()
    if (bytes.length === 0) return undefined
    const text = await textOf(bytes, this.charset)
    assertNoNul(text)
    assertFlat(text)
    const value = parseJson(text)
    if (!isValue(value)) throw new Fault('JSON_INVALID', 'The body is not valid JSON.')
    return value
  }

  /** For hashing and for small bodies. @throws Fault BODY_TOO_LARGE */
  async whole(): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of this.limited(this.patience.wholeMs)) {
      size += chunk.length
      if (size > MAX_WHOLE) throw tooLarge(MAX_WHOLE)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  /** The same body once more, after it was read whole. */
  again(bytes: Buffer): RequestBody {
    const { contentType, maxBytes } = this.raw
    return new RequestBody({
      stream: Readable.from([bytes]),
      contentType,
      contentEncoding: undefined,
      maxBytes,
    })
  }

  private async *limited(inMs: number): AsyncGenerator<Uint8Array> {
    let size = 0
    for await (const chunk of this.unpacked(inMs)) {
      size += chunk.length
      if (size > this.raw.maxBytes) throw tooLarge(this.raw.maxBytes)
      yield chunk
    }
  }

  private async *unpacked(inMs: number): AsyncGenerator<Uint8Array> {
    const encoding = (this.raw.contentEncoding ?? 'identity').trim().toLowerCase()
    const arrived = this.arrived(inMs)
    if (encoding === 'identity' || encoding === '') {
      yield* arrived
      return
    }
    const unpack = unpackerOf(encoding)
    if (!unpack)
      throw new Fault(
        'MEDIA_TYPE_UNSUPPORTED',
        `Content-Encoding is ${encoding}; send gzip, deflate or none.`,
        { contentEncoding: encoding },
      )
    try {
      // the error arrives where the chunks are read
      const unpacked: AsyncIterable<unknown> = pipeline(Readable.from(arrived), unpack, () => undefined)
      for await (const chunk of unpacked) yield asBytes(chunk)
    } catch (error) {
      if (error instanceof Fault) throw error
      throw new Fault('FILE_DAMAGED', `Content-Encoding says ${encoding}, and the body is not that.`, {
        contentEncoding: encoding,
      })
    }
  }

  /** The connection stays: there is an answer to give on it. */
  private async *arrived(inMs: number): AsyncGenerator<Uint8Array> {
    const stream: AsyncIterable<unknown> = this.raw.stream.iterator({ destroyOnReturn: false })
    const chunks = stream[Symbol.asyncIterator]()
    const end = performance.now() + inMs
    try {
      for (;;) {
        const wait = Math.min(this.patience.idleMs, end - performance.now())
        const next = await inTime(chunks.next(), wait)
        if (next.done === true) return
        const bytes = asBytes(next.value)
        this.hash.update(bytes)
        this.raw.took?.(bytes.length)
        yield bytes
      }
    } catch (error) {
      throw error instanceof Fault ? error : brokenOff(error)
    } finally {
      // one that still waits for a piece ends with the connection
      void chunks.return?.()
    }
  }
}

/** @throws Fault REQUEST_TOO_SLOW */
function inTime<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Fault(
          'REQUEST_TOO_SLOW',
          'The body did not arrive in time: nothing came for a while, or it took too long as a whole.',
        ),
      )
    }, ms)
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}

function brokenOff(error: unknown): Fault {
  return new Fault(
    'REQUEST_MALFORMED',
    'The body ended before it was complete: the connection broke, or its length is not what was announced.',
    {},
    undefined,
    { cause: error },
  )
}

/** No JSON has one; UTF-16 that is not declared has many. @throws Fault TEXT_ENCODING_INVALID */
function assertNoNul(text: string): void {
  const offset = text.indexOf('\0')
  if (offset < 0) return
  const likely = offset === 0 ? 'utf-16be' : 'utf-16le'
  throw new Fault(
    'TEXT_ENCODING_INVALID',
    `Byte ${String(offset)} of the body is zero: it looks like ${likely}. If it is, say so in Content-Type (charset=${likely}); or send UTF-8.`,
    { charset: 'utf-8', offset, likely },
  )
}

/** Nobody needs more, and a program that walks through it would run out of stack. @throws Fault JSON_INVALID */
function assertFlat(text: string): void {
  let depth = 0
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (sign === '[' || sign === '{') depth++
    else if (sign === ']' || sign === '}') depth--
    if (depth > MAX_DEPTH)
      throw new Fault('JSON_INVALID', `The body has more than ${String(MAX_DEPTH)} levels.`, {
        levels: MAX_DEPTH,
      })
  }
}

function unpackerOf(encoding: string): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  return encoding === 'deflate' ? createInflate() : undefined
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new TypeError('A stream of bytes gave something else.')
}

function tooLarge(maxBytes: number): Fault {
  return new Fault('BODY_TOO_LARGE', `The body has more than ${String(maxBytes)} bytes.`, { maxBytes })
}
