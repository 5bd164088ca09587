import { parseJson } from '../../shared/core/format/json'
import { isList, isObject, type DataRecord, type Value } from '../../shared/core/record/value'

/** The object that a text is; an answer that is none fails its test. */
export function objectIn(text: string): DataRecord {
  return asObject(parseJson(text))
}

export function asObject(value: Value | undefined): DataRecord {
  if (!isObject(value)) throw new Error(`no object: ${JSON.stringify(value)}`)
  return { ...value }
}

export function asObjects(value: Value | undefined): DataRecord[] {
  if (!isList(value)) throw new Error(`no list: ${JSON.stringify(value)}`)
  return value.map(asObject)
}
