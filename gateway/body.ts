import { createHash } from 'node:crypto'
import { pipeline, Readable, type Transform } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { Fault } from '../shared/core/fault'
import { parseJson } from '../shared/core/format/json'
import { isValue, type Value } from '../shared/core/record/value'
import type { Body } from './call'

/** Most bytes of a body that is read whole. */
const MAX_WHOLE = 5 * 1024 * 1024

export interface RawBody {
  stream: Readable
  contentType: string | undefined
  contentEncoding: string | undefined
  maxBytes: number
}

/** The body of a request: unpacked within its limit, read whole or as a stream, in the charset that it says. */
export class RequestBody implements Body {
  readonly mediaType: string
  readonly charset: string | undefined
  readonly maxBytes: number
  private readonly hash = createHash('sha256')

  constructor(private readonly raw: RawBody) {
    this.maxBytes = raw.maxBytes
    const [mediaType = '', ...parameters] = (raw.contentType ?? '').split(';')
    this.mediaType = mediaType.trim().toLowerCase()
    const charset = parameters.map((text) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(text)?.[1])
    this.charset = charset.find((name) => name !== undefined)?.toLowerCase()
  }

  /** SHA-256 in hex of the bytes read, as they arrived. */
  get digest(): string {
    return this.hash.copy().digest('hex')
  }

  /** @throws Fault MEDIA_TYPE_UNSUPPORTED, BODY_TOO_LARGE, FILE_DAMAGED */
  async *bytes(): AsyncGenerator<Uint8Array> {
    let size = 0
    for await (const chunk of this.unpacked()) {
      size += chunk.length
      if (size > this.raw.maxBytes) throw tooLarge(this.raw.maxBytes)
      yield chunk
    }
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
    const value = parseJson(decoded(bytes, this.charset))
    if (!isValue(value)) throw new Fault('JSON_INVALID', 'The body is not valid JSON.')
    return value
  }

  /** For hashing and for small bodies. @throws Fault BODY_TOO_LARGE */
  async whole(): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of this.bytes()) {
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

  private async *unpacked(): AsyncGenerator<Uint8Array> {
    const encoding = (this.raw.contentEncoding ?? 'identity').trim().toLowerCase()
    const arrived = this.hashed()
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

  private async *hashed(): AsyncGenerator<Uint8Array> {
    const stream: AsyncIterable<unknown> = this.raw.stream
    for await (const chunk of stream) {
      const bytes = asBytes(chunk)
      this.hash.update(bytes)
      yield bytes
    }
  }
}

/** Text in the charset declared; UTF-16 also by its byte order mark. @throws Fault TEXT_ENCODING_INVALID */
export function decoded(bytes: Uint8Array, charset: string | undefined): string {
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  const name = marked ?? charset ?? 'utf-8'
  const decoder = decoderOf(name)
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Fault(
      'TEXT_ENCODING_INVALID',
      `The body is not ${name}${charset === undefined ? ', and Content-Type names no other charset' : ''}; send UTF-8.`,
      { charset: name },
    )
  }
}

function unpackerOf(encoding: string): Transform | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  return encoding === 'deflate' ? createInflate() : undefined
}

/** @throws Fault MEDIA_TYPE_UNSUPPORTED */
function decoderOf(charset: string): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    throw new Fault('MEDIA_TYPE_UNSUPPORTED', `The charset ${charset} is not known here; send UTF-8.`, {
      charset,
    })
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new TypeError('A stream of bytes gave something else.')
}

function tooLarge(maxBytes: number): Fault {
  return new Fault('BODY_TOO_LARGE', `The body has more than ${String(maxBytes)} bytes.`, { maxBytes })
}
