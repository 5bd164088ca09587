import type { Change } from '../../core/store'
import type { DataRecord } from '../../core/record/value'
import { parseJson } from '../../core/format/json'

/**
 * The changes of one segment as text. Most of a first load are creations of one shape, so field names stand once per
 * shape and each change is a short list: shape, operation, key values, hash, what was there before.
 */
interface Packed {
  shapes: { key: string[]; fields: string[] }[]
  changes: [shape: number, operation: 'c' | 'u' | 'd', key: unknown[], hash: string, before?: DataRecord][]
}

const LETTERS = { created: 'c', updated: 'u', deleted: 'd' } as const
const OPERATIONS = { c: 'created', u: 'updated', d: 'deleted' } as const

export function packChanges(changes: readonly Change[]): string {
  const shapes = new Map<string, number>()
  const packed: Packed = { shapes: [], changes: [] }
  for (const { key, operation, hash, fields, before } of changes) {
    const name = fields.join('\0')
    let shape = shapes.get(name)
    if (shape === undefined) {
      shapes.set(name, (shape = packed.shapes.length))
      packed.shapes.push({ key: Object.keys(key), fields: [...fields] })
    }
    const values = Object.values(key)
    packed.changes.push(
      before ? [shape, LETTERS[operation], values, hash, before] : [shape, LETTERS[operation], values, hash],
    )
  }
  return JSON.stringify(packed)
}

/** Written by `packChanges` only, so its shape is taken as given. Newest first. */
export function unpackChanges(text: string): Change[] {
  const packed = parseJson(text) as unknown as Packed
  return packed.changes
    .map(([shape, letter, values, hash, before]) => {
      const { key, fields } = packed.shapes[shape] ?? { key: [], fields: [] }
      const change: Change = {
        key: Object.fromEntries(key.map((field, i) => [field, values[i]])) as DataRecord,
        operation: OPERATIONS[letter],
        hash,
        fields,
      }
      if (before) change.before = before
      return change
    })
    .reverse()
}
