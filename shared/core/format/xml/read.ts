import { SaxesParser, type SaxesTagNS } from 'saxes'
import { MalformedRow } from '../../connector'
import { Fault } from '../../fault'
import { BEGINNING, type FileInput, type Row, type RowChunk } from '../format'
import { RowPlaces } from '../row-places'
import { textOfFile, type Encoding, type TextPiece } from '../text'
import { Rejection } from '../../record/rejection'
import type { DataRecord } from '../../record/value'
import { ElementBuilder } from './element'
import { encodingOfXml } from './encoding'
import type { XmlOptions } from './options'

const MAX_DEPTH = 100
const PIECE = 4096
/** Of a record, and of all that stands beside the records, in characters with names and attributes. */
const MAX_SIZE = 16 * 1024 * 1024
/** An element is an object, however short its name. */
const ELEMENT = 32

/** Reads record after record; nothing outside is ever fetched and no entity but XML's own five is known. */
export async function* readXml(options: XmlOptions, input: FileInput): AsyncIterable<RowChunk> {
  const { encoding, bom } = await encodingOfXml(input)
  const reader = new RecordReader(input.name, options)
  for await (const piece of textOfXml(input, encoding, bom)) {
    const rows = reader.push(piece.text, piece.last)
    if (rows.length > 0) yield { rows, start: BEGINNING, place: reader.places.of }
  }
  const incomplete = reader.doubt()
  if (incomplete !== undefined) yield { rows: [], start: BEGINNING, place: reader.places.of, incomplete }
}

/** A document that is held whole, such as an answer. */
export interface XmlDocument {
  rows: Row[]
  /** The root by its name, with everything in it that is no record. */
  around: DataRecord
  /** Why the rows may not be all. */
  incomplete?: string
}

/** @param declared what something outside of the document says of its encoding, such as a header */
export async function readXmlDocument(
  options: XmlOptions,
  input: FileInput,
  declared?: Encoding,
): Promise<XmlDocument> {
  const { encoding, bom } = await encodingOfXml(input, declared)
  const reader = new RecordReader(input.name, options, true)
  const rows: Row[] = []
  for await (const piece of textOfXml(input, encoding, bom)) {
    for (const row of reader.push(piece.text, piece.last)) rows.push(row)
  }
  const incomplete = reader.doubt()
  return { rows, around: reader.around, ...(incomplete === undefined ? {} : { incomplete }) }
}

/** The encoding is what a document declares: no setting can help. */
async function* textOfXml(input: FileInput, encoding: Encoding, bom: number): AsyncIterable<TextPiece> {
  try {
    yield* textOfFile(input, encoding, bom)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'TEXT_ENCODING_INVALID') throw error
    const { offset, likely } = error.evidence
    throw new Fault(
      error.code,
      `${input.name}: byte ${String(offset)} is not ${encoding}, in which it is declared to be or, undeclared, has to be; ` +
        `it looks like ${String(likely)}. Have its encoding declared as it is, or have it sent as UTF-8.`,
      error.evidence,
    )
  }
}

class RecordReader {
  private readonly parser = new SaxesParser({ xmlns: true, fileName: '' })
  private readonly names: string[] = []
  places: RowPlaces
  private rows: Row[] = []
  private record: ElementBuilder | undefined
  private recordDepth = 0
  private recordLine = 0
  private size = 0
  /** Of what stands beside the records. */
  private aroundSize = 0
  private readonly beside: ElementBuilder
  around: DataRecord = {}
  private root = ''
  private found = 0
  private parentSeen = false
  private fault: Fault | undefined

  constructor(
    private readonly file: string,
    private readonly options: XmlOptions,
    private readonly keepsAround = false,
  ) {
    this.beside = new ElementBuilder((uri, local) => this.nameOf(uri, local))
    this.places = new RowPlaces(`${file} line`)
    this.parser.on('error', (error) => {
      this.fail('XML_INVALID', `line ${this.parser.line}: ${error.message.replace(/^:?\d+:\d+:\s*/, '')}`)
    })
    this.parser.on('doctype', () => {
      this.fail(
        'XML_DOCTYPE_REFUSED',
        'has a DOCTYPE; that is refused, because it can make a reader fetch files or fill its memory',
      )
    })
    this.parser.on('opentag', (tag) => {
      this.open(tag)
    })
    this.parser.on('closetag', () => {
      this.close()
    })
    for (const kind of ['text', 'cdata'] as const) {
      this.parser.on(kind, (text) => {
        this.text(text)
      })
    }
  }

