import type { Encoding } from './text'

/** Texts to bytes. What `encodable` would replace becomes '?' or U+FFFD. */
export function encoder(encoding: Encoding): (text: string) => Uint8Array {
  if (encoding === 'windows-1252') return toWindows1252
  if (encoding === 'utf-8') {
    const utf8 = new TextEncoder()
    return (text) => utf8.encode(text)
  }
  return (text) => toUtf16(text, encoding === 'utf-16le')
}

const HALF_CHARACTER = /\p{Cs}/u
const OUTSIDE_LATIN_1 = /[^\u0000-\u007f\u00a0-\u00ff]/

/** The text as the encoding can hold it; `replaced` is called when that is not the same text. */
export function encodable(text: string, encoding: Encoding = 'utf-8', replaced: () => void): string {
  const suspect = encoding === 'windows-1252' ? OUTSIDE_LATIN_1 : HALF_CHARACTER
  if (!suspect.test(text)) return text
  const encoded =
    encoding === 'windows-1252'
      ? new TextDecoder('windows-1252').decode(toWindows1252(text))
      : text.replace(/\p{Cs}/gu, '\uFFFD')
  if (encoded !== text) replaced()
  return encoded
}

function toUtf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian)
  return bytes
}

/** Characters that Windows-1252 keeps at 0x80 to 0x9f (https://encoding.spec.whatwg.org/#windows-1252). */
const HIGH = new Map(
  Array.from(
    new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i)),
    (sign, i) => [sign, 0x80 + i],
  ),
)

function toWindows1252(text: string): Uint8Array {
  const bytes: number[] = []
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0
    bytes.push(code < 0x80 || (code >= 0xa0 && code < 0x100) ? code : (HIGH.get(sign) ?? 0x3f))
  }
  return Uint8Array.from(bytes)
}
