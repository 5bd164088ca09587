import { textOf, type DataRecord } from '../../shared/core/record/value'

const PLACE = /\{([^{}]+)\}/g

/** Fills `{field}` in a path with the record's values, percent-encoded. An absent or empty value is undefined. */
export function fillPath(template: string, record: DataRecord): string | undefined {
  const missing: string[] = []
  const path = template.replace(PLACE, (_, field: string) => {
    const value = textOf(record[field])
    if (value === '') missing.push(field)
    return encodeURIComponent(value)
  })
  return missing.length === 0 ? path : undefined
}

export function fieldsOf(template: string): string[] {
  return [...template.matchAll(PLACE)].map(([, field = '']) => field)
}
