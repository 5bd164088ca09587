import { parseJson } from './format/json'
import { isList, textOf, type Value } from './record/value'

/** What is cut says so: the part of a value that is left there can be masked, too (see `withoutValues`). */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text
}

/** 1,234.50: decimal text with its thousands apart, every digit kept. */
export function numberText(number: string | number): string {
  const text = String(number)
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? []
  return whole === '' ? text : sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest
}

/** Such as +1,234.50 */
export function signedText(number: string): string {
  return isZero(number) || number.startsWith('-') ? numberText(number) : `+${numberText(number)}`
}

export function isZero(number: string): boolean {
  return /^-?0*(?:\.0*)?$/.test(number)
}

export function absolute(number: string): string {
  return number.replace(/^-/, '')
}

/** '1 record', '340 records' */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${numberText(number)} ${number === 1 ? one : many}`
}

/** The parts of a key as people read them: A1 / Rotterdam */
export function shownKey(key: string): string {
  try {
    const parts = parseJson(key)
    return isList(parts) ? parts.map((part) => (part === null ? '(none)' : textOf(part))).join(' / ') : key
  } catch {
    // a row without a usable key stands for itself
    return key
  }
}

/** Absent, null and '' look different. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return '(absent)'
  if (value === null) return '(null)'
  return value === '' ? '(empty)' : textOf(value)
}

/** '2026-11-30 18:00 UTC' */
export function timeText(at: string | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Whole days from one moment to a later one. */
export function daysBetween(from: string | number, to: string | number): number {
  return Math.max(0, Math.floor((new Date(to).getTime() - new Date(from).getTime()) / 86_400_000))
}
