import { Fault } from '../fault'
import { isList, isObject, type DataRecord, type Value } from '../record/value'

/** Writing these would reach the prototype of the record instead of its data. */
const refused = new Set(['__proto__', 'constructor', 'prototype'])

const SEGMENT = /(?:\\.|[^.[\]\\])+|\[\d+\]|\./g

/**
 * The names and list positions of a path.
 * - JSON pointer (RFC 6901) when it begins with '/'
 * - else dotted, with `[0]` for list positions; a backslash takes the next character literally
 *
 * @throws Fault MAPPING_INVALID
 */
export function parsePath(path: string): string[] {
  if (path.startsWith('/')) return path.slice(1).split('/').map(unescapePointer)
  const parts = path.match(SEGMENT) ?? []
  const segments: string[] = []
  let nameExpected = true
  for (const part of parts) {
    if (part === '.') {
      if (nameExpected) throw invalid(path)
      nameExpected = true
    } else if (part.startsWith('[')) {
      if (nameExpected) throw invalid(path)
      segments.push(part.slice(1, -1))
    } else {
      if (!nameExpected) throw invalid(path)
      segments.push(part.replace(/\\(.)/g, '$1'))
      nameExpected = false
    }
  }
  if (nameExpected || parts.join('') !== path) throw invalid(path)
  return segments
}

/** @throws Fault FIELD_NAME_REFUSED, MAPPING_INVALID */
export function parseTarget(path: string): string[] {
  if (!path.startsWith('/') && /(?<!\\)\[/.test(path)) {
    throw new Fault('MAPPING_INVALID', `map: ${path} is a place in a list; make the list with each`, { path })
  }
  const segments = parsePath(path)
  const bad = segments.find((name) => refused.has(name))
  if (bad !== undefined) {
    throw new Fault('FIELD_NAME_REFUSED', `map: ${path} cannot be written: "${bad}" is not a field name`, {
      path,
    })
  }
  return segments
}

export function toPointer(segments: readonly string[]): string {
  return segments.map((segment) => '/' + segment.replace(/~/g, '~0').replace(/\//g, '~1')).join('')
}

/** Reads own fields only; undefined where the path leads nowhere. */
export function reader(segments: readonly string[]): (record: DataRecord) => Value | undefined {
  const [first = '', ...rest] = segments
  const readFirst = first in Object.prototype ? readOwn : readPlain
  if (rest.length === 0) return (record) => readFirst(record, first)
  return (record) => {
    let value = readFirst(record, first)
    for (const name of rest) {
      value = readInside(value, name)
    }
    return value
  }
}

function readPlain(record: DataRecord, name: string): Value | undefined {
  return record[name]
}

function readInside(value: Value | undefined, name: string): Value | undefined {
  if (isList(value)) return value[Number(name)]
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function readOwn(record: DataRecord, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function unescapePointer(segment: string): string {
  return segment.replace(/~1/g, '/').replace(/~0/g, '~')
}

function invalid(path: string): Fault {
  return new Fault(
    'MAPPING_INVALID',
    `map: "${path}" is not a path; write a\\.b for a field whose name holds a dot`,
    {
      path,
    },
  )
}
