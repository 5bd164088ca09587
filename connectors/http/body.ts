import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import { encodingNamed, type Encoding } from '../../shared/core/format/text'
import type { HttpResponse } from '../../shared/core/ports'
import type { Value } from '../../shared/core/record/value'
import { shortened } from '../../shared/core/words'

const BEGINNING = 2048

/**
 * JSON is UTF-8 whatever its type says (RFC 8259, 8.1); another charset counts where it is none.
 * @param quiet takes credentials out of what is quoted of an answer that is no JSON at all
 * @throws Fault ANSWER_UNREADABLE
 */
export function jsonOf(response: HttpResponse, place: string, quiet = (said: string) => said): Value {
  try {
    return parseJson(textOf(response))
  } catch (error) {
    const contentType = response.headers['content-type'] ?? ''
    const why = error instanceof Fault ? error.detail.replace(/^not JSON: /, '') : 'it is not UTF-8'
    throw new Fault(
      'ANSWER_UNREADABLE',
      `${place}: the answer cannot be read as JSON: ${instead(response, quiet) ?? why} (content-type '${contentType}')`,
      { place, contentType, bytes: response.body.length },
      undefined,
      { cause: error },
    )
  }
}

function textOf(response: HttpResponse): string {
  const declared = charsetOf(response)
  const decode = (encoding: Encoding) => new TextDecoder(encoding, { fatal: true }).decode(response.body)
  if (declared === undefined || declared === 'utf-8') return decode('utf-8')
  try {
    return decode(declared === 'windows-1252' ? 'utf-8' : declared)
  } catch {
    return decode(declared)
  }
}

/** What came in place of JSON, where that can be told without showing anybody's data. */
function instead(response: HttpResponse, quiet: (said: string) => string): string | undefined {
  const { body } = response
  if (body.length === 0) return 'it is empty'
  if (body[0] === 0x1f && body[1] === 0x8b) return 'it is packed with gzip, and no content-encoding says so'
  const start = new TextDecoder().decode(body.subarray(0, BEGINNING)).trim()
  const message = start.startsWith('<') || /^[^\s{["][^\r\n]{0,299}$/.test(start)
  return message && Number.isNaN(Number(start))
    ? `it says: ${quiet(excerpt(response)).replace(/[[{].*/, '…')}`
    : undefined
}

export function charsetOf({ headers }: HttpResponse): Encoding | undefined {
  const [, name] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '') ?? []
  return name === undefined ? undefined : encodingNamed(name)
}

/** The JSON of an answer, or undefined where it is something else. */
export function maybeJson(response: HttpResponse): Value | undefined {
  if (response.body.length === 0) return undefined
  try {
    return parseJson(textOf(response))
  } catch {
    return undefined
  }
}

/** The beginning of an answer as one line, for evidence. */
export function excerpt(response: HttpResponse): string {
  const text = new TextDecoder().decode(response.body.subarray(0, BEGINNING))
  const line = text
    .replace(/<(script|style)[^]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return shortened(response.body.length > BEGINNING ? `${line}…` : line, 300)
}
