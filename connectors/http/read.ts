import {
  MalformedRow,
  type ListingEnd,
  type Page,
  type ReadRequest,
  type Source,
} from '../../shared/core/connector'
import { cursorMs } from '../../shared/core/bulk-sync/cursor-value'
import { Fault } from '../../shared/core/fault'
import { Rejection } from '../../shared/core/record/rejection'
import { isList, isObject, type DataRecord, type Value } from '../../shared/core/record/value'
import { pageFormatOf, type AnswerPage, type PageFormat } from './answer'
import type { Api, Reply } from './api'
import { jsonOf } from './body'
import { jsonContent, NO_CONTENT } from './content'
import { lookupBy } from './lookup'
import { LoopGuard } from './loop-guard'
import { nextLink, pagingOf, parametersOf, type Paging, type Token } from './paging'
import { at } from './pointer'
import { ReadAhead } from './read-ahead'
import { RequestBody, type ParameterKind } from './request-body'
import { section, text } from '../../shared/core/settings'
import { headers, table } from './settings'
import { nameOf } from './status'

interface Position {
  token: Token
  row: number
}

interface Fetched extends AnswerPage {
  headers: Readonly<Record<string, string>>
  /** Beyond the last page, by the status that the paging declares for it. */
  beyond: boolean
}

export function source(api: Api, settings: DataRecord, key: readonly string[], ahead: number): Source {
  const reader = new Reader(api, settings, ahead)
  const lookup = section(settings, 'lookup')
  return {
    address: api.address(text(settings, 'path') ?? ''),
    typed: reader.format?.typed ?? true,
    read: (request) => reader.read(request),
    ...(lookup === undefined ? {} : { lookup: (keys) => lookupBy(api, lookup, { key, settings }, keys) }),
  }
}

class Reader {
  /** Undefined for JSON. */
  readonly format: PageFormat | undefined
  private readonly body: RequestBody | undefined

  constructor(
    private readonly api: Api,
    private readonly settings: DataRecord,
    private readonly ahead: number,
  ) {
    this.format = pageFormatOf(settings)
    const body = settings['body']
    this.body = body === undefined ? undefined : new RequestBody(body, parametersIn(settings))
  }

  async *read(request: ReadRequest): AsyncGenerator<Page> {
    const paging = pagingOf(section(this.settings, 'paging') ?? {}, request.pageSize)
    const start: Position =
      request.after === undefined ? { token: paging.first, row: 1 } : parsePosition(request.after)
    const pages = new ReadAhead(
      (token, signal) => this.fetch(token, request, signal),
      paging,
      this.ahead,
      request.signal,
    )
    const loops = new LoopGuard()
    let doubt: string | undefined
    try {
      let { token, row } = start
      for (;;) {
        const fetched = await this.fetched(paging, await pages.take(token))
        const { rows } = fetched
        doubt ??= fetched.doubt
        const next = fetched.beyond ? undefined : paging.next(token, fetched)
        loops.check(rows, next, this.place())
        const seen = row - 1 + rows.length
        const total = this.totalOf(fetched)
        const done =
          next === undefined ||
          (total !== undefined && rows.length > 0 && seen === total && paging.guess !== undefined)
        yield {
          rows,
          firstRow: row,
          position: JSON.stringify({ token: next ?? token, row: seen + 1 } satisfies Position),
          ...(done ? { end: listingEnd(paging, { ...fetched, doubt }, seen, total) } : {}),
        }
        if (done) return
        token = next
        row = seen + 1
      }
    } finally {
      pages.close()
    }
  }

  private fetch(token: Token, request: ReadRequest, signal: AbortSignal): Promise<Reply> {
    const path = text(this.settings, 'path') ?? ''
    const parameters = { ...since(this.settings, request), ...token.query }
    const { body, query = parameters } = this.body?.fill(parameters) ?? {}
    return this.api.call({
      method: text(this.settings, 'method') ?? 'GET',
      path: token.url === undefined ? path : addressFrom(token.url, this.api.baseUrl),
      declared: path,
      query: {
        ...(token.url === undefined ? table(this.settings, 'query') : {}),
        ...query,
      },
      headers: {
        ...(this.format === undefined ? {} : { accept: `${this.format.accept}, */*;q=0.1` }),
        ...(this.body === undefined ? {} : { 'content-type': this.body.contentType }),
        ...headers(this.settings),
      },
      ...(body === undefined ? {} : { body }),
      // Reading changes nothing, whatever the method.
      repeatable: true,
      use: 'read',
      signal,
    })
  }

  /** When its turn comes: until then a page waits as bytes, which are no work for the garbage collector. */
  private async fetched(paging: Paging, reply: Reply): Promise<Fetched> {
    const { status, headers: answered } = reply.response
    if (status === paging.endStatus) return { rows: [], content: NO_CONTENT, headers: answered, beyond: true }
    if (reply.fault !== undefined) throw reply.fault
    return { ...(await this.pageOf(reply)), headers: answered, beyond: false }
  }

