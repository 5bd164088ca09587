import { MalformedRow } from '../connector'
import { Fault } from '../fault'
import { Rejection } from '../record/rejection'
import { isObject, type DataRecord } from '../record/value'
import { encoder } from './encode'
import type { FileInput, Format, Mark, Row, RowChunk } from './format'
import { parseJson, printJson } from './json'
import { RowPlaces } from './row-places'
import { byteLength, startOfText, textOfFile, type Encoding } from './text'

const MAX_LINE = 16 * 1024 * 1024

/** One JSON object per line (https://github.com/ndjson/ndjson-spec). Blank lines are passed over. */
export function ndjsonFormat(options: { encoding?: Encoding }): Format {
  return {
    typed: true,
    textual: false,
    read: (input, from) => readLines(input, from, options.encoding),
    write: (records) => printLines(records),
    append: (old, records) => Promise.resolve(appendLines(old, printLines(records))),
  }
}

async function* readLines(
  input: FileInput,
  from: Mark,
  declared: Encoding | undefined,
): AsyncIterable<RowChunk> {
  const { encoding, bom } = await startOfText(input, declared)
  let mark = from.offset > 0 ? from : { offset: bom, line: 0 }
  let rest = ''
  for await (const piece of textOfFile(input, encoding, mark.offset)) {
    const text = rest + piece.text
    const places = new RowPlaces(`${input.name} line`)
    const chunk: RowChunk = { rows: [], start: mark, place: places.of }
    let { line } = mark
    let at = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      line++
      addRow(chunk.rows, places, text.slice(at, end), input.name, line)
      at = end + 1
    }
    rest = text.slice(at)
    if (rest.length > MAX_LINE) throw tooLong(input.name, line + 1)
    if (piece.last && rest !== '') {
      addRow(chunk.rows, places, rest, input.name, line + 1)
      if (chunk.rows.at(-1) instanceof MalformedRow)
        chunk.incomplete = `${input.name} ends inside its last line`
      rest = ''
    }
    mark = { offset: piece.end - byteLength(rest, encoding), line }
    if (chunk.rows.length > 0) yield chunk
  }
}

function addRow(rows: Row[], places: RowPlaces, text: string, file: string, line: number): void {
  // most lines begin with the object itself; only the others can be blank
  if (text.charCodeAt(0) !== 0x7b && text.trim() === '') return
  rows.push(parseRow(text, `${file} line ${line}`))
  places.add(line)
}

/** The record of a JSON text, or why it is none. */
export function parseRow(text: string, place: string): Row {
  try {
    const value = parseJson(text)
    return isObject(value) ? value : malformed('NOT_A_RECORD', 'an object was expected', place, text)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return malformed(error.code, error.detail, place, text)
  }
}

function malformed(code: Fault['code'], message: string, place: string, raw: string): MalformedRow {
  return new MalformedRow(new Rejection(code, `${place}: ${message}`), place, raw.slice(0, 4096))
}

async function* printLines(records: () => AsyncIterable<readonly DataRecord[]>): AsyncIterable<Uint8Array> {
  const encode = encoder('utf-8')
  for await (const batch of records()) {
    let text = ''
    for (const record of batch) text += printJson(record) + '\n'
    if (text !== '') yield encode(text)
  }
}

async function* appendLines(old: FileInput, added: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let last: number | undefined = 10
  for await (const bytes of old.open()) {
    last = bytes.at(-1) ?? last
    yield bytes
  }
  if (last !== 10) yield Uint8Array.of(10)
  yield* added
}

function tooLong(file: string, line: number): Fault {
  return new Fault('ROW_TOO_LONG', `${file} line ${line}: the line does not end within 16 MiB`, {
    file,
    line,
  })
}
