import { canonicalText } from '../../shared/core/record/canonical'
import type { DataRecord } from '../../shared/core/record/value'

const LIKELY =
  /^(id|key|code|sku|number|no|ref)$|(_|-|\b)(id|key|code|sku|no|number|ref)$|[a-z](Id|Key|Code|Sku|No|Number)$/
/** More fields in a key than this is a guess that helps nobody. */
const MOST = 3

/**
 * The fewest fields that tell all records apart and are never absent, null or empty. Names that sound like a key come
 * first, then the order of the fields. Undefined when there is no such set among the first twelve candidates.
 */
export function keyCandidate(records: readonly DataRecord[]): string[] | undefined {
  const [first] = records
  if (!first || records.length < 2) return undefined
  const filled = Object.keys(first).filter((field) => records.every((record) => isFilled(record[field])))
  const fields = [
    ...filled.filter((field) => LIKELY.test(field)),
    ...filled.filter((field) => !LIKELY.test(field)),
  ]
  for (let size = 1; size <= MOST; size++) {
    for (const key of choose(fields.slice(0, 12), size)) if (tellsApart(records, key)) return key
  }
  return undefined
}

/** A number with a fraction or a long text is a value, not an identifier. */
function isFilled(value: DataRecord[string] | undefined): boolean {
  if (typeof value === 'string') return value !== '' && value.length <= 64
  return typeof value === 'number' && Number.isInteger(value)
}

function tellsApart(records: readonly DataRecord[], key: readonly string[]): boolean {
  const seen = new Set(records.map((record) => canonicalText(key.map((field) => record[field] ?? null))))
  return seen.size === records.length
}

function* choose(fields: readonly string[], size: number): Generator<string[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [at, field] of fields.entries()) {
    for (const rest of choose(fields.slice(at + 1), size - 1)) yield [field, ...rest]
  }
}