  private async pageOf({ response, place }: Reply): Promise<AnswerPage> {
    if (response.status === 204) return { rows: [], content: NO_CONTENT }
    const name = nameOf(place)
    if (this.format !== undefined) return await this.format.read(response, name)
    const body = jsonOf(response, name)
    const pointer = text(this.settings, 'records') ?? ''
    const list = at(body, pointer)
    if (!isList(list)) throw noList(body, pointer, name)
    const rows = list.map((value, i) =>
      isObject(value) ? value : notObject(value, `${name} ${pointer}/${i}`),
    )
    return { rows, content: jsonContent(body) }
  }

  private totalOf({ content, headers }: Fetched): number | undefined {
    const where = text(this.settings, 'total')
    if (where === undefined) return undefined
    const found = where.startsWith('/') ? content.text(where).trim() : (headers[where.toLowerCase()] ?? '')
    return /^\d+$/.test(found) ? Number(found) : undefined
  }

  private place(): string {
    return new URL(this.api.baseUrl).host + (text(this.settings, 'path') ?? '')
  }
}

/** Parameters that may have their place in a body. */
function parametersIn(settings: DataRecord): Map<string, ParameterKind> {
  const parameters = parametersOf(section(settings, 'paging') ?? {})
  const declared = section(settings, 'since') ?? {}
  const time = text(declared, 'parameter')
  if (time === undefined) return parameters
  return parameters.set(time, text(declared, 'format')?.startsWith('epoch') === true ? 'number' : 'text')
}

function listingEnd(paging: Paging, last: Fetched, seen: number, total: number | undefined): ListingEnd {
  const known = total === undefined ? {} : { total }
  if (total !== undefined) {
    return {
      complete: seen === total,
      ...known,
      evidence: `${seen} records came, the service counts ${total}`,
    }
  }
  if (last.doubt !== undefined) return { complete: false, evidence: last.doubt }
  if (seen === 0) return { complete: false, evidence: 'the listing is empty and the service gives no total' }
  if (paging.rule.startsWith('one answer') && nextLink(last.headers['link']) !== undefined) {
    return { complete: false, evidence: 'the answer links to a next page, but no paging is declared' }
  }
  return {
    complete: true,
    evidence: `${seen} records, ended by ${last.beyond ? `status ${paging.endStatus ?? ''}` : paging.rule}`,
  }
}

function since(settings: DataRecord, request: ReadRequest): Record<string, string> {
  const declared = section(settings, 'since')
  const parameter = declared === undefined ? undefined : text(declared, 'parameter')
  if (declared === undefined || parameter === undefined || request.since === undefined) return {}
  return { [parameter]: timeAs(text(declared, 'format'), request.since.value) }
}

/** Never later than the value, whatever zone the service or this machine is in. */
function timeAs(format: string | undefined, value: string): string {
  const ms = format === undefined || format === 'iso' ? undefined : cursorMs(value)
  if (ms === undefined) return value
  if (format === 'epochMs') return String(ms)
  if (format === 'epochSeconds') return String(Math.floor(ms / 1000))
  const [utc, written] = [new Date(ms).toISOString().slice(0, 10), value.slice(0, 10)]
  return written < utc ? written : utc
}

/** Credentials go with every call: only addresses of the same service are followed. */
function addressFrom(url: string, baseUrl: string): string {
  const to = new URL(url, baseUrl.replace(/\/?$/, '/'))
  const { host } = new URL(baseUrl)
  if (to.host !== host) {
    throw new Fault('REDIRECTED', `the listing of ${host} goes on at another host, ${to.host}`, {
      host,
      location: to.host,
    })
  }
  return to.href
}

function notObject(value: Value, place: string): MalformedRow {
  const raw = JSON.stringify(value).slice(0, 4096)
  return new MalformedRow(new Rejection('RECORD_REFUSED', `${place} is not an object`), place, raw)
}

function noList(body: Value, pointer: string, place: string): Fault {
  const lists = isObject(body) ? Object.keys(body).filter((name) => isList(body[name])) : []
  const hint = lists.length === 0 ? '' : `; there are lists at ${lists.map((name) => '/' + name).join(', ')}`
  return new Fault(
    'ANSWER_UNREADABLE',
    `${place}: no list of records at '${pointer}'${hint}; name the place in \`records\` of the stream`,
    { place, records: pointer, lists: lists.join(', ') },
  )
}

function parsePosition(position: string): Position {
  const value: unknown = JSON.parse(position)
  if (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    'row' in value &&
    typeof value.row === 'number'
  ) {
    const { token, row } = value
    if (typeof token === 'object' && token !== null) return { token, row }
  }
  throw new Fault('SOURCE_CHANGED', 'the saved position is not one of this connector')
}
