import { keyOfText, keyText } from './key'
import { maskRecord } from './mask'

/** The text of a key with its personal fields masked, for whoever reads it. Parts that are missing are null. */
export function maskKey(text: string, key: readonly string[], personal: readonly string[]): string {
  if (!key.some((field) => personal.includes(field))) return text
  const masked = maskRecord(keyOfText(text, key), personal)
  return keyText(masked, key) ?? JSON.stringify(key.map((field) => masked[field] ?? null))
}
