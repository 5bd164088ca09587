import { exactNumber } from '../record/decimal'
import { isList, isObject, type Value } from '../record/value'
import type { Path } from './path'

/** `${NAME}`; `$${NAME}` is the text `${NAME}` itself. */
const REFERENCE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

export interface Missing {
  name: string
  path: Path
}

/** Fills in the references of every text. One without a value stays as it stands and is reported. */
export function fillReferences(
  value: Value,
  lookup: (name: string) => string | undefined,
  path: Path = [],
): { value: Value; missing: Missing[] } {
  const missing: Missing[] = []
  const fill = (value: Value, path: Path): Value => {
    if (typeof value === 'string') {
      return value.replace(REFERENCE, (whole: string, escaped: string, name: string) => {
        if (escaped !== '') return whole.slice(1)
        const found = lookup(name)
        if (found === undefined) missing.push({ name, path })
        return found ?? whole
      })
    }
    if (isList(value)) return value.map((item, at) => fill(item, [...path, at]))
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, fill(item, [...path, name])]),
    )
  }
  return { value: fill(value, path), missing }
}

/** Whether a text takes something from the environment. */
export function hasReference(text: string): boolean {
  return Array.from(text.matchAll(REFERENCE)).some(([, escaped]) => escaped === '')
}

/**
 * The environment holds texts only: where `raw` is nothing but one reference and the schema wants a number or a
 * boolean, its text becomes one. A text that is none stays, and the schema then says what is wrong.
 */
export function typeReferences(raw: Value, filled: Value, schema: Value | undefined): Value {
  if (typeof raw === 'string' && typeof filled === 'string') {
    return isObject(schema) && /^\$\{\w+\}$/.test(raw) ? typed(filled, schema['type']) : filled
  }
  if (isList(raw) && isList(filled)) {
    const items = isObject(schema) ? schema['items'] : undefined
    return filled.map((item, at) => typeReferences(raw[at] ?? null, item, items))
  }
  if (!isObject(raw) || !isObject(filled)) return filled
  const properties = isObject(schema) ? schema['properties'] : undefined
  const fields = Object.entries(filled).map(([name, item]): [string, Value] => [
    name,
    typeReferences(raw[name] ?? null, item, isObject(properties) ? properties[name] : undefined),
  ])
  return Object.fromEntries(fields)
}

function typed(text: string, type: Value | undefined): Value {
  if (type === 'integer' || type === 'number') return exactNumber(text.trim()) ?? text
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
