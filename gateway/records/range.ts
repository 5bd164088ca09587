import { Fault } from '../../shared/core/fault'

/** First and last byte. */
export interface ByteRange {
  from: number
  to: number
}

/**
 * The one range that a client asks for (RFC 9110, 14.2). Several at once, or units that nobody knows, are ignored.
 * @returns undefined for the whole
 * @throws Fault RANGE_NOT_SATISFIABLE
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const range =
    first === ''
      ? { from: Math.max(0, size - Number(last)), to: size - 1 }
      : { from: Number(first), to: Math.min(size - 1, last === '' ? size - 1 : Number(last)) }
  if (last !== '' && first !== '' && Number(last) < Number(first)) return undefined
  if (range.from <= range.to) return range
  throw new Fault(
    'RANGE_NOT_SATISFIABLE',
    `The download has ${String(size)} bytes; the range begins after.`,
    {
      bytes: size,
      range: (header ?? '').slice(0, 64),
    },
  )
}
