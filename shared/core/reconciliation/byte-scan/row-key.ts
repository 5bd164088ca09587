import type { DataRecord, Value } from '../../record/value'
import { keyPart, type KeyPart } from '../normalise'
import type { ByteScan } from './byte-scan'
import type { FieldPlan } from './column-plan'

interface Part {
  field: number
  name: string
  text: KeyPart
}

/** Puts keys together whose text takes more than a look at the bytes. */
export class RowKey {
  private readonly parts: readonly Part[]

  constructor(
    private readonly scan: ByteScan,
    { key, names }: FieldPlan,
  ) {
    this.parts = key.map(({ field, rule }) => ({ field, name: names[field] ?? '', text: keyPart(rule) }))
  }

  /** Of the row at hand. @returns whether it has its key */
  ofRow(): boolean {
    return this.put(({ field }) => this.scan.value(field))
  }

  ofRecord(record: DataRecord): boolean {
    return this.put(({ name }) => record[name])
  }

  private put(valueOf: (part: Part) => Value | undefined): boolean {
    const { scan } = this
    scan.code.beginKey()
    for (const part of this.parts) {
      const text = part.text(valueOf(part))
      if (text === undefined) return false
      const { from, size } = scan.encode(text)
      scan.code.addKeyPart(from, size)
    }
    return true
  }
}
