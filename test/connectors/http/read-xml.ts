import { parseStringPromise } from 'xml2js'

/** What another reader than ours makes of a document. */
export async function xml2js(text: string): Promise<unknown> {
  const document: unknown = await parseStringPromise(text)
  return document
}
