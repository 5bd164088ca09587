import type { DataRecord } from '../../record/value'
import { keyPart, type KeyPart } from '../normalise'
import type { ByteText } from './byte-keys'
import { Scratch } from './bytes'
import { valueOf } from './byte-values'
import type { FieldPlan } from './column-plan'
import { Kind } from './lanes'
import type { RowSlots } from './row-slots'

const ZERO = 48
const T = 84
const MINUS = 45
const POINT = 46

interface Part {
  field: number
  name: string
  /** Bytes are taken as they stand. */
  plain: boolean
  /** ASCII can be made alike byte by byte. */
  simple: boolean
  trim: boolean
  fold: boolean
  stripZeros: boolean
  text: KeyPart
}

/** The key of a row as bytes: the UTF-8 of its parts as `normalise.ts` makes them. */
export class RowKey {
  private readonly parts: readonly Part[]
  private readonly scratch = new Scratch()

  constructor({ key, names }: FieldPlan) {
    this.parts = key.map(({ field, rule }) => {
      const { trim, fold, stripZeros } = rule
      const simple = Object.keys(rule.values).length === 0
      const plain = simple && !trim && !fold && !stripZeros
      return {
        field,
        name: names[field] ?? '',
        plain,
        simple,
        trim,
        fold,
        stripZeros,
        text: keyPart(rule),
      }
    })
  }

  /** @returns whether the row has its key */
  ofWalk(walk: RowSlots, into: ByteText): boolean {
    into.clear()
    const { parts } = this
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]
      if (!part) break
      const { field } = part
      const kind = walk.kind[field] ?? Kind.absent
      const from = walk.from[field] ?? 0
      const to = walk.to[field] ?? 0
      if (kind <= Kind.null || from === to) return false
      const { bytes } = walk
      if (isPlain(kind, bytes, from, to)) {
        if (part.plain) {
          into.add(0, walk, from, to)
          continue
        }
        if (part.simple && this.alike(part, bytes, from, to, into)) continue
      }
      if (!this.addText(part.text(valueOf(kind, bytes.subarray(from, to))), into)) return false
    }
    into.finish()
    return true
  }

  ofRecord(record: DataRecord, into: ByteText): boolean {
    into.clear()
    for (const { name, text } of this.parts) if (!this.addText(text(record[name]), into)) return false
    into.finish()
    return true
  }

  private addText(text: string | undefined, into: ByteText): boolean {
    if (text === undefined) return false
    into.add(0, this.scratch, 0, this.scratch.encode(text))
    return true
  }

  /** @returns false where it takes more than a look at ASCII bytes, or nothing is left */
  private alike(part: Part, bytes: Uint8Array, from: number, to: number, into: ByteText): boolean {
    let [first, end] = [from, to]
    if (part.trim) {
      while (first < end && bytes[first] === 32) first++
      while (first < end && bytes[end - 1] === 32) end--
    }
    if (part.stripZeros) while (first < end - 1 && bytes[first] === ZERO) first++
    if (first === end) return false
    this.scratch.reserve(end - first)
    const alike = this.scratch.bytes
    let length = 0
    for (let i = first; i < end; i++) {
      const sign = bytes[i] ?? 0
      if (sign < 32 || sign > 126) return false
      alike[length++] = part.fold && sign >= 65 && sign <= 90 ? sign + 32 : sign
    }
    into.add(0, this.scratch, 0, length)
    return true
  }
}

/** Whether the bytes are the text of the value for sure: no instant, no number in another notation. */
function isPlain(kind: number, bytes: Uint8Array, from: number, to: number): boolean {
  if (kind === Kind.text) return to - from < 20 || bytes[from + 10] !== T
  if (kind !== Kind.number) return false
  const first = bytes[from] === MINUS ? from + 1 : from
  if (bytes[first] === ZERO && (to - first > 1 || first > from)) return false
  for (let i = first; i < to; i++) if (bytes[i] === POINT) return false
  return true
}
