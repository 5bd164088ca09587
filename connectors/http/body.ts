import { Fault } from '../../shared/core/fault'
import { parseJson } from '../../shared/core/format/json'
import type { HttpResponse } from '../../shared/core/ports'
import type { Value } from '../../shared/core/record/value'
import { shortened } from '../../shared/core/words'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws Fault ANSWER_UNREADABLE */
export function jsonOf(response: HttpResponse, place: string): Value {
  try {
    return parseJson(utf8.decode(response.body))
  } catch (error) {
    const contentType = response.headers['content-type'] ?? ''
    const why = error instanceof Fault ? error.detail : 'it is not UTF-8'
    throw new Fault(
      'ANSWER_UNREADABLE',
      `${place}: the answer cannot be read as JSON: ${why} (content-type '${contentType}')`,
      { place, contentType, bytes: response.body.length },
      undefined,
      { cause: error },
    )
  }
}

/** The JSON of an answer, or undefined where it is something else. */
export function maybeJson(response: HttpResponse): Value | undefined {
  if (response.body.length === 0) return undefined
  try {
    return jsonOf(response, '')
  } catch {
    return undefined
  }
}

const BEGINNING = 2048

/** The beginning of an answer as one line, for evidence. */
export function excerpt(response: HttpResponse): string {
  const text = new TextDecoder().decode(response.body.subarray(0, BEGINNING))
  const line = text
    .replace(/<(script|style)[^]*?<\/\1>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return shortened(response.body.length > BEGINNING ? `${line}…` : line, 300)
}
