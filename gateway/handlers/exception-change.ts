import type { Change } from '../../shared/core/exceptions/change'
import type { Edits } from '../../shared/core/exceptions/fix'
import { Fault } from '../../shared/core/fault'
import { toPointer } from '../../shared/core/mapping/path'
import { isList, isObject, type DataRecord, type Value } from '../../shared/core/record/value'
import type { Call } from '../call'
import type { FieldProblem } from '../problem'
import { editsOf } from '../jobs/options'
import { invalid } from '../refused-body'

/** What a client asks to change of exceptions: `ExceptionChange` of the contract. */
export interface WantedChange {
  changes: readonly Change[]
  fix: Edits | undefined
}

export async function bodyOf(call: Call): Promise<DataRecord> {
  const value = await call.body.json()
  if (isObject(value)) return { ...value }
  throw invalid('#', 'the body must be a JSON object')
}

/** A change, and where in the body it stands. */
interface Wanted {
  change: DataRecord
  at: string
}

/**
 * In the order in which they happen.
 * @param at pointer to where it stands in the body
 * @throws RefusedBody
 */
export function changeOf(value: Value | undefined, at = '#'): WantedChange {
  if (!isObject(value)) throw invalid(at, 'must be an object')
  const change: DataRecord = { ...value }
  const wanted: Wanted = { change, at }
  const changes: Change[] = []
  const add = textsOf(wanted, 'addTags')
  const remove = textsOf(wanted, 'removeTags')
  if (add.length + remove.length > 0) changes.push({ do: 'tag', add, remove })
  const to = textOrNull(wanted, 'assignee')
  if ('assignee' in change) changes.push(to === undefined ? { do: 'assign' } : { do: 'assign', to })
  const due = momentOrNull(wanted, 'due')
  if ('due' in change) changes.push(due === undefined ? { do: 'due' } : { do: 'due', at: due })
  const comment = textOrNull(wanted, 'comment')
  if (comment !== undefined) changes.push({ do: 'comment', text: comment })
  const state = stateChange(wanted)
  if (state) changes.push(state)
  return { changes, fix: fixOf(wanted) }
}

/** Pointers to where a change and the edits that it makes stand in a body. */
interface Asked {
  at: string
  edits: string
}

/** Does what a body asks for; what is wrong with it is told with the fields at fault. */
export async function asAsked<Done>(asked: Asked, work: () => Done | Promise<Done>): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    const fields = error instanceof Fault ? fieldsOf(error, asked) : undefined
    throw fields && error instanceof Fault ? Object.assign(error, { fields }) : error
  }
}

function fieldsOf({ code, detail, evidence }: Fault, { at, edits }: Asked): FieldProblem[] | undefined {
  const { field } = evidence
  const inside = toPointer(typeof field === 'string' ? [field] : [])
  if (code === 'EXCEPTION_CHANGE_INVALID') return [{ pointer: at + inside, detail }]
  if (code === 'FIX_INVALID' || code === 'FIX_PERSONAL') return [{ pointer: edits + inside, detail }]
  return undefined
}

function stateChange(wanted: Wanted): Change | undefined {
  const { state } = wanted.change
  const reason = textOrNull(wanted, 'reason')
  if (state === undefined) return undefined
  if (state === 'open') return { do: 'reopen' }
  if (state === 'resolved')
    return reason === undefined ? { do: 'resolve' } : { do: 'resolve', comment: reason }
  if (state !== 'ignored') throw invalid(`${wanted.at}/state`, 'must be open, resolved or ignored')
  const until = momentOrNull(wanted, 'until')
  return {
    do: 'ignore',
    reason: reason ?? '',
    ...(until === undefined ? { whileUnchanged: true } : { until }),
  }
}

/** `{country: 'GB'}`: source fields to set. */
function fixOf({ change, at }: Wanted): Edits | undefined {
  const value = change['fix']
  if (value === undefined) return undefined
  if (!isObject(value)) throw invalid(`${at}/fix`, 'must be an object of source fields')
  return editsOf({ ...value })
}

function textsOf({ change, at }: Wanted, name: string): string[] {
  const value = change[name]
  if (value === undefined) return []
  if (isList(value) && value.every((one) => typeof one === 'string')) return [...value]
  throw invalid(`${at}/${name}`, 'must be a list of texts')
}

function textOrNull({ change, at }: Wanted, name: string): string | undefined {
  const value = change[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid(`${at}/${name}`, 'must be a text')
}

function momentOrNull(wanted: Wanted, name: string): number | undefined {
  const text = textOrNull(wanted, name)
  if (text === undefined) return undefined
  const moment = Date.parse(text)
  if (Number.isNaN(moment))
    throw invalid(`${wanted.at}/${name}`, 'must be a date-time, such as 2026-12-01T00:00:00Z')
  return moment
}
