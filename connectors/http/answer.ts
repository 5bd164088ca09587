import { csvFormat } from '../../shared/core/format/csv'
import { dialectOf } from '../../shared/core/format/csv-settings'
import { Fault } from '../../shared/core/fault'
import { BEGINNING, type FileInput, type Format, type Row } from '../../shared/core/format/format'
import { ndjsonFormat } from '../../shared/core/format/ndjson'
import type { Encoding } from '../../shared/core/format/text'
import { readXmlDocument, type XmlDocument } from '../../shared/core/format/xml/read'
import { xmlOptions } from '../../shared/core/format/xml/settings'
import type { HttpResponse } from '../../shared/core/ports'
import type { DataRecord } from '../../shared/core/record/value'
import { section, text } from '../../shared/core/settings'
import { charsetOf, excerpt, jsonOf, maybeJson } from './body'
import { headerContent, jsonContent, NO_CONTENT, xmlContent, type Content } from './content'

/** What of an answer's records and of what stands around them paging needs. */
export interface AnswerPage {
  rows: Row[]
  content: Content
  /** Why the records may not be all. */
  doubt?: string | undefined
}

/** Reads pages that are not JSON. */
export interface PageFormat {
  /** For the Accept header. */
  accept: string
  /** False when every value arrives as text. */
  typed: boolean
  read(response: HttpResponse, name: string): Promise<AnswerPage>
}

/** JSON is read by the source itself. */
export function pageFormatOf(settings: DataRecord): PageFormat | undefined {
  switch (text(settings, 'format')) {
    case 'csv': {
      const dialect = dialectOf(section(settings, 'csv') ?? {}, 'keep')
      return rowsFormat('text/csv', false, (encoding) =>
        csvFormat({ ...(encoding === undefined ? {} : { encoding }), ...dialect }),
      )
    }
    case 'ndjson':
      return rowsFormat('application/x-ndjson', true, () => ndjsonFormat({}))
    case 'xml':
      return {
        accept: XML_TYPES,
        typed: false,
        async read(response, name) {
          const document = await xmlOf(response, name, settings, text(settings, 'records') ?? '')
          return { rows: document.rows, content: xmlContent(document.around), doubt: document.incomplete }
        },
      }
    case undefined:
    default:
      return undefined
  }
}

export const XML_TYPES = 'application/xml, text/xml'

/**
 * What an answer to a write or a look-up says, in XML where it says that it is and else in JSON.
 * @throws Fault ANSWER_UNREADABLE
 */
export async function contentOf(
  response: HttpResponse,
  settings: DataRecord,
  name: string,
): Promise<Content> {
  if (!isXml(response)) return jsonContent(jsonOf(response, name))
  return xmlContent((await xmlOf(response, name, settings, undefined)).around)
}

/** The same of an answer that may also be something else. */
export async function maybeContent(response: HttpResponse, settings: DataRecord): Promise<Content> {
  if (!isXml(response)) return jsonContent(maybeJson(response))
  const around = await maybeDocument(response, settings)
  return around === undefined ? NO_CONTENT : xmlContent(around)
}

/** A document as its root by name; undefined where it cannot be read. */
export async function maybeDocument(
  response: HttpResponse,
  settings: DataRecord = {},
): Promise<DataRecord | undefined> {
  try {
    return (await xmlOf(response, '', settings, undefined)).around
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

export function isXml({ headers }: HttpResponse): boolean {
  return /^[^;]*[/+]xml\b/i.test(headers['content-type'] ?? '')
}

/** @param records path of the record element; undefined where there are none @throws Fault ANSWER_UNREADABLE */
async function xmlOf(
  response: HttpResponse,
  name: string,
  settings: DataRecord,
  records: string | undefined,
): Promise<XmlDocument> {
  const read = xmlOptions(section(settings, 'xml') ?? {}, records ?? '')
  const options = records === undefined ? { ...read, path: [] } : read
  try {
    return await readXmlDocument(options, inputOf(response, name), charsetOf(response))
  } catch (error) {
    if (!(error instanceof Fault) || !['XML_INVALID', 'RECORD_PATH_NOT_FOUND'].includes(error.code))
      throw error
    throw new Fault(
      'ANSWER_UNREADABLE',
      error.detail + saidInstead(error, response),
      { place: name, contentType: response.headers['content-type'] ?? '', bytes: response.body.length },
      undefined,
      { cause: error },
    )
  }
}

/** What an error says that came in place of records; what may be records is not quoted. */
function saidInstead({ evidence: { root } }: Fault, response: HttpResponse): string {
  const isError = typeof root === 'string' && /error|fault|exception|problem/i.test(root)
  return isError ? `; it says: ${excerpt(response)}` : ''
}

function rowsFormat(
  accept: string,
  typed: boolean,
  formatFor: (encoding: Encoding | undefined) => Format,
): PageFormat {
  return {
    accept,
    typed,
    async read(response, name) {
      const rows: Row[] = []
      for await (const chunk of formatFor(charsetOf(response)).read(inputOf(response, name), BEGINNING)) {
        for (const row of chunk.rows) rows.push(row)
        if (chunk.incomplete !== undefined) {
          throw new Fault('ANSWER_UNREADABLE', `${name}: the answer is cut off: ${chunk.incomplete}`, {
            place: name,
          })
        }
      }
      return { rows, content: headerContent(response.headers) }
    },
  }
}

/** What is here already, in the form in which a file arrives. */
function inputOf({ body }: HttpResponse, name: string): FileInput {
  return {
    name,
    async *open(start = 0) {
      yield await Promise.resolve(body.subarray(start))
    },
  }
}
