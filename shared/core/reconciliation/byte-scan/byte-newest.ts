import type { DataRecord } from '../../record/value'
import { Newest } from '../newest'
import type { ByteScan } from './byte-scan'

/** `Newest` over the bytes of rows: only what may be newer than what was met becomes a text. */
export class ByteNewest {
  private readonly newest: Newest

  /** @param field its number in the plan */
  constructor(
    private readonly name: string | undefined,
    private readonly field: number,
  ) {
    this.newest = new Newest(name)
  }

  get text(): string | undefined {
    return this.newest.text
  }

  /** Of the row at hand. */
  ofRow(scan: ByteScan): void {
    const value = scan.value(this.field)
    if (this.name !== undefined && value !== undefined) this.newest.note({ [this.name]: value })
  }

  ofRecord(record: DataRecord): void {
    this.newest.note(record)
  }
}
