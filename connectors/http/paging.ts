import { MalformedRow } from '../../shared/core/connector'
import { Fault } from '../../shared/core/fault'
import { textOf, type DataRecord, type Value } from '../../shared/core/record/value'
import type { Row } from '../../shared/core/format/format'
import type { Content } from './content'
import { at } from './pointer'
import { choice, number, text } from '../../shared/core/settings'
import type { ParameterKind } from './request-body'

/** What asks for one page: query parameters, or an address that the service named. Saved as a position. */
export interface Token {
  query?: Readonly<Record<string, string>>
  url?: string
}

interface PageAnswer {
  rows: readonly Row[]
  content: Content
  headers: Readonly<Record<string, string>>
}

export interface Paging {
  first: Token
  /** The page after this one; undefined when it was the last by the rule of this kind of paging. */
  next(token: Token, answer: PageAnswer): Token | undefined
  /** What `next` will probably be, known before the answer; only where pages are numbered. */
  guess?: (token: Token) => Token
  /** Beyond the last page the service answers this status. */
  endStatus?: number
  /** How the end is recognised, in words. */
  rule: string
}

const DEFAULT_SIZE = 500

/** The parameter that asks for a page, where nothing is said. */
const NAMES = { page: 'page', offset: 'offset', cursor: 'cursor', keyset: 'after' } as const

/** Names of the parameters that ask for a page. */
export function parametersOf(settings: DataRecord): Map<string, ParameterKind> {
  const type = choice(settings, 'type', ['page', 'offset', 'cursor', 'keyset'])
  const size = text(settings, 'sizeParameter')
  const found = new Map<string, ParameterKind>(size === undefined ? [] : [[size, 'number']])
  if (type === undefined) return found
  return found.set(
    text(settings, 'parameter') ?? NAMES[type],
    type === 'page' || type === 'offset' ? 'number' : 'text',
  )
}

export function pagingOf(settings: DataRecord, pageSize: number): Paging {
  const endStatus = number(settings, 'endStatus')
  return { ...pagingBy(settings, pageSize), ...(endStatus === undefined ? {} : { endStatus }) }
}

function pagingBy(settings: DataRecord, pageSize: number): Paging {
  const size = number(settings, 'size') ?? (pageSize > 0 ? pageSize : DEFAULT_SIZE)
  const sizeName = text(settings, 'sizeParameter')
  const base: Record<string, string> = sizeName === undefined ? {} : { [sizeName]: String(size) }
  const parameter = (otherwise: string) => text(settings, 'parameter') ?? otherwise

  switch (text(settings, 'type')) {
    case 'page':
      return counting(base, parameter(NAMES.page), number(settings, 'first') ?? 1, () => 1, 1)
    case 'offset':
      return counting(base, parameter(NAMES.offset), number(settings, 'first') ?? 0, (rows) => rows, size)
    case 'cursor':
      return cursor(base, parameter(NAMES.cursor), text(settings, 'at') ?? '/next_cursor')
    case 'link':
      return addressed(base, 'no Link header with rel="next"', ({ headers }) => nextLink(headers['link']))
    case 'next':
      return nextAddress(base, text(settings, 'at') ?? '/next')
    case 'keyset':
      return keyset(base, parameter(NAMES.keyset), text(settings, 'field') ?? 'id')
    case 'none':
    case undefined:
    default:
      return { first: { query: base }, next: () => undefined, rule: 'one answer without paging' }
  }
}

/**
 * Page numbers or offsets. A short page is not the end: services lower the size that was asked for. The end is an
 * empty page.
 */
function counting(
  base: Record<string, string>,
  name: string,
  first: number,
  step: (rows: number) => number,
  usualStep: number,
): Paging {
  const token = (value: number): Token => ({ query: { ...base, [name]: String(value) } })
  const after = (from: Token, by: number) => token(Number(from.query?.[name]) + by)
  return {
    first: token(first),
    next: (from, { rows }) => (rows.length === 0 ? undefined : after(from, step(rows.length))),
    guess: (from) => after(from, usualStep),
    rule: 'an empty page',
  }
}

function cursor(base: Record<string, string>, name: string, place: string): Paging {
  return {
    first: { query: base },
    next: (from, { content, rows }) => {
      const value = named(content, place)
      // many services name a cursor on their last page, too, and from there on the same one
      if (value === undefined || (rows.length === 0 && value === from.query?.[name])) return undefined
      return { query: { ...base, [name]: value } }
    },
    rule: `no cursor at ${place}`,
  }
}

function nextAddress(base: Record<string, string>, place: string): Paging {
  return addressed(base, `no address at ${place}`, ({ content }) => named(content, place))
}

/** Services write that there is no next page as nothing, `null`, `false` or, in a header, the word `null`. */
function named(content: Content, place: string): string | undefined {
  const value = content.text(place)
  return ['', 'false', 'null'].includes(value.trim()) ? undefined : value
}

function addressed(
  base: Record<string, string>,
  rule: string,
  find: (answer: PageAnswer) => string | undefined,
): Paging {
  return {
    first: { query: base },
    next: (_, answer) => {
      const url = find(answer)
      return url === undefined ? undefined : { url }
    },
    rule,
  }
}

/** Each page asks for the records after the last one of the page before. */
function keyset(base: Record<string, string>, name: string, field: string): Paging {
  return {
    first: { query: base },
    next: (_, { rows }) => {
      const last = rows.at(-1)
      return last === undefined ? undefined : { query: { ...base, [name]: lastKey(last, field) } }
    },
    rule: 'an empty page',
  }
}

/** @throws Fault ANSWER_UNREADABLE where a record has nothing to go on from: what comes after it could not be asked for */
function lastKey(last: Row, field: string): string {
  const key = last instanceof MalformedRow ? '' : textOf(fieldOf(last, field))
  if (key !== '') return key
  throw new Fault(
    'ANSWER_UNREADABLE',
    `the last record of a page has no ${field}, from which the next page is asked for; name another field in \`paging.field\``,
    { field },
  )
}

function fieldOf(record: DataRecord, field: string): Value | undefined {
  return field.startsWith('/') ? at(record, field) : record[field]
}

/** The target of rel="next" in a Link header (RFC 8288). */
export function nextLink(header: string | undefined): string | undefined {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[^,;]+)*)/g)) {
    if (/;\s*rel\s*=\s*"?[^";]*\bnext\b/i.test(parameters)) return target
  }
  return undefined
}
