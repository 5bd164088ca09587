import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { registry } from '../../connectors'
import { NodeFiles } from '../../shared/adapters/files'
import { http } from '../../shared/adapters/http'
import { nodePorts } from '../../shared/adapters/ports'
import type { Connector, Source } from '../../shared/core/connector'
import { countingFiles } from '../../shared/core/counting-files'
import type { Definition } from '../../shared/core/definition/definition'
import { Fault } from '../../shared/core/fault'
import { readHead } from '../../shared/core/format/csv-read'
import { CSV_DEFAULTS } from '../../shared/core/format/csv'
import { encodings, type Encoding } from '../../shared/core/format/text'
import { choice, text } from '../../shared/core/settings'
import { CountingLedger } from '../../shared/core/record/ledger'
import { isObject, type DataRecord, type Value } from '../../shared/core/record/value'
import { UPLOAD, type Upload, type UploadMode } from '../../shared/core/upload'
import { UPLOAD_FORMATS, type UploadFormat } from './format'
import { OWN_COLUMNS, withoutOwnColumns } from './own-columns'
import type { ReceivedFile } from './receive'

/** The file of an upload, as the options of its job keep it. */
export interface UploadedFile {
  id: string
  name: string
  format: UploadFormat
  mode?: UploadMode
}

const MODES: readonly UploadMode[] = ['append', 'insert-only', 'update-only', 'upsert']

/** Below the folder of a tenant. */
export function uploadsIn(folder: string): string {
  return join(folder, 'uploads')
}

export function optionsOf(
  { id, name, format }: Pick<ReceivedFile, 'id' | 'name' | 'format'>,
  mode: UploadMode | undefined,
): DataRecord {
  return { file: { id, name, format }, ...(mode === undefined ? {} : { mode }) }
}

export function modeIn(value: Value | undefined): UploadMode | undefined {
  return MODES.find((mode) => mode === value)
}

/** Undefined for a job that has no file. */
export function uploadedFile({ file, mode }: DataRecord): UploadedFile | undefined {
  if (!isObject(file)) return undefined
  const { id, name, format } = file
  const known = UPLOAD_FORMATS.find((one) => one === format)
  const chosen = modeIn(mode)
  if (typeof id !== 'string' || typeof name !== 'string' || !known) return undefined
  return { id, name, format: known, ...(chosen === undefined ? {} : { mode: chosen }) }
}

/** The settings with which a file of this format is read: those of the workflow's own source where that is one, too. */
export function settingsFor(definition: Definition, workflow: string, format: UploadFormat): DataRecord {
  const settings = Object.entries(ownSettings(definition, workflow, format))
  return Object.fromEntries(settings.filter(([name]) => name !== 'folder' && name !== 'encoding'))
}

/** The charset that files of this format have where nothing says it. */
export function charsetFor(
  definition: Definition,
  workflow: string,
  format: UploadFormat,
): Encoding | undefined {
  return choice(ownSettings(definition, workflow, format), 'encoding', encodings)
}

function ownSettings(definition: Definition, workflow: string, format: UploadFormat): DataRecord {
  const own = definition.workflows.get(workflow)?.source
  const connection = own && definition.connections.get(own.connection)
  return connection?.connector === format ? { ...connection.settings, ...own?.settings } : {}
}

/** The file as what a workflow reads instead of its own source. */
export function uploadOf(
  file: UploadedFile,
  { folder, settings }: { folder: string; settings: DataRecord },
): Upload {
  const { id, name, format, mode } = file
  return {
    stream: name,
    settings,
    ...(mode === undefined ? {} : { mode }),
    connect: async ({ ports, ...context }) => {
      const files = new NodeFiles(join(uploadsIn(folder), id), http)
      const resent = format === 'csv' && (await isResultFile(files, name, settings))
      const counted = { ...ports, files: countingFiles(files, context.traffic) }
      const connection = await connectorOf(format).open({ ...context, settings: {}, ports: counted })
      return withoutOwnColumns(connection, resent ? asWritten(settings) : undefined)
    },
  }
}

/** A result file has a header, whatever its upload had, and its formulas were made harmless. */
function asWritten(settings: DataRecord): DataRecord {
  const kept = Object.entries(settings).filter(([name]) => name !== 'columns' && name !== 'header')
  return { ...Object.fromEntries(kept), formulas: 'escape' }
}

/** A result file that comes back. */
async function isResultFile(files: NodeFiles, name: string, settings: DataRecord): Promise<boolean> {
  const delimiter = text(settings, 'delimiter')
  const dialect = { ...CSV_DEFAULTS, ...(delimiter === undefined ? {} : { delimiter }) }
  const input = { name, open: (start?: number) => files.read(name, start) }
  try {
    return (await readHead(dialect, input))?.names.includes(OWN_COLUMNS.row) === true
  } catch (error) {
    // what is wrong with the header is told by the run
    if (error instanceof Fault) return false
    throw error
  }
}

/** The file as it was sent, row by row. */
export async function openUpload(upload: Upload): Promise<{ source: Source; close: () => Promise<void> }> {
  const traffic = { calls: 0, bytesIn: 0, bytesOut: 0, retries: 0 }
  const ports = nodePorts('.', () => undefined)
  const connection = await upload.connect({ name: UPLOAD, settings: {}, ports, traffic })
  const { stream, settings } = upload
  const source = await connection.source({ stream, settings, key: [], ledger: new CountingLedger() })
  return { source, close: () => connection.close() }
}

export function connectorOf(format: UploadFormat): Connector {
  const connector = registry[format]
  if (!connector) throw new TypeError(`There is no connector ${format}.`)
  return connector
}

/** Removes a file that no run is for. */
export async function discard(folder: string, { id }: Pick<ReceivedFile, 'id'>): Promise<void> {
  await rm(join(uploadsIn(folder), id), { recursive: true, force: true })
}
