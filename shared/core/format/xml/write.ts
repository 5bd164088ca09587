import { Builder } from 'xml2js'
import type { WriteContext } from '../format'
import { encoder } from '../encode'
import type { Ledger } from '../../record/ledger'
import { Rejection } from '../../record/rejection'
import { isList, isObject, isScalar, textOf, type DataRecord, type Value } from '../../record/value'
import { XSI, type XmlOptions } from './options'

type Batches = () => AsyncIterable<readonly DataRecord[]>

/** Names of the elements of a document that is written. */
export interface XmlLayout {
  /** From the root to the one that holds the records; none where the only record is the root. */
  containers: readonly string[]
  record: string
}

export async function* writeXml(
  { containers, record }: XmlLayout,
  { namespaces }: XmlOptions,
  records: Batches,
  { ledger }: WriteContext,
): AsyncIterable<Uint8Array> {
  const encode = encoder('utf-8')
  const builder = new Builder({
    headless: true,
    rootName: record,
    attrkey: ATTRIBUTES,
    charkey: TEXT,
    renderOpts: { pretty: false },
  })
  const declared = declarations(namespaces)
  const ofRecord = containers.length === 0 ? declared : {}
  const open = containers.map((name, i) => `<${name}${i === 0 ? printed(declared) : ''}>`)
  yield encode(`<?xml version="1.0" encoding="UTF-8"?>\n${open.join('')}\n`)
  for await (const batch of records()) {
    let text = ''
    for (const item of batch) text += builder.buildObject(object(item, '', ledger, ofRecord)) + '\n'
    if (text !== '') yield encode(text)
  }
  yield encode(
    containers
      .toReversed()
      .map((name) => `</${name}>`)
      .join('') + '\n',
  )
}

const ATTRIBUTES = '$'
const TEXT = '_'

/** A record that XML cannot hold: a name that is no XML name, a list of lists. */
export function refuseXml(record: DataRecord): Rejection | undefined {
  return refuseFields(record, '')
}

const NAME = /^@?(?:[\p{L}_][\p{L}\p{N}_.-]*:)?[\p{L}_][\p{L}\p{N}_.-]*$/u

function refuseFields(fields: { readonly [name: string]: Value }, pointer: string): Rejection | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (name !== '#text' && !NAME.test(name)) {
      return new Rejection(
        'XML_NAME_INVALID',
        `"${name}" cannot be the name of an XML element; rename it in the mapping`,
        at,
      )
    }
    const flat = name.startsWith('@') || name === '#text'
    if (flat && !isScalar(value)) {
      return new Rejection('XML_NAME_INVALID', `"${name}" holds an object or a list; only an element can`, at)
    }
    for (const item of isList(value) ? value : [value]) {
      if (isList(item))
        return new Rejection('XML_NAME_INVALID', `"${name}" is a list of lists, which XML cannot hold`, at)
      const refused = isObject(item) ? refuseFields(item, at) : undefined
      if (refused) return refused
    }
  }
  return undefined
}

/** Of a file with the records at a path; `/records/record` where nothing is said. */
export function layoutOf({ path, rooted }: XmlOptions): XmlLayout {
  const names =
    path === undefined ? ['records', 'record'] : rooted && path.length > 1 ? path : ['records', ...path]
  return { containers: names.slice(0, -1), record: names.at(-1) ?? 'record' }
}

function declarations(namespaces: XmlOptions['namespaces']): Record<string, string> {
  const own = [...namespaces].map(([uri, prefix]): [string, string] => [
    prefix === '' ? 'xmlns' : `xmlns:${prefix}`,
    uri,
  ])
  return { 'xmlns:xsi': XSI, ...Object.fromEntries(own) }
}

function printed(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('')
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** What xml2js's Builder prints as an element. */
type Built = string | BuiltObject
type BuiltObject = { [name: string]: Built | Built[] | Record<string, string> }

function element(value: Value, field: string, ledger: Ledger): Built {
  if (value === null) return { [ATTRIBUTES]: { 'xsi:nil': 'true' } }
  return isObject(value) ? object(value, field, ledger, {}) : legal(textOf(value), field, ledger)
}

function object(
  value: { readonly [name: string]: Value },
  field: string,
  ledger: Ledger,
  declared: Readonly<Record<string, string>>,
): BuiltObject {
  const built: BuiltObject = {}
  const attributes: Record<string, string> = { ...declared }
  for (const [name, inner] of Object.entries(value)) {
    const path = field === '' ? name : `${field}.${name}`
    if (name === '#text') built[TEXT] = legal(textOf(inner), path, ledger)
    else if (!name.startsWith('@')) {
      built[name] = isList(inner)
        ? inner.map((item) => element(item, path, ledger))
        : element(inner, path, ledger)
    } else if (inner === null) ledger.note(path, 'NULL_TO_ABSENT')
    else attributes[name.slice(1)] = legal(textOf(inner), path, ledger)
  }
  return Object.keys(attributes).length > 0 ? { [ATTRIBUTES]: attributes, ...built } : built
}

/** Everything that XML 1.0 does not allow as a character (section 2.2). */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

function legal(text: string, field: string, ledger: Ledger): string {
  const clean = text.replace(ILLEGAL, '\uFFFD')
  if (clean !== text) ledger.note(field, 'ENCODING_REPLACED')
  return clean
}
