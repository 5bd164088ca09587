import { Fault } from '../fault'
import type { DataRecord } from '../record/value'
import { encoder } from './encode'
import type { FileInput, Format, RowChunk } from './format'
import { BEGINNING } from './format'
import { printJson } from './json'
import { JsonSplitter } from './json-split'
import { parseRow } from './ndjson'
import { startOfText, textOfFile, type Encoding } from './text'

/** One JSON document whose records are the entries of a list, or one object. */
export interface JsonFileOptions {
  /** Names on the way to the records; none: the document itself. */
  path: readonly string[]
  encoding?: Encoding
}

export function jsonFileFormat(options: JsonFileOptions): Format {
  return {
    typed: true,
    textual: false,
    read: (input) => readDocument(input, options),
    write: (records) => printDocument(records, options.path),
  }
}

/** `data.items` or, as a JSON Pointer (RFC 6901), `/data/items`. */
export function parseRecordPath(text: string): string[] {
  if (text === '' || text === '/') return []
  if (!text.startsWith('/')) return text.split('.')
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

async function* readDocument(input: FileInput, { path, encoding }: JsonFileOptions): AsyncIterable<RowChunk> {
  const start = await startOfText(input, encoding)
  const splitter = new JsonSplitter(input.name, path)
  let count = 0
  const place = (number: number): string => `${input.name} record ${number}`
  for await (const piece of textOfFile(input, start.encoding, start.bom)) {
    const before = count
    const rows = splitter.push(piece.text, piece.last).map((text) => parseRow(text, place(++count)))
    // a document can only be read from its beginning
    if (rows.length > 0) yield { rows, start: BEGINNING, place: (index) => place(before + index + 1) }
  }
  if (!splitter.found) throw notFound(input.name, path, [...splitter.seen])
}

async function* printDocument(
  records: () => AsyncIterable<readonly DataRecord[]>,
  path: readonly string[],
): AsyncIterable<Uint8Array> {
  const encode = encoder('utf-8')
  yield encode(path.map((name) => `{${printJson(name)}:`).join('') + '[')
  let separator = '\n'
  for await (const batch of records()) {
    if (batch.length === 0) continue
    yield encode(separator + batch.map(printJson).join(',\n'))
    separator = ',\n'
  }
  yield encode('\n]' + '}'.repeat(path.length) + '\n')
}

function notFound(file: string, path: readonly string[], seen: readonly string[]): Fault {
  const place = path.length === 0 ? 'the document' : path.join('.')
  const there = seen.length === 0 ? '' : `; the fields there are ${seen.join(', ')}`
  return new Fault('RECORD_PATH_NOT_FOUND', `${file}: ${place} is no list of records and no object${there}`, {
    file,
    path: path.join('.'),
  })
}
