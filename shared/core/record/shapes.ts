import { parseJson } from '../format/json'
import { isObject, type DataRecord } from './value'

/** Records of very many shapes are not worth remembering all. */
const MOST = 1000

/** The lists of field names that records have. Records of one shape share one list. */
export class Shapes {
  private last: readonly string[] = []
  private readonly lists = new Map<string, readonly string[]>()

  fieldsOf(record: DataRecord): readonly string[] {
    let at = 0
    for (const field in record) {
      if (this.last[at] !== field) return this.find(record)
      at++
    }
    return at === this.last.length ? this.last : this.find(record)
  }

  private find(record: DataRecord): readonly string[] {
    const fields = Object.keys(record)
    const name = fields.join('\0')
    const list = this.lists.get(name) ?? fields
    if (this.lists.size >= MOST) this.lists.clear()
    this.lists.set(name, list)
    this.last = list
    return list
  }
}

/**
 * A record with these fields, all null, to make others from by `{ ...blank }`: V8 keeps all fields of such a copy in one
 * object, which takes a quarter less memory than a record that got its fields one by one.
 */
export function blankRecord(fields: readonly string[]): DataRecord {
  const blank = parseJson(JSON.stringify(Object.fromEntries(fields.map((field) => [field, null]))))
  return isObject(blank) ? blank : {}
}
