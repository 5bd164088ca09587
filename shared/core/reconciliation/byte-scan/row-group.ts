import type { Dimension, ReconcileSettings } from '../settings'
import type { Bytes } from './bytes'
import type { FieldPlan } from './column-plan'
import type { StandingGroup } from './group-index'
import { avalanche, Kind, mixA } from './lanes'
import type { RowSlots } from './row-slots'

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const LENGTHS = { year: 4, month: 7, day: 10 } as const
const ZERO = 48
const MINUS = 45
const T = 84
const Z = 90

interface Part {
  field: number
  by: Dimension['by']
  /** The field's text is taken as it stands. */
  plain: boolean
}

/**
 * The group of a row: where its dimensions stand. Derived dimensions are cut off where it is sure that `dimension.ts` does
 * the same, so that there are as many groups as people see, and not one for each value.
 */
export class RowGroup implements StandingGroup {
  readonly kinds: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
  hash = 0
  private readonly parts: readonly Part[]

  constructor(settings: ReconcileSettings, plan: FieldPlan) {
    this.parts = settings.dimensions.map(({ field: name, by }, i) => {
      const rule = settings.compare[name]
      const inKey = settings.match[0]?.on.find(({ field }) => field === name)
      const asItIs = !inKey || (!inKey.trim && !inKey.fold && !inKey.stripZeros && isEmpty(inKey.values))
      return { field: plan.dimensions[i] ?? 0, by, plain: asItIs && !rule?.space && !rule?.fold }
    })
    this.kinds = new Int32Array(this.parts.length)
    this.from = new Int32Array(this.parts.length)
    this.to = new Int32Array(this.parts.length)
  }

  /** @returns false where the record has to be looked at */
  ofWalk(walk: RowSlots): boolean {
    const { parts } = this
    let hash = 0
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]
      if (!part) break
      const { field, by } = part
      const kind = walk.kind[field] ?? Kind.absent
      const from = walk.from[field] ?? 0
      let to = walk.to[field] ?? 0
      if (by === 'value' || kind <= Kind.null || from === to) hash = mixA(hash, walk.a[field] ?? 0)
      else {
        if (!part.plain || kind !== Kind.text) return false
        to = cut(walk.bytes, from, to, by)
        if (to < 0) return false
        hash = hashOf(hash, walk, from, to)
      }
      this.kinds[i] = kind
      this.from[i] = from
      this.to[i] = to
    }
    this.hash = avalanche(hash)
    return true
  }
}

function hashOf(start: number, { view }: Bytes, from: number, to: number): number {
  let hash = mixA(start, to - from)
  for (let i = from; i < to; i += 4) {
    const rest = to - i
    const word = view.getInt32(i, true)
    hash = mixA(hash, rest < 4 ? word & ((1 << (rest << 3)) - 1) : word)
  }
  return hash
}

/** Where the part of a value ends that it is grouped by; -1 where that is not sure. */
function cut(bytes: Uint8Array, from: number, to: number, by: Exclude<Dimension['by'], 'value'>): number {
  return typeof by === 'object' ? prefix(bytes, from, to, by.first) : date(bytes, from, to, LENGTHS[by])
}

/** Where the first characters end; -1 where that is not sure. */
function prefix(bytes: Uint8Array, from: number, to: number, length: number): number {
  if (to - from >= 20 && bytes[from + 10] === T) return -1
  const end = Math.min(to, from + length)
  for (let i = from; i < end; i++) if ((bytes[i] ?? 0) > 126) return -1
  return end
}

/** Where year, month or day end in a date, or in a date-time in UTC that is surely one of that day. */
function date(bytes: Uint8Array, from: number, to: number, length: number): number {
  const size = to - from
  if (size < 10 || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return -1
  const month = two(bytes, from + 5)
  const day = two(bytes, from + 8)
  if (two(bytes, from) < 0 || two(bytes, from + 2) < 0 || month < 0 || day < 0) return -1
  if (size > 10 && bytes[from + 10] === T) {
    if (bytes[to - 1] !== Z || size < 20 || !(day <= (DAYS[month - 1] ?? 0)) || two(bytes, from) < 1)
      return -1
    if (!(two(bytes, from + 11) < 24 && two(bytes, from + 14) < 60 && two(bytes, from + 17) < 60)) return -1
  }
  return from + length
}

/** -1 where they are no digits. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO
  const ones = (bytes[at + 1] ?? 0) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

function isEmpty(values: Readonly<Record<string, string>>): boolean {
  return Object.keys(values).length === 0
}
