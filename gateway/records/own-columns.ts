import type { Connection, Source } from '../../shared/core/connector'
import type { DataRecord } from '../../shared/core/record/value'

/** What result files and downloads add to a record. A file that has it may be sent as it is. */
export const OWN_COLUMNS = {
  row: 'tieout_row',
  code: 'tieout_code',
  message: 'tieout_message',
  fix: 'tieout_fix',
  raw: 'tieout_raw',
  deleted: 'tieout_deleted',
} as const

const OWN: ReadonlySet<string> = new Set(Object.values(OWN_COLUMNS))

export function isOwnColumn(name: string): boolean {
  return OWN.has(name)
}

/**
 * The connection with the fields taken away that Tieout itself added to its records.
 * @param resent changes of the settings for a file that Tieout wrote
 */
export function withoutOwnColumns(connection: Connection, resent?: DataRecord): Connection {
  return {
    streams: () => connection.streams(),
    source: async (request) =>
      stripped(await connection.source(resent ? { ...request, settings: resent } : request)),
    target: (request) => connection.target(request),
    check: (stream) => connection.check(stream),
    close: () => connection.close(),
  }
}

function stripped(source: Source): Source {
  return {
    typed: source.typed,
    async *read(request) {
      for await (const page of source.read(request)) {
        const { rows } = page
        yield rows.some(isOwn) ? { ...page, rows: rows.map((row) => (isOwn(row) ? plain(row) : row)) } : page
      }
    },
    csvFiles: () => source.csvFiles?.() ?? Promise.resolve(undefined),
  }
}

function isOwn(row: object): row is DataRecord {
  return OWN_COLUMNS.row in row
}

function plain(record: DataRecord): DataRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !OWN.has(field)))
}
