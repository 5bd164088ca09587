import { parseJson } from '../../core/format/json'
import { keyOfText, keyText } from '../../core/record/key'
import { isObject, isScalar, textOf, type DataRecord, type Value } from '../../core/record/value'
import type { Change } from '../../core/store'

/**
 * The changes of one segment as text. Most of a first load are creations of one shape, so field names stand once per
 * shape and each change is a short list: shape, operation, key, hash, what was there before.
 */
export function packChanges(changes: readonly Change[]): string {
  const shapes: { key: string[]; fields: readonly string[] }[] = []
  const shapeOf = new Map<string, number>()
  const packed = changes.map(({ key, operation, hash, fields, before }) => {
    const name = fields.join('\0')
    let shape = shapeOf.get(name)
    if (shape === undefined) {
      shapeOf.set(name, (shape = shapes.length))
      shapes.push({ key: Object.keys(key), fields })
    }
    const keyOnly = keyText(key, shapes[shape]?.key ?? []) ?? ''
    return before ? [shape, operation, keyOnly, hash, before] : [shape, operation, keyOnly, hash]
  })
  return JSON.stringify({ shapes, changes: packed })
}

/** Newest first. */
export function unpackChanges(text: string): Change[] {
  const packed = parseJson(text)
  if (!isObject(packed)) return []
  const shapes = list(packed['shapes'])
  return list(packed['changes'])
    .map((change) => unpack(list(change), shapes))
    .reverse()
}

function unpack([shapeAt, operation, key, hash, before]: readonly Value[], shapes: readonly Value[]): Change {
  const shape = typeof shapeAt === 'number' ? shapes[shapeAt] : undefined
  const { key: keyFields, fields } = isObject(shape) ? shape : { key: [], fields: [] }
  const change: Change = {
    key: keyOfText(textOf(key), list(keyFields).map(textOf)),
    operation: operation === 'updated' || operation === 'deleted' ? operation : 'created',
    hash: textOf(hash),
    fields: list(fields).map(textOf),
  }
  if (isObject(before)) change.before = copy(before)
  return change
}

function copy(record: { readonly [field: string]: Value }): DataRecord {
  return { ...record }
}

function list(value: Value | undefined): readonly Value[] {
  return value === undefined || isScalar(value) || isObject(value) ? [] : value
}
