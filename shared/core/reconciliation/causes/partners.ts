import { sameValue } from '../../record/canonical'
import { Hasher } from '../../record/hash'
import { textOf, type DataRecord } from '../../record/value'
import type { FieldBreak, KeptBreak } from '../break'
import type { Case, CauseContext } from './rule'

/**
 * Records of each side that are held to find partners. Where more are missing, a part of them is looked at: those whose
 * key's hash is divisible by a power of two, so that both sides keep the same ones. The others stay unexplained.
 */
const MOST_HELD = 50_000
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
  private divisor = 1

  constructor(
    private readonly context: CauseContext,
    private readonly explains: (one: Case) => boolean,
  ) {}

  add(one: KeptBreak): void {
    const record = one.kind === 'missing-in-target' ? one.source : one.target
    if (!record || (one.kind !== 'missing-in-target' && one.kind !== 'missing-in-source')) return
    const parts = this.context.key.map((field) => textOf(record[field]))
    const skeleton = parts.map(bare).join('\n')
    if (!this.keeps(skeleton)) return
    const side = one.kind === 'missing-in-target' ? this.source : this.target
    side.held.push({ id: one.id, record, parts, skeleton, content: this.content(record) })
    if (side.held.length > MOST_HELD) this.thin()
  }

  /** Each break that has a partner, by its id, and what it is together with that. */
  pair(): Map<number, Case> {
    const cases = new Map<number, Case>()
    for (const view of this.views()) {
      const free = group(this.source.held, view, cases)
      for (const target of this.target.held) {
        if (cases.has(target.id)) continue
        const bucket = free.get(view(target)) ?? []
        const found = this.choose(bucket, target, cases)
        if (!found) continue
        cases.set(found.source.id, found.moved).set(target.id, found.moved)
      }
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
  private views(): ((one: Held) => string)[] {
    const { key, fields } = this.context
    const views = [(one: Held): string => one.skeleton]
    if (key.length > 1 && fields.length > 0) {
      for (const [at] of key.entries())
        views.push(({ parts, content }) => JSON.stringify(parts.with(at, '')) + content)
    }
    const widths = key.map((_, at) => Math.min(this.source.width(at), this.target.width(at)))
    views.push(({ parts }) => JSON.stringify(parts.map((part, at) => part.slice(0, widths[at]))))
    return views
  }

  private choose(bucket: readonly Held[], target: Held, taken: Map<number, Case>): Found | undefined {
    const free = bucket.filter(({ id }) => !taken.has(id)).slice(0, MOST_TRIED)
    const alike = free.filter(({ content }) => content === target.content)
    for (const source of [...alike, ...free]) {
      const moved = this.moved(source, target)
      if (this.explains(moved)) return { source, moved }
    }
    return undefined
  }

  private moved(source: Held, target: Held): Case {
    const fields = this.context.key.flatMap((field): FieldBreak[] => {
      const [one, two] = [source.record[field], target.record[field]]
      if (sameValue(one, two)) return []
      return [
        {
          field,
          ...(one === undefined ? {} : { source: one }),
          ...(two === undefined ? {} : { target: two }),
        },
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

interface Found {
  source: Held
  moved: Case
}

class Side {
  held: Held[] = []

  constructor(private readonly partners: Partners) {}

  thin(): void {
    this.held = this.held.filter(({ skeleton }) => this.partners.keeps(skeleton))
  }

  width(at: number): number {
    return this.held.reduce((widest, { parts }) => Math.max(widest, parts[at]?.length ?? 0), 0)
  }
}

function group(
  held: readonly Held[],
  view: (one: Held) => string,
  taken: Map<number, Case>,
): Map<string, Held[]> {
  const groups = new Map<string, Held[]>()
  for (const one of held) {
    if (taken.has(one.id)) continue
    const text = view(one)
    const bucket = groups.get(text)
    if (bucket) bucket.push(one)
    else groups.set(text, [one])
  }
  return groups
}

/** Letters and digits of ASCII alone: what spaces, case, padding and wrong encodings leave as it is. */
function bare(part: string): string {
  const text = part.normalize('NFC').toLowerCase()
  const kept = text.replace(/[^a-z0-9]/g, '').replace(/^0+(?=.)/, '')
  return kept === '' ? text.trim() : kept
}
