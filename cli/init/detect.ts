import { isAbsolute, relative, resolve, sep } from 'node:path'
import { Fault } from '../../shared/core/fault'
import type { DataRecord } from '../../shared/core/record/value'
import type { Registry } from '../../shared/core/definition/complete'

/** One end of the workflow to be: a connector, the settings of its connection, and the stream where it is known. */
export interface Endpoint {
  connector: string
  settings: DataRecord
  stream: string | undefined
  /** Files are read to know them; other systems list their streams. */
  file: boolean
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  csv: ['.csv', '.tsv', '.csv.gz'],
  json: ['.json', '.json.gz'],
  ndjson: ['.ndjson', '.jsonl', '.ndjson.gz', '.jsonl.gz'],
  xlsx: ['.xlsx'],
  xml: ['.xml', '.xml.gz'],
}
const DATABASES: Readonly<Record<string, readonly string[]>> = { sqlite: ['.sqlite', '.sqlite3', '.db'] }

/**
 * What a file name, a URL or `connector:place` means. `#name` at its end names the stream of a database.
 *
 * @param folder of the definition, which relative paths in it start from
 * @throws Fault CONNECTOR_UNDETECTED
 */
export function detect(text: string, cwd: string, folder: string, registry: Registry): Endpoint {
  const [named = '', ...rest] = text.split(':')
  const known = rest.length > 0 && !text.startsWith('//', named.length + 1) && Object.hasOwn(registry, named)
  const place = known ? rest.join(':') : text
  const connector = known ? named : connectorOf(text)
  if (connector === undefined || !Object.hasOwn(registry, connector)) {
    const shown = text.replace(/:\/\/[^/]*@/, '://***@')
    throw new Fault('CONNECTOR_UNDETECTED', `${shown} is of no kind that is known.`, { place: shown })
  }
  const { before, stream } = splitStream(place)
  if (connector === 'postgres') return { connector, settings: { url: before }, stream, file: false }
  if (connector === 'http') return api(place)
  if (connector === 'sqlite')
    return { connector, settings: { file: local(before, cwd, folder) }, stream, file: false }
  return { connector, settings: {}, stream: local(place, cwd, folder), file: true }
}

function connectorOf(text: string): string | undefined {
  if (/^postgres(ql)?:\/\//.test(text)) return 'postgres'
  const web = /^https?:\/\//.test(text)
  const path = web ? (text.split(/[?#]/)[0] ?? '') : text
  return byEnding(path, FILES) ?? (web ? 'http' : byEnding(splitStream(path).before, DATABASES))
}

function byEnding(path: string, kinds: Readonly<Record<string, readonly string[]>>): string | undefined {
  const name = path.toLowerCase()
  return Object.keys(kinds).find((kind) => kinds[kind]?.some((ending) => name.endsWith(ending)))
}

function splitStream(place: string): { before: string; stream: string | undefined } {
  const at = place.lastIndexOf('#')
  return at < 0
    ? { before: place, stream: undefined }
    : { before: place.slice(0, at), stream: place.slice(at + 1) }
}

function api(place: string): Endpoint {
  const url = new URL(place)
  const [last, ...others] = url.pathname
    .split('/')
    .filter((step) => step !== '')
    .reverse()
  const baseUrl = [url.origin, ...others.reverse()].join('/')
  const streams = last === undefined ? {} : { streams: { [last]: { path: `/${last}` } } }
  return { connector: 'http', settings: { baseUrl, ...streams }, stream: last, file: false }
}

/** A path as it stands in a definition: from its folder, with slashes on every system. */
function local(path: string, cwd: string, folder: string): string {
  if (/^https?:\/\//.test(path)) return path
  const from = relative(folder, resolve(cwd, path))
  return (isAbsolute(path) || from.startsWith('..') ? resolve(cwd, path) : from).split(sep).join('/')
}
