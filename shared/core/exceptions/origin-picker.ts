import { MalformedRow, type Source } from '../connector'
import { parseJson } from '../format/json'
import type { MappingDefinition } from '../mapping/definition'
import type { Mapper } from '../mapping/mapper'
import { sourceFieldsOf } from '../mapping/source-fields'
import { keyOfText } from '../record/key'
import { isList, type DataRecord } from '../record/value'
import type { Chosen } from './chosen'
import { Matcher } from './matcher'

/** A row of the source, as it is now, that was chosen. */
export interface Picked {
  row: DataRecord | MalformedRow
  /** Absent for the earlier row of a chosen one's key. */
  chosen?: Chosen
  place: string
  /** From here a later pick goes on after this row. */
  position: string
  /** Of what it was found in. */
  mapper: Mapper
  /** The run that the file was sent to that it was found in. */
  sentTo?: string
}

/** What records came from, opened. */
export interface Origin {
  source: Source
  mapper: Mapper
}

export interface OriginOptions extends Origin {
  map: MappingDefinition | undefined
  key: readonly string[]
}

const LOOKUPS = 200
const SCANNED = 1000

/**
 * Finds chosen records in one source again: asks for them by key where the source can tell and the key of the target is one
 * of the source, else reads the source once and picks them out, those without a key by their content.
 */
export class OriginPicker {
  private readonly bySubject: ReadonlyMap<string, Chosen>
  private readonly rivals: ReadonlySet<string>
  private readonly match: Matcher

  constructor(
    private readonly options: OriginOptions,
    chosen: readonly Chosen[],
  ) {
    this.bySubject = new Map(chosen.map((one) => [one.subject, one]))
    this.rivals = new Set(chosen.flatMap(({ rival }) => rival ?? []))
    const subjects = [...this.bySubject.keys(), ...this.rivals]
    this.match = new Matcher(new Set(subjects), options.mapper, options.key)
  }

  /** Rows that may be any record, because nobody can tell their key. */
  get strangers(): number {
    return this.match.strangers
  }

  /** Pages may be empty. @param after the `position` of a row that was picked before */
  pick(after: string | undefined, signal: AbortSignal): AsyncIterable<readonly Picked[]> {
    const { source, map, key } = this.options
    const fields = sourceFieldsOf(map, key)
    const { byContent, byKeyHash } = this.match
    const asks = source.lookup && fields && key.length > 0 && !byContent && !byKeyHash
    return asks ? this.lookUp(after, fields) : this.scan(after, signal)
  }

  private async *lookUp(after: string | undefined, fields: readonly string[]): AsyncGenerator<Picked[]> {
    const { source, mapper, key } = this.options
    const subjects = [...this.bySubject.keys()].sort()
    const rest = after === undefined ? subjects : subjects.filter((subject) => subject > after)
    for (let at = 0; at < rest.length; at += LOOKUPS) {
      const some = rest.slice(at, at + LOOKUPS)
      const rows = await source.lookup?.(some.map((subject) => renamed(keyOfText(subject, key), key, fields)))
      yield some.flatMap((subject, i): Picked[] => {
        const row = rows?.[i]
        const chosen = this.bySubject.get(subject)
        return row && chosen ? [{ row, chosen, place: `key ${subject}`, position: subject, mapper }] : []
      })
    }
  }

  private async *scan(after: string | undefined, signal: AbortSignal): AsyncGenerator<Picked[]> {
    const { source, mapper } = this.options
    const missing = new Set(this.bySubject.keys())
    const from = placeOf(after)
    let before = from.before
    const request = { pageSize: SCANNED, signal, ...(before === undefined ? {} : { after: before }) }
    for await (const { rows, place, firstRow, position } of source.read(request)) {
      const picked: Picked[] = []
      for (const [i, row] of rows.entries()) {
        const ordinal = firstRow + i
        const subject = ordinal > from.ordinal ? this.match.subjectOf(row) : undefined
        if (subject === undefined) continue
        const where = row instanceof MalformedRow ? row.place : place?.(i)
        const found = { row, mapper, place: where ?? `row ${ordinal}`, position: textOf(before, ordinal) }
        const chosen = this.bySubject.get(subject)
        picked.push(chosen ? { ...found, chosen } : found)
        missing.delete(subject)
      }
      yield picked
      if (signal.aborted || (missing.size === 0 && this.rivals.size === 0)) return
      before = position
    }
  }
}

/** Where a scan is: after which position of the source the page began, and the ordinal of the row. */
function textOf(before: string | undefined, ordinal: number): string {
  return JSON.stringify([before ?? null, ordinal])
}

function placeOf(position: string | undefined): { before: string | undefined; ordinal: number } {
  const parts = position === undefined ? [] : parseJson(position)
  const [before, ordinal] = isList(parts) ? parts : []
  return { before: typeof before === 'string' ? before : undefined, ordinal: Number(ordinal ?? 0) }
}

function renamed(record: DataRecord, from: readonly string[], to: readonly string[]): DataRecord {
  return Object.fromEntries(from.map((field, i) => [to[i] ?? field, record[field] ?? null]))
}
