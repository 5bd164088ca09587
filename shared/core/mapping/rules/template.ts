import { Fault } from '../../fault'
import { isScalar, textOf } from '../../record/value'
import { parsePath, reader } from '../path'
import { kindOf, refuse, type Origin, type Place } from '../step'

const PART = /\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g

/**
 * A text with source paths in braces; `{{` and `}}` are braces. It needs all of its values: with one absent it is absent,
 * with one null it is null.
 */
export function template(place: Place, text: string): { origin: Origin; uses: string[] } {
  const uses: string[] = []
  const parts = Array.from(text.matchAll(PART), ([part, path]) => {
    if (path !== undefined) {
      const segments = parsePath(path)
      uses.push(segments[0] ?? '')
      return reader(segments)
    }
    if (part === '{' || part === '}') {
      throw new Fault(
        'MAPPING_INVALID',
        `map: ${place.field} has a single ${part} in its template; write ${part}${part}`,
      )
    }
    return part === '{{' ? '{' : part === '}}' ? '}' : part
  })
  const origin: Origin = (record) => {
    let made = ''
    let sawNull = false
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part(record)
      if (value === undefined) return undefined
      if (value === null) sawNull = true
      else if (isScalar(value)) made += textOf(value)
      else
        return refuse(
          place,
          'VALUE_NOT_CONVERTIBLE',
          `has ${kindOf(value)} in its template; name one value in it`,
        )
    }
    return sawNull ? null : made
  }
  return { origin, uses }
}
