import type { Document } from './model'

/** The document as JSON, which every importer reads. */
export function write(document: Document): string {
  return `${JSON.stringify(document, undefined, 2)}\n`
}
