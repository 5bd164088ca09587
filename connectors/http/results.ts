import type { ErrorCode } from '../../shared/contract/errors'
import type { Answer, SyncMode, Write } from '../../shared/core/connector'
import type { HttpResponse } from '../../shared/core/ports'
import { isList, isObject, textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import { maybeContent } from './answer'
import { maybeJson } from './body'
import { errorIn } from './not-records'
import { jsonContent, type Content } from './content'
import { section, text } from '../../shared/core/settings'
import { shortened } from '../../shared/core/words'
import { texts } from './settings'

/** How the answer of a service is to be read: what became of each record. */
export interface Understanding {
  settings: DataRecord
  mode: SyncMode
}

const HARMLESS_WORDS = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  deleted: 'deleted',
} as const

/** One answer per write of a batch that was taken with a 2xx. What nobody understands is `unknown`. */
export async function batchAnswers(
  response: HttpResponse,
  writes: readonly Write[],
  { settings, mode }: Understanding,
): Promise<Answer[]> {
  const declared = section(settings, 'results')
  if (declared !== undefined) {
    return declaredAnswers(await maybeContent(response, settings), writes, declared, mode)
  }
  if (text(settings, 'results') === 'all' && response.status !== 207) {
    const error = errorIn(maybeJson(response))
    return error === ''
      ? writes.map((write) => taken(write, mode))
      : unknownAll(writes, failedAll(response, error))
  }
  return (
    ownAnswers(maybeJson(response), writes, mode) ??
    unknownAll(writes, 'the answer does not say what became of the records')
  )
}

/**
 * What the body of a 2xx says of the one record that was sent; undefined where that is left to the status: `results.status`
 * is not there, and no error is told.
 */
export function singleAnswer(
  response: HttpResponse,
  content: Content,
  write: Write,
  { settings, mode }: Understanding,
): Answer | undefined {
  const declared = section(settings, 'results') ?? {}
  const place = text(declared, 'at') ?? ''
  const whole = content.find(place)
  const list = place !== '' || isList(whole) ? content.list(place) : undefined
  const item = list === undefined ? whole : list.length === 1 ? list[0] : undefined
  const status = text(declared, 'status')
  if (item !== undefined && status !== undefined && content.field(item, status) !== '')
    return itemAnswer({ content, item, declared }, write, mode)
  const error = errorIn(content.find(''))
  return error === '' ? undefined : { outcome: 'unknown', message: failedAll(response, error) }
}

function failedAll({ status }: HttpResponse, error: string): string {
  return `the service answered ${status} with an error: ${error}`
}

/** Answers that need no declaration: a list as long as the batch whose every item has a status (207 and its like). */
function ownAnswers(body: Value | undefined, writes: readonly Write[], mode: SyncMode): Answer[] | undefined {
  const lists = isList(body) ? [body] : isObject(body) ? Object.values(body).filter(isList) : []
  const [list] = lists
  if (list === undefined || lists.length !== 1 || list.length !== writes.length) return undefined
  const statuses = list.map((item) =>
    isObject(item) ? statusOf(textOf(item['status'] ?? item['statusCode'])) : undefined,
  )
  if (statuses.some((status) => status === undefined)) return undefined
  const content = jsonContent(body)
  return writes.map((write, index) =>
    statusAnswer(statuses[index] ?? 0, write, mode, said(content, list[index], {})),
  )
}

function declaredAnswers(
  content: Content,
  writes: readonly Write[],
  declared: DataRecord,
  mode: SyncMode,
): Answer[] {
  const list = content.list(text(declared, 'at') ?? '')
  if (list === undefined)
    return unknownAll(writes, `the answer has no list at '${text(declared, 'at') ?? ''}'`)
  const find = text(declared, 'match') === 'id' ? byId(content, list, declared) : byIndex(list, writes.length)
  return writes.map((write, index) => {
    const item = find(write, index)
    if (item === undefined) return { outcome: 'unknown', message: 'the answer has no result for this record' }
    return itemAnswer({ content, item, declared }, write, mode)
  })
}

type Find = (write: Write, index: number) => Value | undefined

/** By position only when there is exactly one result per record: else nobody knows which is whose. */
function byIndex(list: readonly Value[], expected: number): Find {
  return list.length === expected ? (_, index) => list[index] : () => undefined
}

