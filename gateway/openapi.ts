import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The committed document as it was printed from the contract; it stands beside the compiled code, too. Read as a file
 * because faces do not import each other.
 */
export async function openApiDocument(file: 'openapi.json' | 'openapi-3.0.json'): Promise<object> {
  const document: unknown = JSON.parse(await readFile(join(__dirname, '..', 'openapi', file), 'utf8'))
  if (typeof document === 'object' && document !== null) return document
  throw new TypeError(`${file} is no object.`)
}
