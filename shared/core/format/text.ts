import { Fault } from '../fault'
import type { FileInput } from './format'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export const encodings: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']

const NAMED: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'windows-1252': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
}

/** By the name that an XML declaration or a Content-Type header has for it. */
export function encodingNamed(name: string): Encoding | undefined {
  return NAMED[name.toLowerCase()]
}

export interface TextPiece {
  text: string
  /** Bytes of the file before the end of this text. */
  end: number
  last: boolean
}

/** How the text of a file is to be read: its encoding, and the bytes of its byte order mark. */
export interface TextStart {
  encoding: Encoding
  bom: number
}

/** By its byte order mark, else as declared, else UTF-8. */
export async function startOfText(input: FileInput, declared: Encoding | undefined): Promise<TextStart> {
  const head = await firstBytes(input, 3)
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 }
  return { encoding: declared ?? 'utf-8', bom: 0 }
}

export async function firstBytes(input: FileInput, length: number): Promise<Uint8Array> {
  const head = new Uint8Array(length)
  let filled = 0
  for await (const bytes of input.open()) {
    const part = bytes.subarray(0, length - filled)
    head.set(part, filled)
    filled += part.length
    if (filled === length) break
  }
  return head.subarray(0, filled)
}

/**
 * The text of a file from byte `at`, in pieces that never split a character. The last piece says so and may be empty.
 * @throws Fault TEXT_ENCODING_INVALID naming the first bad byte
 */
export async function* textOfFile(
  input: FileInput,
  encoding: Encoding,
  at: number,
): AsyncIterable<TextPiece> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  let tail: Uint8Array = new Uint8Array(0)
  let end = at
  for await (const chunk of input.open(at)) {
    const bytes = tail.length > 0 ? joined(tail, chunk) : chunk
    const whole = wholeCharacters(bytes, encoding)
    const text = decode(decoder, bytes.subarray(0, whole), { name: input.name, encoding, at: end })
    tail = bytes.slice(whole)
    end += whole
    if (text) yield { text, end, last: false }
  }
  if (tail.length > 0) throw encodingFault(tail, { name: input.name, encoding, at: end })
  yield { text: '', end, last: true }
}

/** @throws Fault TEXT_ENCODING_INVALID naming the first bad byte, when these bytes from `at` on are not UTF-8 */
export function assertUtf8(bytes: Uint8Array, name: string, at: number): void {
  decode(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), bytes, { name, encoding: 'utf-8', at })
}

/** Bytes that a text takes in a file. */
export function byteLength(text: string, encoding: Encoding): number {
  if (encoding === 'windows-1252') return text.length
  if (encoding !== 'utf-8') return text.length * 2
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // a surrogate pair is two units and four bytes, two for each unit
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return bytes
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** How many of the bytes form whole characters; the rest begins one that goes on in the next chunk. */
function wholeCharacters(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === 'windows-1252') return bytes.length
  if (encoding === 'utf-8') return wholeUtf8(bytes)
  const even = bytes.length - (bytes.length % 2)
  const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2]
  const endsInFirstHalf = even > 0 && high !== undefined && high >= 0xd8 && high < 0xdc
  return endsInFirstHalf ? even - 2 : even
}

function wholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function sequenceLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}

interface Where {
  name: string
  encoding: Encoding
  at: number
}

function decode(decoder: { decode(bytes: Uint8Array): string }, bytes: Uint8Array, where: Where): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw encodingFault(bytes, where)
  }
}

function encodingFault(bytes: Uint8Array, where: Where): Fault {
  const bad = firstBadByte(bytes, where.encoding)
  const offset = where.at + bad
  const likely = likelyEncoding(bytes, bad)
  return new Fault(
    'TEXT_ENCODING_INVALID',
    `${where.name}: byte ${String(offset)} is not ${where.encoding}; the file looks like ${likely}. ${wayOut(likely)}`,
    { file: where.name, offset, encoding: where.encoding, likely },
  )
}

function wayOut(likely: string): string {
  if (likely === 'windows-1252')
    return 'Set "encoding: windows-1252" where its language is one of Western Europe, or send it as UTF-8.'
  if (likely === 'utf-16le') return 'Set "encoding: utf-16le" or send it as UTF-8.'
  return likely === 'text in another encoding'
    ? 'Send it as UTF-8.'
    : 'Check that this is the right file and the right connector.'
}

/** The byte behind the longest prefix that decodes; where that ends inside a character, the character's first. */
function firstBadByte(bytes: Uint8Array, encoding: Encoding): number {
  let [good, bad] = [0, bytes.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (decodes(bytes.subarray(0, middle), encoding)) good = middle
    else bad = middle
  }
  return encoding === 'utf-8' ? wholeUtf8(bytes.subarray(0, good)) : good
}

function decodes(bytes: Uint8Array, encoding: Encoding): boolean {
  try {
    // streaming: a cut inside a character is no fault
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Shift_JIS and the code pages of Central and Eastern Europe have letters where Windows-1252 has nothing. */
const UNUSED_IN_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

function likelyEncoding(bytes: Uint8Array, bad: number): string {
  const [first, second] = bytes
  if (first === 0x50 && second === 0x4b) return 'a zip or XLSX file'
  const around = bytes.subarray(Math.max(0, bad - 512), bad + 512)
  const zeros = around.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  if (zeros * 4 > around.length) return 'utf-16le'
  if (zeros > 0) return 'a binary file'
  return around.some((byte) => UNUSED_IN_1252.includes(byte)) ? 'text in another encoding' : 'windows-1252'
}
