import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow'
import { Decimal } from '../../shared/core/record/decimal'
import { isList, isObject, type DataRecord, type Value } from '../../shared/core/record/value'

/** Of an item that is about all input: expressions then still find what came before the node. */
export const WHOLE: IPairedItemData = { item: 0, input: 0 }

/** Input items as records, each with the place of its item. */
export class InputRecords {
  readonly records: readonly DataRecord[]
  private places: Map<DataRecord, number> | undefined

  constructor(readonly items: readonly INodeExecutionData[]) {
    this.records = items.map(({ json }) => recordOf(json))
  }

  /** The item that a record was made of; undefined for any other record. */
  placeOf(record: DataRecord | undefined): number | undefined {
    this.places ??= new Map(this.records.map((each, place) => [each, place]))
    return record && this.places.get(record)
  }
}

/** One that holds only plain values is taken as it is. `undefined` is no value: such a field is absent. */
function recordOf(json: IDataObject): DataRecord {
  return isPlain(json) ? json : fieldsOf(json)
}

function isPlain(json: object): json is DataRecord {
  for (const value of Object.values(json)) {
    if (value === undefined || typeof value === 'bigint' || (typeof value === 'object' && value !== null))
      return false
  }
  return true
}

function fieldsOf(json: object): DataRecord {
  const record: DataRecord = {}
  for (const [field, value] of Object.entries(json)) {
    const parsed = valueOf(value)
    if (parsed !== undefined) record[field] = parsed
  }
  return record
}

/** A date, JavaScript's or luxon's, becomes its ISO 8601 text. */
export function valueOf(value: unknown): Value | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'bigint') return Decimal.ofDigits(String(value))
  if (typeof value !== 'object') return undefined
  if (saysJson(value)) return valueOf(value.toJSON())
  return Array.isArray(value) ? value.map((each) => valueOf(each) ?? null) : fieldsOf(value)
}

/** What an item may hold: a number beyond the digits of a double is a text. */
export function jsonOf(record: DataRecord): IDataObject {
  return Object.fromEntries(Object.entries(record).map(([field, value]) => [field, plain(value)]))
}

/** Of something that the gateway answered: JSON, with its numbers as they came. */
export function jsonObject(answer: object): IDataObject {
  return jsonOf(fieldsOf(answer))
}

export function plain(value: Value | undefined): IDataObject[string] {
  if (value instanceof Decimal) return value.text
  if (isList(value)) return value.map(plain)
  return isObject(value) ? jsonOf({ ...value }) : value
}

function saysJson(value: object): value is { toJSON: () => unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}
