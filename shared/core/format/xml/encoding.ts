import { Fault } from '../../fault'
import type { FileInput } from '../format'
import { encodingNamed, firstBytes, startOfText, type Encoding, type TextStart } from '../text'

/**
 * By the byte order mark, else by what came with the document (RFC 7303, section 3), else by the XML declaration, else
 * UTF-8 (XML 1.0, appendix F).
 */
export async function encodingOfXml(input: FileInput, outside?: Encoding): Promise<TextStart> {
  const start = await startOfText(input, undefined)
  if (start.bom > 0) return start
  if (outside !== undefined) return { encoding: outside, bom: 0 }
  const head = new TextDecoder('windows-1252').decode(await firstBytes(input, 200))
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1]
  if (declared === undefined) return start
  const encoding = encodingNamed(declared)
  if (encoding) return { encoding, bom: 0 }
  throw new Fault(
    'TEXT_ENCODING_INVALID',
    `${input.name} declares the encoding ${declared}, which cannot be read; send it as UTF-8`,
    { file: input.name, encoding: declared },
  )
}
