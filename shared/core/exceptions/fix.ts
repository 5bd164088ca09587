import { Fault } from '../fault'
import { exactNumber } from '../record/decimal'
import { parseJson } from '../format/json'
import type { MappingDefinition } from '../mapping/definition'
import { parsePath, reader } from '../mapping/path'
import { sourceFieldsOf } from '../mapping/source-fields'
import { sameValue } from '../record/canonical'
import { Hasher } from '../record/hash'
import { maskValue } from '../record/mask'
import { isList, isObject, isScalar, isValue, type DataRecord, type Value } from '../record/value'
import type { FieldChange } from './exception'

/** What a person writes to correct a record: `set` as 'field=text' or 'field:=JSON', `unset` the name of a field. */
export interface Edits {
  set?: readonly string[] | undefined
  unset?: readonly string[] | undefined
}

/**
 * Edits as a guarded patch of a record.
 *
 * `field=text` keeps the type that the field has: "12" for a number is the number 12. Any other value is written as
 * JSON: `qty:=12`, `note:=null`.
 *
 * @param personal top-level fields whose values are not kept
 * @param read the record as it was read, for edits of personal fields; absent where there can be none
 * @throws Fault FIX_INVALID, FIX_PERSONAL
 */
export function changesOf(
  { set = [], unset = [] }: Edits,
  record: DataRecord,
  personal: readonly string[],
  read?: AsRead,
): FieldChange[] {
  const changes = [
    ...set.map((text) => setOf(text, record)),
    ...unset.map((field) => change(field, record, undefined)),
  ]
  if (changes.length === 0) throw invalid('there is nothing to change; name a field to set or to leave out')
  return changes.map((one) => {
    const [top = ''] = pathOf(one.field)
    if (!personal.includes(top)) return one
    if (!read) throw personalFault(one.field)
    const { from, ...rest } = one
    const shown = from === undefined || read.masked ? from : maskValue(from)
    return { ...rest, ...(shown === undefined ? {} : { from: shown }), guard: read.hash }
  })
}

/** What guards the change of a personal field: the record is known by its hash, whether or not its values are masked. */
export interface AsRead {
  hash: string
  masked: boolean
}

/** Values of a personal field are not kept where many exceptions, a mapping or a decision would need them. */
export function personalFault(field: string): Fault {
  const detail = `${field} is personal: Tieout keeps no value of it that it could compare or repeat. Correct it in the source, or in one exception at a time.`
  return new Fault('FIX_PERSONAL', detail, { field })
}

/**
 * The record with the changes made; undefined where the guard of one does not hold: its field is no longer what it was
 * when the edit was made.
 * @param rebase makes them whatever stands there
 */
export function applyFix(
  record: DataRecord,
  changes: readonly FieldChange[],
  rebase = false,
): DataRecord | undefined {
  let fixed = record
  for (const { field, from, to, guard } of changes) {
    const path = pathOf(field)
    const holds =
      guard === undefined
        ? sameValue(reader(path)(record), from)
        : new Hasher().record(record).hex() === guard
    if (!rebase && !holds) return undefined
    fixed = asRecord(withValue(fixed, path, to))
  }
  return fixed
}

/** Edits that name fields of the mapped record, as a break shows them, with the source fields that these are made of. */
export function inSourceNames(
  { set, unset }: Edits,
  record: DataRecord,
  map: MappingDefinition | undefined,
): Edits {
  const renamed = (text: string): string => {
    const name = /^[^=:.[\]\\]+/.exec(text)?.[0] ?? ''
    const [source] = (Object.hasOwn(record, name) ? undefined : sourceFieldsOf(map, [name])) ?? [name]
    return (source ?? name) + text.slice(name.length)
  }
  return { set: set?.map(renamed), unset: unset?.map(renamed) }
}

/** Those of the edits that the record does not have already. */
export function lacking({ set = [], unset = [] }: Edits, record: DataRecord): Edits {
  return {
    set: set.filter((text) => {
      const { field, to } = wanted(text, record)
      return !sameValue(reader(pathOf(field))(record), to)
    }),
    unset: unset.filter((field) => reader(pathOf(field))(record) !== undefined),
  }
}

function setOf(text: string, record: DataRecord): FieldChange {
  const { field, to } = wanted(text, record)
  return change(field, record, to)
}

function wanted(text: string, record: DataRecord): { field: string; to: Value } {
  const [, field = '', colon = '', value = ''] = /^((?:[^=\\]|\\.)+?)(:?)=(.*)$/su.exec(text) ?? []
  if (field === '') throw invalid(`"${text}" is not field=value`)
  const to = colon === ':' ? jsonOf(field, value) : alike(reader(pathOf(field))(record), value)
  return { field, to }
}

function change(field: string, record: DataRecord, to: Value | undefined): FieldChange {
  const from = reader(pathOf(field))(record)
  if (sameValue(from, to)) throw invalid(`${field} is that already`, field)
  return { field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** A text as a value of the type of another. */
function alike(present: Value | undefined, text: string): Value {
  if (present === undefined || present === null || typeof present === 'string') return text
  if (typeof present === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return isScalar(present) ? (exactNumber(text) ?? text) : text
}

function jsonOf(field: string, text: string): Value {
  try {
    const value: unknown = parseJson(text)
    if (isValue(value)) return value
  } catch {
    // said below
  }
  throw invalid(`${field}: "${text}" is not JSON; write ${field}=${text} for a text`, field)
}

function pathOf(field: string): string[] {
  try {
    return parsePath(field)
  } catch {
    throw invalid(`"${field}" is not a field; write a\\.b for a field whose name holds a dot`, field)
  }
}

/** The value with another one inside; objects on the way that are missing are made. */
function withValue(
  holder: Value | undefined,
  [name, ...rest]: readonly string[],
  to: Value | undefined,
): Value | undefined {
  if (name === undefined) return to
  if (isList(holder)) {
    const at = Number(name)
    const inner = withValue(holder[at], rest, to)
    return inner === undefined ? holder.filter((_, i) => i !== at) : holder.with(at, inner)
  }
  const fields = isObject(holder) ? holder : {}
  const inner = withValue(Object.hasOwn(fields, name) ? fields[name] : undefined, rest, to)
  if (inner !== undefined) return { ...fields, [name]: inner }
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name))
}

function asRecord(value: Value | undefined): DataRecord {
  return isObject(value) ? value : {}
}

function invalid(problem: string, field?: string): Fault {
  return new Fault(
    'FIX_INVALID',
    `The edit cannot be made: ${problem}.`,
    field === undefined ? {} : { field },
  )
}
