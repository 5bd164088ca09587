import { isObject, type DataRecord, type Value } from '../record/value'
import type { Packing } from './key-table'

/** A record that no match rule has paired so far. */
export interface Leftover {
  record: DataRecord
  /** Of the workflow; of the first rule where the record has none. */
  key: string
  /** Records that the first rule found on each side beside it, itself included. */
  source: number
  target: number
}

export function records(items: readonly Leftover[]): DataRecord[] {
  return items.map(({ record }) => record)
}

export const LEFTOVER: Packing<Leftover> = {
  record: (item) => item.record,
  pack: ({ record, key, source, target }) => [record, key, source, target],
  unpack,
}

function unpack(value: Value): Leftover {
  const [record, key, source, target] = Array.isArray(value) ? listed(value) : []
  return {
    record: isObject(record) ? { ...record } : {},
    key: typeof key === 'string' ? key : '',
    source: Number(source),
    target: Number(target),
  }
}

function listed(values: readonly Value[]): readonly Value[] {
  return values
}
