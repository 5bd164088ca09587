import type { ByteScanExports } from '../../../generated/byte-scan'
import type { CsvLayout } from '../../connector'
import type { Value } from '../../record/value'
import { valueOf } from './byte-values'
import { byteSigns, type FieldPlan } from './column-plan'
import { newInstance } from './compiled'

const encoder = new TextEncoder()

/** The compiled scan, told what to do with each field, and its memory. */
export class ByteScan {
  private instance = newInstance()
  private memory = new Uint8Array(this.instance.memory.buffer)

  constructor({ work, compared, key, dimensions, measures }: FieldPlan) {
    const { code } = this
    for (const bits of work) code.addField(bits)
    for (const field of compared) code.addCompared(field)
    for (const { field, alike } of key) code.addKeyField(field, alike)
    for (const { field, cut, length } of dimensions) code.addDimension(field, cut, length)
    for (const fields of measures) {
      code.addMeasure()
      for (const field of fields) code.addFactor(field)
    }
  }

  get code(): ByteScanExports {
    return this.instance
  }

  /** All of the memory; another one after a call that needed more. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const { memory } = this
    if (memory.length > 0) return memory
    return (this.memory = new Uint8Array(this.code.memory.buffer))
  }

  /** Forgets everything: the memory of an instance is given back only with the instance. */
  drop(): void {
    this.instance = newInstance()
    this.memory = new Uint8Array(this.instance.memory.buffer)
  }

  /** Writes a text as UTF-8 to where the next call finds it. */
  encode(text: string): { from: number; size: number } {
    const most = text.length * 3
    const from = this.code.scratch(most)
    const { written } = encoder.encodeInto(text, this.bytes.subarray(from, from + most))
    return { from, size: written }
  }

  /** The value of a field in the row at hand. */
  value(field: number): Value | undefined {
    const { code } = this
    const from = code.fieldFrom(field)
    return valueOf(code.fieldKind(field), this.bytes.subarray(from, from + code.fieldSize(field)))
  }

  /**
   * @param fieldOf the number of the field that a column is, -1 for one that is not compared
   * @returns undefined where the bytes of such a file cannot be walked over
   */
  layout(layout: CsvLayout, fieldOf: (column: string) => number): number | undefined {
    const { code } = this
    const signs = byteSigns(layout)
    if (!signs) return undefined
    const { delimiter, quote, escape, empty, unescape, nullText } = signs
    const made = code.newLayout(delimiter, quote, escape, empty, unescape, layout.columns.length)
    layout.columns.forEach((name, column) => {
      const field = fieldOf(name)
      if (field >= 0) code.setColumn(made, column, field)
    })
    if (nullText !== undefined) {
      const { from, size } = this.encode(nullText)
      code.setNullText(made, from, size)
    }
    return made
  }
}
