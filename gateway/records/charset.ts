import { Fault } from '../../shared/core/fault'
import type { FileInput } from '../../shared/core/format/format'
import { startOfText, textOfFile, type Encoding } from '../../shared/core/format/text'

/** Charsets of which every byte can be named that is none of theirs. */
const EXACT: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16': 'utf-16le',
  'utf-16be': 'utf-16be',
  'windows-1252': 'windows-1252',
}

interface Decoder {
  readonly encoding: string
  decode(bytes?: Uint8Array, options?: { stream: boolean }): string
}

/** The text of bytes that came whole: by their byte order mark, else as declared, else UTF-8. @throws as `textIn` */
export async function textOf(bytes: Uint8Array, declared: string | undefined): Promise<string> {
  const open = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes)
  }
  const { encoding, bom } = await startOfText({ name: 'The body', open }, undefined)
  let text = ''
  for await (const piece of textIn(bom > 0 ? encoding : (declared ?? 'utf-8'), open(), bom)) text += piece
  return text
}

/**
 * The text of bytes in a charset, in pieces.
 * @param bom bytes at the beginning that are no text
 * @throws Fault TEXT_ENCODING_INVALID naming the first bad byte, MEDIA_TYPE_UNSUPPORTED
 */
export async function* textIn(
  charset: string,
  bytes: AsyncIterable<Uint8Array>,
  bom: number,
): AsyncGenerator<string> {
  const decoder = decoderOf(charset)
  const encoding = EXACT[charset] ?? EXACT[decoder.encoding]
  const input: FileInput = { name: 'The body', open: () => without(bytes, bom) }
  if (!encoding) {
    yield* loosely(decoder, charset, input.open())
    return
  }
  try {
    for await (const { text } of textOfFile(input, encoding, bom)) if (text !== '') yield text
  } catch (error) {
    throw error instanceof Fault ? advised(error, charset) : error
  }
}

/** The fault of the file's reader, with what helps a client. */
function advised(fault: Fault, charset: string): Fault {
  if (fault.code !== 'TEXT_ENCODING_INVALID') return fault
  const { offset = 0, likely = '' } = fault.evidence
  const what = `Byte ${String(offset)} of the body is not ${charset}`
  const advice =
    likely === 'windows-1252' || likely === 'utf-16le'
      ? `it looks like ${likely}. If it is, say so in Content-Type (charset=${likely}); or send UTF-8.`
      : `it looks like ${String(likely)}. Send text in UTF-8.`
  return new Fault('TEXT_ENCODING_INVALID', `${what}; ${advice}`, { charset, offset, likely })
}

async function* loosely(
  decoder: Decoder,
  charset: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  let offset = 0
  try {
    for await (const chunk of bytes) {
      const text = decoder.decode(chunk, { stream: true })
      offset += chunk.length
      if (text !== '') yield text
    }
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Fault(
      'TEXT_ENCODING_INVALID',
      `Somewhere after byte ${String(offset)} the body is not ${charset}; send UTF-8.`,
      { charset, offset },
    )
  }
}

async function* without(bytes: AsyncIterable<Uint8Array>, first: number): AsyncGenerator<Uint8Array> {
  let skip = first
  for await (const chunk of bytes) {
    if (skip < chunk.length) yield chunk.subarray(skip)
    skip = Math.max(0, skip - chunk.length)
  }
}

/** @throws Fault MEDIA_TYPE_UNSUPPORTED */
function decoderOf(charset: string): Decoder {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    throw new Fault('MEDIA_TYPE_UNSUPPORTED', `The charset ${charset} is not known here; send UTF-8.`, {
      charset,
    })
  }
}