  push(text: string, last: boolean): Row[] {
    this.rows = []
    this.places = new RowPlaces(`${this.file} line`)
    // the parser looks a name up through all that is open: it is to see no more when it is too deep
    for (let at = 0; at < text.length && !this.fault; at += PIECE)
      this.parser.write(text.slice(at, at + PIECE))
    if (last && !this.fault) this.parser.close()
    if (this.fault) throw this.fault
    return this.rows
  }

  /**
   * Why the rows may not be all; nothing at a path is an empty listing only when its parent is there. An answer may leave
   * out what would hold nothing.
   */
  doubt(): string | undefined {
    const { path, rooted } = this.options
    if (this.found > 0 || path === undefined || path.length === 0) return undefined
    if (rooted && this.parentSeen) return undefined
    if (!rooted) return `${this.file} has no element ${path.join('/')}`
    const missing = `${this.file} has no element /${path.join('/')}`
    if (this.keepsAround && path.length > 1 && path[0] === this.root) return missing
    throw new Fault('RECORD_PATH_NOT_FOUND', `${missing}; its root is ${this.root}`, {
      file: this.file,
      path: path.join('/'),
      root: this.root,
    })
  }

  private open(tag: SaxesTagNS): void {
    const name = this.nameOf(tag.uri, tag.local)
    this.names.push(name)
    if (this.names.length === 1) this.root = name
    if (this.names.length > MAX_DEPTH)
      this.fail('XML_TOO_DEEP', `line ${this.parser.line}: more than ${MAX_DEPTH} levels`)
    if (!this.record && this.isRecord()) {
      this.found++
      this.record = new ElementBuilder((uri, local) => this.nameOf(uri, local))
      this.recordDepth = this.names.length
      this.recordLine = this.parser.line
      this.size = 0
    } else if (!this.record && this.isParent()) this.parentSeen = true
    this.grow(sizeOf(tag))
    if (this.record) this.record.open(name, tag)
    else if (this.keepsAround) this.beside.open(name, tag)
  }

  private text(text: string): void {
    this.grow(text.length)
    if (this.record) this.record.text(text)
    else if (this.keepsAround) this.beside.text(text)
  }

  private grow(by: number): void {
    if (this.record) {
      this.size += by
      if (this.size > MAX_SIZE)
        this.fail('XML_TOO_DEEP', `line ${this.recordLine}: the record is longer than 16 MiB`)
    } else if (this.keepsAround) {
      this.aroundSize += by
      if (this.aroundSize > MAX_SIZE)
        this.fail(
          'XML_TOO_DEEP',
          `line ${this.parser.line}: more than 16 MiB stand beside the records; check their path`,
        )
    }
  }

  private close(): void {
    if (this.record) {
      const record = this.record.close(this.options)
      if (this.names.length === this.recordDepth) {
        this.rows.push(this.checked(record, this.record.forbidden))
        this.places.add(this.recordLine)
        this.record = undefined
      }
    } else if (this.keepsAround) {
      const root = this.beside.close(this.options)
      const [name] = this.names
      if (this.names.length === 1 && name !== undefined) this.around = { [name]: root }
    }
    this.names.pop()
  }

  private checked(record: DataRecord, forbidden: boolean): Row {
    if (!forbidden) return record
    const place = `${this.file} line ${this.recordLine}`
    return new MalformedRow(
      new Rejection(
        'FIELD_NAME_FORBIDDEN',
        `${place}: the name __proto__ cannot be used; rename it at the source`,
      ),
      place,
      '',
    )
  }

  private isRecord(): boolean {
    const { path, rooted } = this.options
    if (path === undefined) return this.names.length === 2
    if (!rooted) return path.length > 0 && this.names.at(-1) === path[0]
    return this.names.length === path.length && path.every((name, i) => name === this.names[i])
  }

  private isParent(): boolean {
    const parent = this.options.path?.slice(0, -1) ?? []
    return this.names.length === parent.length && parent.every((name, i) => name === this.names[i])
  }

  private nameOf(uri: string, local: string): string {
    const prefix = this.options.namespaces.get(uri)
    return prefix === undefined || prefix === '' ? local : `${prefix}:${local}`
  }

  /** The parser goes on to the end of its piece; only the first fault counts. */
  private fail(code: Fault['code'], what: string): void {
    this.fault ??= new Fault(code, `${this.file} ${what}`, { file: this.file })
    this.record = undefined
  }
}

function sizeOf(tag: SaxesTagNS): number {
  let size = ELEMENT + tag.name.length
  for (const { name, value } of Object.values(tag.attributes)) size += ELEMENT + name.length + value.length
  return size
}
