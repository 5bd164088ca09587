import type { Value } from '../../shared/core/record/value'

const QUOTED = /["\\]/g

/**
 * Reads an array as PostgreSQL prints it (manual, "Array Input and Output Syntax"): `{1,NULL,"a\"b",{2}}`, with lower
 * bounds in front where they are not 1, such as `[0:1]={1,2}`.
 */
export function readArray(text: string, element: (text: string) => Value): Value[] {
  let at = text.indexOf('{') + 1
  const list = (): Value[] => {
    const items: Value[] = []
    while (text[at] !== '}' && at < text.length) {
      if (text[at] === ',') at++
      else items.push(item())
    }
    at++
    return items
  }
  const item = (): Value => {
    if (text[at] === '{') {
      at++
      return list()
    }
    if (text[at] === '"') return element(quoted())
    const start = at
    while (text[at] !== ',' && text[at] !== '}' && at < text.length) at++
    const bare = text.slice(start, at)
    return bare === 'NULL' ? null : element(bare)
  }
  const quoted = (): string => {
    let value = ''
    for (at++; text[at] !== '"' && at < text.length; at++) {
      if (text[at] === '\\') at++
      value += text[at] ?? ''
    }
    at++
    return value
  }
  return list()
}

/** Prints a list so that PostgreSQL reads it as an array. Every text is quoted: a bare NULL would be a null. */
export function printArray(items: readonly Value[], element: (value: Value) => string): string {
  const parts = items.map((item) => {
    if (item === null) return 'NULL'
    if (Array.isArray(item)) return printArray(item as readonly Value[], element)
    return `"${element(item).replace(QUOTED, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}
