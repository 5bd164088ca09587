import type { Write } from '../../shared/core/connector'
import { csvFormat } from '../../shared/core/format/csv'
import { dialectOf } from '../../shared/core/format/csv-settings'
import type { Format } from '../../shared/core/format/format'
import { printJson } from '../../shared/core/format/json'
import { ndjsonFormat } from '../../shared/core/format/ndjson'
import { xmlFormat } from '../../shared/core/format/xml/format'
import { parseElementPath } from '../../shared/core/format/xml/options'
import { xmlOptions } from '../../shared/core/format/xml/settings'
import { layoutOf } from '../../shared/core/format/xml/write'
import type { Ledger } from '../../shared/core/record/ledger'
import type { Rejection } from '../../shared/core/record/rejection'
import type { DataRecord } from '../../shared/core/record/value'
import { section, text } from '../../shared/core/settings'
import { XML_TYPES } from './answer'
import { joined } from '../../shared/core/format/joined'
import { wrapping } from './pointer'

/** How records are written into the body of a request. */
export interface BodyFormat {
  contentType: string
  accept?: string
  /** A body holds one record and cannot hold more. */
  single: boolean
  /** Why a record cannot be written like this. */
  refuse?(record: DataRecord): Rejection | undefined
  /** @param ledger for what is altered by it */
  list(writes: readonly Write[], ledger: Ledger): Promise<string | Uint8Array>
  one(write: Write, ledger: Ledger): Promise<string | Uint8Array>
}

/** @param settings of the operation */
export function bodyFormatOf(settings: DataRecord): BodyFormat {
  const csv = section(settings, 'csv') ?? {}
  switch (text(settings, 'format')) {
    case 'csv': {
      // a service reads values, not formulas
      const dialect = dialectOf(csv, 'keep')
      return printedBy(csvFormat(dialect), `text/csv; charset=${dialect.encoding ?? 'utf-8'}`)
    }
    case 'ndjson':
      return printedBy(ndjsonFormat({}), 'application/x-ndjson')
    case 'xml':
      return xmlBody(settings)
    case undefined:
    default:
      return jsonBody(text(settings, 'wrap') ?? '')
  }
}

function jsonBody(wrap: string): BodyFormat {
  const { before, after } = wrapping(wrap)
  return {
    contentType: 'application/json',
    single: false,
    list: (writes) => Promise.resolve(before + printJson(writes.map(({ record }) => record)) + after),
    one: ({ json }) => Promise.resolve(json),
  }
}

/** `/stock/item` is a document with a list; `/item` alone is a document for each record. */
function xmlBody(settings: DataRecord): BodyFormat {
  const options = xmlOptions(section(settings, 'xml') ?? {}, '')
  const { path } = parseElementPath(text(settings, 'wrap') ?? '')
  const layout =
    path === undefined ? layoutOf(options) : { containers: path.slice(0, -1), record: path.at(-1) ?? '' }
  return {
    ...printedBy(xmlFormat(options, layout), 'application/xml; charset=utf-8'),
    accept: `${XML_TYPES}, */*;q=0.1`,
    single: layout.containers.length === 0,
  }
}

function printedBy(format: Format, contentType: string): BodyFormat {
  const print = (writes: readonly Write[], ledger: Ledger) =>
    joined(format.write(() => once(writes.map(({ record }) => record)), { name: 'the request', ledger }))
  return {
    contentType,
    single: false,
    ...(format.refuse === undefined ? {} : { refuse: format.refuse.bind(format) }),
    list: print,
    one: (write, ledger) => print([write], ledger),
  }
}

async function* once(records: readonly DataRecord[]): AsyncGenerator<readonly DataRecord[]> {
  yield await Promise.resolve(records)
}
