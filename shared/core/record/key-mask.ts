import { keyOfText, keyText } from './key'
import { maskRecord } from './mask'

export function isPersonalKey(key: readonly string[], personal: readonly string[]): boolean {
  return key.some((field) => personal.includes(field))
}

/** The text of a key with its personal fields masked, for whoever reads it. Parts that are missing are null. */
export function maskKey(text: string, key: readonly string[], personal: readonly string[]): string {
  if (!isPersonalKey(key, personal)) return text
  const masked = maskRecord(keyOfText(text, key), personal)
  return keyText(masked, key) ?? JSON.stringify(key.map((field) => masked[field] ?? null))
}
