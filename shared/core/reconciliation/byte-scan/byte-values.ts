import { exactNumber } from '../../record/decimal'
import type { Value } from '../../record/value'
import { Kind } from './lanes'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The value that a field's kind and bytes are. */
export function valueOf(kind: number, bytes: Uint8Array): Value | undefined {
  if (kind === Kind.absent) return undefined
  if (kind === Kind.null) return null
  const text = decoder.decode(bytes)
  if (kind === Kind.number) return exactNumber(text) ?? text
  return kind === Kind.boolean ? text === '1' : text
}

/** The values whose kinds and bytes were put together in a ByteText. */
export function valuesOf(bytes: Uint8Array): (Value | undefined)[] {
  const values: (Value | undefined)[] = []
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at++] ?? 0
    let size = bytes[at++] ?? 0
    if (size > 127) {
      size =
        (size & 127) | ((bytes[at] ?? 0) << 7) | ((bytes[at + 1] ?? 0) << 15) | ((bytes[at + 2] ?? 0) << 23)
      at += 3
    }
    values.push(valueOf(kind, bytes.subarray(at, at + size)))
    at += size
  }
  return values
}
