import { Fault } from '../fault'
import { exactNumber } from '../record/decimal'
import { isList, isObject, textOf, type Value } from '../record/value'

type Reviver = (field: string, value: Value, context?: { source?: string }) => Value

/** As the language defines it since source text access (Node 22): what JSON.parse makes of JSON is a Value. */
const standard: { parse(text: string, reviver?: Reviver): Value } = JSON

/**
 * The value of a JSON text with every digit kept: numbers that a double cannot hold become Decimals.
 * @throws Fault JSON_INVALID, JSON_DUPLICATE_FIELD or FIELD_NAME_FORBIDDEN
 */
export function parseJson(text: string): Value {
  const value = parsed(text)
  if (fieldMarks(text) > fieldCount(value)) refuseDuplicates(text)
  return value
}

/** What `printJson` or JSON.stringify made of a value: with every digit, and without a look for what they do not write. */
export function parsePrinted(text: string): Value {
  return parsed(text)
}

/** JSON text of a value; Decimals are printed with all their digits. */
export function printJson(value: Value): string {
  return JSON.stringify(value)
}

function parsed(text: string): Value {
  try {
    return mayLoseDigits(text) ? standard.parse(text, exact) : standard.parse(text)
  } catch (error) {
    throw new Fault('JSON_INVALID', `not JSON: ${reason(error)}`)
  }
}

/** Digits (and points) in a row from which a double may lose some. */
const LONG = 16
/** Too big or too small for a double. It may match inside a text; that only costs time. */
const FAR_EXPONENT = /\d[eE][+-]?\d{3}/

function mayLoseDigits(text: string): boolean {
  // a row of 16 covers one of every 16 places
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (isDigit(text.charCodeAt(at)) && rowOfDigits(text, at) >= LONG) return true
  }
  return FAR_EXPONENT.test(text)
}

function rowOfDigits(text: string, at: number): number {
  let start = at
  let end = at + 1
  while (isDigit(text.charCodeAt(start - 1))) start--
  while (isDigit(text.charCodeAt(end))) end++
  return end - start
}

function isDigit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2e
}

function exact(_field: string, value: Value, context?: { source?: string }): Value {
  const source = context?.source
  return typeof value === 'number' && source !== undefined ? (exactNumber(source) ?? value) : value
}

/** The engine's words without the piece of the text that it quotes: it may be somebody's data. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = /position \d+/.exec(message)
  // one sign tells a comma too many or NaN, and nothing of anybody
  const [, sign] = /^Unexpected token '(.)'/u.exec(message) ?? []
  if (message.startsWith('Unexpected end') || message.startsWith('Unterminated'))
    return 'it ends before it is complete'
  const found = sign === undefined ? 'unexpected text' : `unexpected ${sign}`
  return position ? `${found} at ${position[0]}` : found
}

/** At least as many as there are fields: a colon after a quote or a space is the mark of one. */
function fieldMarks(text: string): number {
  let marks = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1)
    if (before === 0x22 || before <= 0x20) marks++
  }
  return marks
}

/** Whatever walks through a value calls itself at every level, and the stack has an end. */
const MAX_DEPTH = 500

/** @throws Fault FIELD_NAME_FORBIDDEN, JSON_INVALID for a value with too many levels */
function fieldCount(value: Value, depth = 0): number {
  if (depth > MAX_DEPTH)
    throw new Fault('JSON_INVALID', `not JSON that can be used: more than ${MAX_DEPTH} levels`)
  if (isList(value)) return value.reduce((count: number, item) => count + fieldCount(item, depth + 1), 0)
  if (!isObject(value)) return 0
  let count = 0
  for (const field in value) {
    const inner = value[field]
    count += typeof inner === 'object' ? 1 + fieldCount(inner, depth + 1) : 1
    if (field === PROTO) throw protoForbidden()
  }
  return count
}

const PROTO = '__proto__'

function protoForbidden(): Fault {
  return new Fault('FIELD_NAME_FORBIDDEN', `the field name ${PROTO} cannot be used; rename it at the source`)
}

/** Reads the names of every object in a text that is known to be JSON. */
function refuseDuplicates(text: string): void {
  const tokens = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gs
  const open: Set<string>[] = []
  for (const token of text.matchAll(tokens)) {
    if (token[0] === '{') open.push(new Set())
    else if (token[0] === '}') open.pop()
    else if (token[1] !== undefined) {
      const name = textOf(standard.parse(token[0].slice(0, -token[1].length)))
      const names = open.at(-1)
      if (names?.has(name)) {
        throw new Fault(
          'JSON_DUPLICATE_FIELD',
          `the field "${name}" stands there twice; write each field once`,
          { field: name },
        )
      }
      names?.add(name)
    }
  }
}
