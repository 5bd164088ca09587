import type { Change } from '../../shared/core/exceptions/change'
import type { Edits } from '../../shared/core/exceptions/fix'
import { Fault } from '../../shared/core/fault'
import { isList, isObject, type DataRecord, type Value } from '../../shared/core/record/value'
import type { Call } from '../call'

/** What a client asks to change of exceptions: `ExceptionChange` of the contract. */
export interface WantedChange {
  changes: readonly Change[]
  fix: Edits | undefined
}

export async function bodyOf(call: Call): Promise<DataRecord> {
  const value = await call.body.json()
  if (isObject(value)) return { ...value }
  throw invalid('the body must be a JSON object')
}

/** In the order in which they happen. @throws Fault BODY_INVALID */
export function changeOf(value: Value | undefined): WantedChange {
  if (!isObject(value)) throw invalid('change must be an object')
  const wanted: DataRecord = { ...value }
  const changes: Change[] = []
  const add = textsOf(wanted, 'addTags')
  const remove = textsOf(wanted, 'removeTags')
  if (add.length + remove.length > 0) changes.push({ do: 'tag', add, remove })
  const to = textOrNull(wanted, 'assignee')
  if ('assignee' in wanted) changes.push(to === undefined ? { do: 'assign' } : { do: 'assign', to })
  const at = momentOrNull(wanted, 'due')
  if ('due' in wanted) changes.push(at === undefined ? { do: 'due' } : { do: 'due', at })
  const comment = textOrNull(wanted, 'comment')
  if (comment !== undefined) changes.push({ do: 'comment', text: comment })
  const state = stateChange(wanted)
  if (state) changes.push(state)
  return { changes, fix: fixOf(wanted['fix']) }
}

function stateChange(wanted: DataRecord): Change | undefined {
  const { state } = wanted
  const reason = textOrNull(wanted, 'reason')
  if (state === undefined) return undefined
  if (state === 'open') return { do: 'reopen' }
  if (state === 'resolved')
    return reason === undefined ? { do: 'resolve' } : { do: 'resolve', comment: reason }
  if (state !== 'ignored') throw invalid('state must be open, resolved or ignored')
  const until = momentOrNull(wanted, 'until')
  return {
    do: 'ignore',
    reason: reason ?? '',
    ...(until === undefined ? { whileUnchanged: true } : { until }),
  }
}

/** `{country: 'GB'}`: source fields to set. */
function fixOf(value: Value | undefined): Edits | undefined {
  if (value === undefined) return undefined
  if (!isObject(value)) throw invalid('fix must be an object of source fields')
  return { set: Object.entries(value).map(([field, to]) => `${field}:=${JSON.stringify(to)}`) }
}

function textsOf(wanted: DataRecord, name: string): string[] {
  const value = wanted[name]
  if (value === undefined) return []
  if (isList(value) && value.every((one) => typeof one === 'string')) return [...value]
  throw invalid(`${name} must be a list of texts`)
}

function textOrNull(wanted: DataRecord, name: string): string | undefined {
  const value = wanted[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid(`${name} must be a text`)
}

function momentOrNull(wanted: DataRecord, name: string): number | undefined {
  const text = textOrNull(wanted, name)
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw invalid(`${name} must be a date-time, such as 2026-12-01T00:00:00Z`)
  return at
}

export function invalid(problem: string): Fault {
  return new Fault('BODY_INVALID', `${problem}.`)
}
