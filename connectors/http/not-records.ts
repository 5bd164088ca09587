import { Fault } from '../../shared/core/fault'
import { isList, isObject, type Value } from '../../shared/core/record/value'
import { shortened } from '../../shared/core/words'
import type { Paging } from './paging'

/** Where GraphQL, OData, FHIR (`issue` of an OperationOutcome) and most others tell of an error. */
const TELLING = ['error', 'errors', 'fault', 'issue']

/**
 * What went wrong, in an answer with a 2xx that should have had records; '' where it says nothing of that. Beside records
 * only GraphQL's `errors` count: what they tell of is missing or null in the records (specification of October 2021, 7.1).
 */
export function errorInstead(body: Value, records: Value | undefined): string {
  if (!isList(records)) return errorIn(body, TELLING)
  const graphQl = isObject(body) && Object.hasOwn(body, 'data') && body['errors'] !== records
  return graphQl ? errorIn(body, ['errors']) : ''
}

/** What stands in one of these fields, where it is more than nothing. */
export function errorIn(body: Value | undefined, names: readonly string[] = ['error', 'errors']): string {
  if (!isObject(body)) return ''
  const said = names
    .filter((name) => Object.hasOwn(body, name))
    .map((name) => body[name] ?? '')
    .filter((value) => !NOTHING.includes(JSON.stringify(value)))
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return shortened(said.join('; '), 300)
}

/** How services write in JSON that there was no error. */
const NOTHING = ['""', 'false', '0', '"0"', '[]', '{}']

export function refusedWith(error: string, status: number, place: string): Fault {
  return new Fault('REQUEST_REFUSED', `${place} answered ${status} with an error: ${error}`, {
    place,
    status,
    answer: error,
  })
}

/** Pointers of the lists in an answer. Names further down are often keys of records. */
export function listsIn(body: Value, depth = 2): string[] {
  if (isList(body)) return ['']
  if (!isObject(body) || depth === 0) return []
  return Object.entries(body).flatMap(([name, value]) =>
    listsIn(value, depth - 1).map((list) => `/${name}${list}`),
  )
}

/** Some services answer so where a page beyond the last one is asked for. */
export function perhapsTheEnd(fault: Fault, { rule }: Paging, status: number, seen: number): Fault {
  if (seen === 0 || rule !== 'an empty page' || ![404, 410, 416].includes(status)) return fault
  const hint = `${seen} records came before; if that is how the service ends a listing, set \`paging.endStatus\` to ${status}`
  return new Fault(
    fault.code,
    `${fault.detail}; ${hint}`,
    { ...fault.evidence, records: seen },
    fault.retryAfterMs,
  )
}
