import { Fault } from '../../shared/core/fault'

/** Formats of files of records; each is the name of the connector that reads it. */
export const UPLOAD_FORMATS = ['csv', 'ndjson', 'json', 'xml'] as const

export type UploadFormat = (typeof UPLOAD_FORMATS)[number]

export const MEDIA_TYPES: Readonly<Record<UploadFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  xml: 'application/xml',
}

const BY_TYPE: Readonly<Record<string, UploadFormat>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'text/x-csv': 'csv',
  'text/comma-separated-values': 'csv',
  'text/tab-separated-values': 'csv',
  // what browsers on Windows say of .csv
  'application/vnd.ms-excel': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
  'application/json': 'json',
  'text/json': 'json',
  'application/xml': 'xml',
  'text/xml': 'xml',
}

/** What records can be asked for as, the plain names first. */
export const RECORD_TYPES: readonly string[] = [...Object.values(MEDIA_TYPES), ...Object.keys(BY_TYPE)]

export function formatIn(mediaType: string): UploadFormat | undefined {
  return BY_TYPE[mediaType]
}

/** Types that say nothing of the format, or that clients send when nobody told them one. */
const SILENT = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/gzip',
  'application/x-gzip',
])

const BY_ENDING: Readonly<Record<string, UploadFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  xml: 'xml',
}

/**
 * The format of a file by what is said of it, else by how it begins.
 * @param head its first characters
 * @throws Fault MEDIA_TYPE_UNSUPPORTED
 */
export function formatOf(file: { mediaType: string; name: string | undefined }, head: string): UploadFormat {
  const { mediaType, name = '' } = file
  const told = BY_TYPE[mediaType] ?? bySuffix(mediaType)
  if (told) return told
  const ending = name.replace(/\.gz$/i, '').replace(/^.*\./, '').toLowerCase()
  if (SILENT.has(mediaType)) return BY_ENDING[ending] ?? byBeginning(head)
  throw new Fault(
    'MEDIA_TYPE_UNSUPPORTED',
    `Records are taken as ${Object.values(MEDIA_TYPES).join(', ')} or multipart/form-data, not as ${mediaType}.`,
    { contentType: mediaType, formats: Object.values(MEDIA_TYPES).join(', ') },
  )
}

function bySuffix(mediaType: string): UploadFormat | undefined {
  if (mediaType.endsWith('+json')) return 'json'
  return mediaType.endsWith('+xml') ? 'xml' : undefined
}

function byBeginning(head: string): UploadFormat {
  const text = head.trimStart()
  if (text.startsWith('<')) return 'xml'
  if (text.startsWith('[')) return 'json'
  if (!text.startsWith('{')) return 'csv'
  return isObject(text.split('\n')[0] ?? '') ? 'ndjson' : 'json'
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
