import type { DataRecord } from './value'

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
    this.lists.set(name, list)
    this.last = list
    return list
  }
}
