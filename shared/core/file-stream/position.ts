import type { Mark } from '../format/format'
import { parseJson } from '../format/json'
import { isObject, type Value } from '../record/value'
import { Fault } from '../fault'
import { parsePrint, type FilePrint } from './print'

/** Where a read through files stands; its JSON is the opaque position of a page. */
export interface Position {
  /** Place of the file among those of the stream. */
  file: number
  path: string
  /** The last place from which the format can begin to read, and the rows after it that were given out. */
  mark: Mark
  skip: number
  /** Rows given out of all files. */
  row: number
  print: FilePrint
  /** Why the rows given out may not be all. */
  incomplete?: string
}

export function printPosition(position: Position): string {
  return JSON.stringify(position)
}

export function parsePosition(text: string): Position {
  const value = parseJson(text)
  if (isObject(value)) {
    const { file, path, skip, row, incomplete } = value
    const print = parsePrint(value['print'])
    const mark = parseMark(value['mark'])
    if (isCount(file) && typeof path === 'string' && isCount(skip) && isCount(row) && print && mark) {
      return { file, path, mark, skip, row, print, ...(typeof incomplete === 'string' ? { incomplete } : {}) }
    }
  }
  throw new Fault('SOURCE_CHANGED', 'the saved position is not one of a file', { position: text })
}

function parseMark(value: Value | undefined): Mark | undefined {
  if (!isObject(value)) return undefined
  const { offset, line } = value
  return isCount(offset) && isCount(line) ? { offset, line } : undefined
}

function isCount(value: Value | undefined): value is number {
  return typeof value === 'number'
}
