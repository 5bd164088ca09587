import { textOf, type Value } from '../../shared/core/record/value'
import { contentOfElement, elementsAt } from '../../shared/core/format/xml/place'
import type { HttpClient, HttpResponse } from '../../shared/core/ports'
import { isXml, maybeDocument } from './answer'

/** A fault stands at the beginning of an answer, and a page of records need not be searched for one. */
const SEARCHED = 65_536

/**
 * An HttpClient that tells by the status what a SOAP service says by a fault in the body, with 200 as well as with 500:
 * the sender's faults are 400, those of credentials 401, all others 500 (SOAP 1.1, section 4.4.1; SOAP 1.2 part 1,
 * section 5.4.6). The body is then the text of the fault.
 */
export function withSoapFaults(client: HttpClient): HttpClient {
  return { ...client, send: async (request) => await meaningOf(await client.send(request)) }
}

async function meaningOf(response: HttpResponse): Promise<HttpResponse> {
  const { status } = response
  if (!isXml(response) || !(status < 300 || status === 400 || status === 500)) return response
  const beginning = new TextDecoder('windows-1252').decode(response.body.subarray(0, SEARCHED))
  // of a text in UTF-16 every second byte is a zero
  if (!/F\0?a\0?u\0?l\0?t/.test(beginning)) return response
  const [fault] = elementsAt(await maybeDocument(response), 'Envelope/Body/Fault')
  if (fault === undefined) return response
  const { code, text } = saidBy(fault)
  return {
    status: statusOf(code),
    headers: { ...response.headers, 'content-type': 'text/plain; charset=utf-8' },
    body: new TextEncoder().encode(`SOAP fault with status ${status}: ${code}: ${text}`),
  }
}

/** By the names of SOAP 1.1 or 1.2; the prefix of a code is the service's own choice. */
function saidBy(fault: Value): { code: string; text: string } {
  const first = (...places: string[]) =>
    places
      .map((place) => textOf(contentOfElement(elementsAt(fault, place)[0])).trim())
      .find((found) => found !== '')
  const codes = [first('faultcode', 'Code/Value'), first('Code/Subcode/Value')]
  return {
    code: codes
      .filter((code) => code !== undefined)
      .map((code) => code.replace(/^.*:/, ''))
      .join(' '),
    text: first('faultstring', 'Reason/Text') ?? 'no text',
  }
}

/** Codes may be refined after a dot (`Client.Authentication`); those of WS-Security stand in section 12 of its version 1.1. */
function statusOf(code: string): number {
  if (/FailedAuthentication|InvalidSecurity|SecurityTokenUnavailable|Authentication/i.test(code)) return 401
  return /^(Client|Sender|VersionMismatch|MustUnderstand|DataEncodingUnknown)\b/.test(code) ? 400 : 500
}
