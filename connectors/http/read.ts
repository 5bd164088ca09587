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
import { errorInstead, listsIn, perhapsTheEnd, refusedWith } from './not-records'
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
    assertNextIsFound(settings)
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
    let total: number | undefined
    try {
      let { token, row } = start
      for (;;) {
        const fetched = await this.fetched(paging, await pages.take(token), row - 1)
        const { rows } = fetched
        const told = this.totalOf(fetched)
        doubt ??= fetched.doubt ?? moved(paging, total, told)
        total = told ?? total
        const next = fetched.beyond ? undefined : paging.next(token, fetched)
        loops.check(rows, next, this.place())
        const seen = row - 1 + rows.length
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
      path: token.url === undefined ? path : this.addressFrom(token.url),
      declared: path,
      // an address of the service's own has all that it needs; some refuse it with anything more
      query: token.url === undefined ? { ...table(this.settings, 'query'), ...query } : {},
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
  private async fetched(paging: Paging, reply: Reply, seen: number): Promise<Fetched> {
    const { status, headers: answered } = reply.response
    if (status === paging.endStatus) return { rows: [], content: NO_CONTENT, headers: answered, beyond: true }
    if (reply.fault !== undefined) throw perhapsTheEnd(reply.fault, paging, status, seen)
    return { ...(await this.pageOf(reply)), headers: answered, beyond: false }
  }

  private async pageOf({ response, place }: Reply): Promise<AnswerPage> {
    if (response.status === 204) return { rows: [], content: NO_CONTENT }
    const name = nameOf(place)
    if (this.format !== undefined) return await this.format.read(response, name)
    const body = jsonOf(response, name, this.api.quiet)
    const pointer = text(this.settings, 'records') ?? ''
    const content = jsonContent(body)
    const list = at(body, pointer)
    const error = this.api.quiet(errorInstead(body, list))
    if (error !== '') throw refusedWith(error, response.status, name)
    if (!isList(list)) {
      // services leave an empty list out, or write it as null
      const total = this.totalOf({ content, headers: response.headers })
      if (list === null || total === 0) return { rows: [], content }
      throw noList(body, pointer, name)
    }
    const rows = list.map((value, i) =>
      isObject(value) ? value : notObject(value, `${name} ${pointer}/${i}`),
    )
    return { rows, content }
  }

  /** Credentials go with every call: only addresses of the same service are followed, and never from https to http. */
  private addressFrom(url: string): string {
    const base = new URL(this.api.baseUrl)
    const here = new URL(this.api.url(text(this.settings, 'path') ?? ''))
    // a relative one is meant from this address (RFC 3986, 5) or from the base of the service, as OData has it
    const [beside, below] = [new URL(url, here), new URL(url, this.api.url('/'))]
    const to = beside.pathname === here.pathname ? beside : below
    if (to.host !== base.host) {
      throw new Fault('REDIRECTED', `the listing of ${base.host} goes on at another host, ${to.host}`, {
        host: base.host,
        location: to.host,
      })
    }
    // a service behind a proxy that ends TLS does not know that it is called by https
    if (base.protocol === 'https:') to.protocol = base.protocol
    return to.href
  }

  private totalOf({ content, headers }: Pick<Fetched, 'content' | 'headers'>): number | undefined {
    const where = text(this.settings, 'total')
    if (where === undefined) return undefined
    const found = where.startsWith('/') ? content.text(where).trim() : (headers[where.toLowerCase()] ?? '')
    return /^\d+$/.test(found) ? Number(found) : undefined
  }

  private place(): string {
    return new URL(this.api.baseUrl).host + (text(this.settings, 'path') ?? '')
  }
}

/** @throws Fault DEFINITION_INVALID where the way to the next page is looked for in rows, and the first page would be all */
function assertNextIsFound(settings: DataRecord): void {
  const format = text(settings, 'format')
  const paging = section(settings, 'paging') ?? {}
  const type = text(paging, 'type')
  if ((format !== 'csv' && format !== 'ndjson') || (type !== 'cursor' && type !== 'next')) return
  if (text(paging, 'at')?.startsWith('/') === false) return
  const what = `the paging of ${text(settings, 'path') ?? 'the stream'} has to name a header in \`at\`: beside its records ${format} says nothing`
  throw new Fault('DEFINITION_INVALID', what, { format })
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
  if (last.doubt !== undefined) return { complete: false, ...known, evidence: last.doubt }
  if (total !== undefined) {
    return {
      complete: seen === total,
      ...known,
      evidence: `${seen} records came, the service counts ${total}`,
    }
  }
  if (seen === 0) return { complete: false, evidence: 'the listing is empty and the service gives no total' }
  if (paging.rule.startsWith('one answer') && nextLink(last.headers['link']) !== undefined) {
    return { complete: false, evidence: 'the answer links to a next page, but no paging is declared' }
  }
  return {
    complete: true,
    evidence: `${seen} records, ended by ${last.beyond ? `status ${paging.endStatus ?? ''}` : paging.rule}`,
  }
}

/** Where a record before the next numbered page is deleted, the first one of that page moves up and is never sent. */
function moved({ guess }: Paging, before: number | undefined, now: number | undefined): string | undefined {
  return guess !== undefined && before !== undefined && now !== undefined && now < before
    ? `records were deleted while the pages were read (${before} at first, then ${now}), so that others may have been left out`
    : undefined
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

function notObject(value: Value, place: string): MalformedRow {
  const raw = JSON.stringify(value).slice(0, 4096)
  return new MalformedRow(new Rejection('NOT_A_RECORD', `${place} is not an object`), place, raw)
}

function noList(body: Value, pointer: string, place: string): Fault {
  const lists = listsIn(body)
  const hint = lists.length === 0 ? '' : `; there are lists at ${lists.map((list) => `'${list}'`).join(', ')}`
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
