import { Hasher } from '../../../record/hash'
import type { DataRecord } from '../../../record/value'
import type { KeptBreak } from '../../break'
import { keyPart, type KeyPart } from '../../normalise'
import { bare, unaccented } from './texts'
import { differenceOf, type Difference } from './difference'
import type { Case, CauseContext } from './rule'
import { inTurns } from './turns'

/**
 * Records of each side that are held to find partners. Where more are missing, a part of them is looked at: those whose
 * key's hash is divisible by a power of two, so that both sides keep the same ones. The others stay unexplained.
 */
const MOST_HELD = 50_000
/** Longer parts of keys are not cut to a width. */
const WIDEST = 64
/** Records of one bucket that are tried for one partner. */
const MOST_TRIED = 16

interface Held {
  id: number
  record: DataRecord
  parts: readonly string[]
  skeleton: string
  /** Of the values beside the key. */
  content: string
}

/** Pairs of records that miss on either side and may be the same record under another key. */
export class Partners {
  /** Whether all missing records were looked at. */
  complete = true
  private readonly source = new Side(this)
  private readonly target = new Side(this)
  private readonly hasher = new Hasher()
  private readonly key: readonly { field: string; part: KeyPart }[]
  private divisor = 1

  constructor(
    private readonly context: CauseContext,
    private readonly explains: (one: Case) => boolean,
  ) {
    const on = context.settings.match[0]?.on ?? []
    this.key = on.map((field) => ({ field: field.field, part: keyPart(field) }))
  }

  add(one: KeptBreak): void {
    const record = one.kind === 'missing-in-target' ? one.source : one.target
    if (!record || (one.kind !== 'missing-in-target' && one.kind !== 'missing-in-source')) return
    const parts = this.key.map(({ field, part }) => part(record[field]) ?? '')
    // a row that could not be read, or a record without a key
    if (parts.every((part) => part === '')) return
    const skeleton = parts.map(skeletonOf).join('\n')
    if (!this.keeps(skeleton)) return
    const side = one.kind === 'missing-in-target' ? this.source : this.target
    side.held.push({ id: one.id, record, parts, skeleton, content: this.content(record) })
    if (side.held.length > MOST_HELD) this.thin()
  }

  /** Each break that has a partner, by its id, and what it is together with that. */
  async pair(turn: () => Promise<void>): Promise<Map<number, Case>> {
    const cases = new Map<number, Case>()
    for (const view of this.views()) {
      const buckets = new Map<string, Held[]>()
      await inTurns(this.source.held, turn, (source) => {
        const text = cases.has(source.id) ? undefined : view.source(source)
        if (text === undefined) return
        const bucket = buckets.get(text)
        if (bucket) bucket.push(source)
        else buckets.set(text, [source])
      })
      await inTurns(this.target.held, turn, (target) => {
        const text = cases.has(target.id) ? undefined : view.target(target)
        const bucket = text === undefined ? undefined : buckets.get(text)
        const found = bucket && this.choose(bucket, target)
        if (found) cases.set(found.id, found.moved).set(target.id, found.moved)
      })
    }
    return cases
  }

  keeps(skeleton: string): boolean {
    return this.divisor === 1 || (this.hasher.text(skeleton).a & (this.divisor - 1)) === 0
  }

  private thin(): void {
    this.divisor *= 2
    this.complete = false
    for (const side of [this.source, this.target]) side.thin()
  }

  /** What two records have in common that are the same under another key, the surest first. */
  private views(): View[] {
    const skeleton: Look = (one) => one.skeleton
    const withoutAccents: Look = ({ parts }) => JSON.stringify(parts.map((part) => bare(unaccented(part))))
    const cuts = this.key.flatMap((_, at) => [
      ...this.target.widths(at).map((width): View => ({ source: cut(at, width), target: whole(at, width) })),
      ...this.source.widths(at).map((width): View => ({ source: whole(at, width), target: cut(at, width) })),
    ])
    const others: Look[] =
      this.key.length > 1 && this.context.fields.length > 0
        ? this.key.map((_, at) => (one) => JSON.stringify(one.parts.with(at, '')))
        : []
    return [
      { source: skeleton, target: skeleton },
      { source: withoutAccents, target: withoutAccents },
      ...cuts.map(withContent),
      ...others.map((look) => withContent({ source: look, target: look })),
      ...cuts,
    ]
  }

  /** Takes it out of the bucket. */
  private choose(bucket: Held[], target: Held): { id: number; moved: Case } | undefined {
    for (const [at, source] of bucket.slice(0, MOST_TRIED).entries()) {
      const moved = this.moved(source, target)
      if (!this.explains(moved)) continue
      bucket.splice(at, 1)
      return { id: source.id, moved }
    }
    return undefined
  }

  private moved(source: Held, target: Held): Case {
    const fields = this.key.flatMap(({ field }, at): Difference[] => {
      if (source.parts[at] === target.parts[at]) return []
      const [one, two] = [source.record[field], target.record[field]]
      return [
        differenceOf({
          field,
          ...(one === undefined ? {} : { source: one }),
          ...(two === undefined ? {} : { target: two }),
        }),
      ]
    })
    return { kind: 'moved', fields, source: source.record, target: target.record }
  }

  private content(record: DataRecord): string {
    const values: DataRecord = {}
    for (const field of this.context.fields) {
      const value = record[field]
      if (value !== undefined) values[field] = value
    }
    return this.hasher.record(values).hex()
  }
}

class Side {
  held: Held[] = []

  constructor(private readonly partners: Partners) {}

  thin(): void {
    this.held = this.held.filter(({ skeleton }) => this.partners.keeps(skeleton))
  }

  /** Lengths of a part of the key. */
  widths(at: number): number[] {
    const widths = new Set(this.held.map(({ parts }) => parts[at]?.length ?? 0))
    return [...widths].filter((width) => width > 0 && width <= WIDEST).sort((a, b) => b - a)
  }
}

type Look = (one: Held) => string | undefined

/** Two records may be one where both look the same; undefined is like nothing. */
interface View {
  source: Look
  target: Look
}

function cut(at: number, width: number): Look {
  return ({ parts }) => {
    const part = parts[at] ?? ''
    return part.length > width ? JSON.stringify(parts.with(at, part.slice(0, width))) : undefined
  }
}

function whole(at: number, width: number): Look {
  return ({ parts }) => (parts[at]?.length === width ? JSON.stringify(parts) : undefined)
}

/** Where all the other values are the same, too. */
function withContent({ source, target }: View): View {
  const and =
    (look: Look): Look =>
    (one) => {
      const text = look(one)
      return text === undefined ? undefined : text + one.content
    }
  return { source: and(source), target: and(target) }
}

/** Letters and digits of ASCII alone: what spaces, case, padding and wrong encodings leave as it is. */
function skeletonOf(part: string): string {
  const text = part.normalize('NFC').toLowerCase()
  const kept = text.replace(/[^a-z0-9]/g, '').replace(/^0+(?=.)/, '')
  return kept === '' ? text.trim() : kept
}
