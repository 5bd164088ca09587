import { exactNumber } from '../../record/decimal'
import type { Value } from '../../record/value'
import { Kind } from './walk-plan'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const KINDS = [Kind.absent, Kind.null, Kind.text, Kind.number, Kind.boolean] as const

/** The value that a field's kind, as the scan has it, and bytes are. */
export function valueOf(number: number, bytes: Uint8Array): Value | undefined {
  const kind = KINDS[number]
  if (kind === Kind.absent) return undefined
  if (kind === Kind.null) return null
  const text = decoder.decode(bytes)
  if (kind === Kind.number) return exactNumber(text) ?? text
  return kind === Kind.boolean ? text === '1' : text
}
