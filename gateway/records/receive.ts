import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { unpacked } from '../../shared/adapters/files/gunzip'
import { writeFault } from '../../shared/adapters/files/fault'
import { Fault } from '../../shared/core/fault'
import { startOfText, type Encoding } from '../../shared/core/format/text'
import { encodingOfXml } from '../../shared/core/format/xml/encoding'
import type { Call } from '../call'
import { textIn } from './charset'
import { formatOf, type UploadFormat } from './format'
import { firstFile, type ArrivingFile } from './multipart'
import { rowCountOf } from './row-count'

/** A file that arrived whole and is kept, as UTF-8. */
export interface ReceivedFile {
  /** Of its folder below `uploads`. */
  id: string
  /** Of the file in it: what its sender calls it. */
  name: string
  format: UploadFormat
  bytes: number
  /** As limits count them. */
  records: number
  /** SHA-256 of what is kept, in hex. */
  sha256: string
}

export interface ReceiveOptions {
  /** `uploads` of the tenant. */
  folder: string
  /** Charset of a file of a format that says nothing of it. */
  charsetOf: (format: UploadFormat) => Encoding | undefined
}

const HEAD = 4096

/**
 * Keeps the file that a request brings: unpacked, in UTF-8 whatever its charset was, with nothing else changed.
 * @throws Fault BODY_EMPTY, BODY_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED, TEXT_ENCODING_INVALID, FILE_DAMAGED, DISK_FULL
 */
export async function receive(call: Call, { folder, charsetOf }: ReceiveOptions): Promise<ReceivedFile> {
  const file = await arriving(call)
  const bytes = limited(unpacked(file.bytes, 'The body'), call.body.maxBytes)
  const { head, all } = await begun(bytes)
  if (head.length === 0) throw new Fault('BODY_EMPTY', 'The body is empty; send the records.')
  const format = formatOf(file, new TextDecoder().decode(head))
  const { charset, bom } = await charsetIn(head, format, file.charset ?? charsetOf(format))
  const id = randomBytes(12).toString('hex')
  const name = nameOf(file.name, format)
  const at = join(folder, id)
  try {
    const kept = await keep(join(at, name), at, format, textIn(charset, all, bom))
    return { id, name, format, ...kept }
  } catch (error) {
    await rm(at, { recursive: true, force: true })
    throw error
  }
}

function arriving({ body, headers }: Call): Promise<ArrivingFile> {
  if (body.mediaType === 'multipart/form-data') return firstFile(headers['content-type'] ?? '', body.bytes())
  const name = /filename\s*=\s*"?([^";]+)"?/i.exec(headers['content-disposition'] ?? '')?.[1]
  return Promise.resolve({ bytes: body.bytes(), mediaType: body.mediaType, charset: body.charset, name })
}

async function* limited(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > most)
      throw new Fault('BODY_TOO_LARGE', `The file has more than ${String(most)} bytes.`, { maxBytes: most })
    yield chunk
  }
}

/** The first bytes, and all of them. */
async function begun(
  bytes: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  let head = Buffer.alloc(0)
  let ended = false
  while (head.length < HEAD && !ended) {
    const next = await bytes.next()
    if (next.done === true) ended = true
    else head = Buffer.concat([head, next.value])
  }
  const all = (async function* () {
    if (head.length > 0) yield head
    if (!ended) yield* bytes
  })()
  return { head, all }
}

/** A byte order mark comes first, then what the request says, then what an XML document says of itself. */
async function charsetIn(
  head: Uint8Array,
  format: UploadFormat,
  declared: string | undefined,
): Promise<{ charset: string; bom: number }> {
  const input = {
    name: 'The body',
    open: async function* () {
      yield await Promise.resolve(head)
    },
  }
  const start = await startOfText(input, undefined)
  if (start.bom > 0) return { charset: start.encoding, bom: start.bom }
  if (declared !== undefined) return { charset: declared, bom: 0 }
  return { charset: format === 'xml' ? (await encodingOfXml(input)).encoding : 'utf-8', bom: 0 }
}

/** Begins with a byte order mark, which is stronger than the charset that an XML document declares. */
async function keep(
  path: string,
  folder: string,
  format: UploadFormat,
  text: AsyncIterable<string>,
): Promise<Pick<ReceivedFile, 'bytes' | 'records' | 'sha256'>> {
  const hash = createHash('sha256')
  const count = rowCountOf(format)
  let size = 0
  await mkdir(folder, { recursive: true })
  const file = await open(path, 'wx').catch((error: unknown) => {
    throw writeFault(error, basename(path))
  })
  try {
    await file.writeFile('\uFEFF')
    for await (const piece of text) {
      count.push(piece)
      const bytes = Buffer.from(piece)
      size += bytes.length
      hash.update(bytes)
      await file.writeFile(bytes).catch((error: unknown) => {
        throw writeFault(error, basename(path))
      })
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (size === 0) throw new Fault('BODY_EMPTY', 'The body is empty; send the records.')
  return { bytes: size, records: count.total(), sha256: hash.digest('hex') }
}

/** What the sender calls the file, as far as it is a plain name: it stands in messages. */
function nameOf(name: string | undefined, format: UploadFormat): string {
  const plain = basename((name ?? '').replaceAll('\\', '/')).replace(/\.gz$/i, '')
  return /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(plain) ? plain : `upload.${format}`
}