/** By the key of the record; a key that comes twice with results that differ says nothing. */
function byId(content: Content, list: readonly Value[], declared: DataRecord): Find {
  const places = texts(declared, 'id')
  const byName = new Map<string, Value | undefined>()
  for (const item of list) {
    const name = JSON.stringify(places.map((place) => content.field(item, place)))
    byName.set(name, byName.has(name) ? undefined : item)
  }
  return ({ key }) => byName.get(JSON.stringify(Object.values(key).map(textOf)))
}

/** What an answer says of one record, and how it is to be read. */
interface Said {
  content: Content
  item: Value
  declared: DataRecord
}

function itemAnswer({ content, item, declared }: Said, write: Write, mode: SyncMode): Answer {
  const message = said(content, item, declared)
  const place = text(declared, 'status')
  const word = place === undefined ? '' : content.field(item, place)
  const known = wordAnswer(word)
  if (known !== undefined) return known
  const ok = texts(declared, 'ok')
  if (ok.includes(word)) return taken(write, mode)
  const at = text(declared, 'pointer')
  const pointer = at === undefined ? '' : content.field(item, at)
  const status = statusOf(word)
  if (status !== undefined) return withPointer(statusAnswer(status, write, mode, message), pointer)
  if (ok.length > 0 && word !== '')
    return withPointer({ outcome: 'rejected', code: 'RECORD_REFUSED', message: message || word }, pointer)
  return { outcome: 'unknown', message: `the status '${shortened(word, 50)}' of the result is not known` }
}

function wordAnswer(word: string): Answer | undefined {
  const outcome = Object.entries(HARMLESS_WORDS).find(([name]) => name === word.toLowerCase())?.[1]
  return outcome === undefined ? undefined : { outcome }
}

/** What an HTTP status says of one record. */
export function statusAnswer(status: number, write: Write, mode: SyncMode, message: string): Answer {
  const { operation } = write
  if (status === 201 && operation !== 'delete') return { outcome: 'created' }
  if (status === 304) return { outcome: 'unchanged' }
  if (status === 202) return taken(write, mode)
  if (status >= 200 && status < 300) return changed(write, mode)
  if (
    status === 408 ||
    status === 423 ||
    status === 425 ||
    status === 429 ||
    (status >= 500 && status !== 501)
  ) {
    return { outcome: 'retry' }
  }
  if (status === 404 || status === 410) {
    if (operation === 'delete' || mode === 'update-only') return { outcome: 'skipped', reason: 'absent' }
    return rejected('RECORD_NOT_THERE', status, message)
  }
  if (status === 409 || status === 412) {
    if (operation === 'insert' && mode === 'insert-only') return { outcome: 'skipped', reason: 'exists' }
    return rejected('RECORD_CONFLICT', status, message)
  }
  if (status >= 400 && status < 500) return rejected('RECORD_REFUSED', status, message)
  return { outcome: 'unknown', message: `status ${status} is not known` }
}

/** What a 2xx other than 201 says that is of this record (RFC 9110, 9.3.4: 201 where there was none). */
function changed({ operation }: Write, mode: SyncMode): Answer {
  if (operation === 'delete') return { outcome: 'deleted' }
  return { outcome: operation === 'insert' || mode === 'append' ? 'created' : 'updated' }
}

/** The service took the record and does not say whether it had it: new, as far as the core knows. */
function taken(write: Write, mode: SyncMode): Answer {
  const upserts = write.operation === 'upsert' && mode !== 'append'
  return upserts && write.exists !== true ? ASSUMED : changed(write, mode)
}

// one for all records: a batch has many of them
const ASSUMED: Answer = { outcome: 'created', assumed: true }

function rejected(code: ErrorCode, status: number, message: string): Answer {
  return {
    outcome: 'rejected',
    code,
    message: `the service refused the record (${status})${message === '' ? '' : `: ${message}`}`,
  }
}

function withPointer(answer: Answer, pointer: string): Answer {
  return answer.outcome === 'rejected' && pointer !== '' ? { ...answer, pointer } : answer
}

/** The service's own code and message. */
export function said(content: Content, item: Value | undefined, declared: DataRecord): string {
  const code = content.field(item, text(declared, 'code') ?? 'code')
  const message = content.field(item, text(declared, 'message') ?? 'message')
  return shortened([code, message].filter((part) => part !== '').join(': '), 500)
}

function statusOf(text: string): number | undefined {
  const status = Number(text.split(' ')[0])
  return Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined
}

function unknownAll(writes: readonly Write[], message: string): Answer[] {
  return writes.map(() => ({ outcome: 'unknown', message }))
}
