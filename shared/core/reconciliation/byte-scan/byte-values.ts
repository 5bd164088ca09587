import { exactNumber } from '../../record/decimal'
import type { Value } from '../../record/value'
import { Kind } from './walk-plan'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The value that a field's kind and bytes are. */
export function valueOf(kind: number, bytes: Uint8Array): Value | undefined {
  if (kind === Kind.absent) return undefined
  if (kind === Kind.null) return null
  const text = decoder.decode(bytes)
  if (kind === Kind.number) return exactNumber(text) ?? text
  return kind === Kind.boolean ? text === '1' : text
}
