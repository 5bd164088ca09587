import { keyOfText, keyText } from './key'
import { maskRecord } from './mask'

/** The text of a key with its personal fields masked, for whoever reads it. */
export function maskKey(text: string, key: readonly string[], personal: readonly string[]): string {
  if (!key.some((field) => personal.includes(field))) return text
  return keyText(maskRecord(keyOfText(text, key), personal), key) ?? ''
}
