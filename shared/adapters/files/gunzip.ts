import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { Fault } from '../../core/fault'

/** Text packs 5 to 30 times; a bomb a thousand times. Judged only beyond the size at which it could hurt. */
const MAX_RATIO = 250
const HARMLESS = 64 * 1024 * 1024

/** Unpacks what begins with the magic bytes of gzip (RFC 1952) and passes on what does not. */
export async function* unpacked(bytes: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]()
  try {
    const first = await firstTwo(chunks)
    const all = resumed(first, chunks)
    yield* first[0] === 0x1f && first[1] === 0x8b ? gunzipped(all, name) : all
  } finally {
    await chunks.return?.()
  }
}

async function firstTwo(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0)
  while (first.length < 2) {
    const next = await chunks.next()
    if (next.done === true) break
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value])
  }
  return first
}

async function* resumed(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
  let [bytesIn, bytesOut] = [0, 0]
  const counted = (async function* () {
    for await (const chunk of packed) {
      bytesIn += chunk.length
      yield chunk
    }
  })()
  const source = Readable.from(counted, { objectMode: false })
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  source.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip)) {
      const bytes = asBytes(chunk)
      bytesOut += bytes.length
      if (bytesOut > HARMLESS && bytesOut > bytesIn * MAX_RATIO) throw tooBig(name, bytesIn, bytesOut)
      yield bytes
    }
  } catch (error) {
    throw error instanceof Fault ? error : damaged(name, error)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new TypeError('a byte stream gives bytes')
}

function tooBig(name: string, bytesIn: number, bytesOut: number): Fault {
  return new Fault(
    'FILE_UNPACKS_TOO_BIG',
    `${name}: ${bytesIn} packed bytes have unpacked to more than ${bytesOut}; reading stops at ${MAX_RATIO} times`,
    { file: name, bytesIn, bytesOut },
  )
}

function damaged(name: string, error: unknown): Fault {
  const why = error instanceof Error ? error.message : 'unknown'
  return new Fault('FILE_DAMAGED', `${name}: the gzip data is damaged or incomplete (${why})`, {
    file: name,
    why,
  })
}
