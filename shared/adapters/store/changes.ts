import { parseJson } from '../../core/format/json'
import { isObject, isScalar, textOf, type DataRecord, type Value } from '../../core/record/value'
import type { Change } from '../../core/store'

/** Changes of one operation and one shape, as one row of the store. */
export interface PackedChanges {
  operation: Change['operation']
  /** JSON: the names of the fields. */
  fields: string
  /** Keys, one per line: a key's text never holds a raw line break. */
  keys: string
  /** Two 32-bit lanes per change. */
  hashes: Uint8Array
  /** What was there before, as JSON texts, one per line; empty for creations. */
  before: string
}

/**
 * Packs the changes of one segment. A first load of a million records is a million creations of one shape: little more
 * than their keys is kept of them.
 */
export function packChanges(changes: readonly Change[]): PackedChanges[] {
  const groups = new Map<readonly string[], Map<Change['operation'], Change[]>>()
  for (const change of changes) {
    const byOperation = groups.get(change.fields) ?? new Map<Change['operation'], Change[]>()
    groups.set(change.fields, byOperation)
    const group = byOperation.get(change.operation)
    if (group) group.push(change)
    else byOperation.set(change.operation, [change])
  }
  return [...groups.values()].flatMap((byOperation) => [...byOperation.values()].map(pack))
}

function pack(changes: readonly Change[]): PackedChanges {
  const hashes = new Int32Array(changes.length * 2)
  let keys = ''
  let before = ''
  for (const [i, change] of changes.entries()) {
    hashes[i * 2] = change.hash[0]
    hashes[i * 2 + 1] = change.hash[1]
    keys += change.key + '\n'
    if (change.operation !== 'created') before += (change.before ? JSON.stringify(change.before) : '') + '\n'
  }
  const { operation, fields } = changes[0] ?? { operation: 'created', fields: [] }
  return { operation, fields: JSON.stringify(fields), keys, hashes: new Uint8Array(hashes.buffer), before }
}

/** Newest first. */
export function unpackChanges(packed: PackedChanges): Change[] {
  const hashes = new Int32Array(packed.hashes.slice().buffer)
  const fields = list(parseJson(packed.fields)).map(textOf)
  const before = packed.before.split('\n')
  const keys = packed.keys.split('\n').slice(0, -1)
  return keys
    .map((key, i) => {
      const change: Change = {
        key,
        operation: packed.operation,
        hash: [hashes[i * 2] ?? 0, hashes[i * 2 + 1] ?? 0],
        fields,
      }
      const was = recordOf(before[i] ?? '')
      if (was) change.before = was
      return change
    })
    .reverse()
}

function recordOf(text: string): DataRecord | undefined {
  const value = text === '' ? undefined : parseJson(text)
  return isObject(value) ? { ...value } : undefined
}

function list(value: Value): readonly Value[] {
  return isScalar(value) || isObject(value) ? [] : value
}
