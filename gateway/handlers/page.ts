import { Fault } from '../../shared/core/fault'
import type { Answer, Call } from '../call'
import { numberOf, textOf } from './parameter'

/** Pages go from the number of their last item on; clients get it as an opaque text. */

export function limitOf(call: Call): number {
  return numberOf(call, 'limit') ?? 100
}

export function pageOf(call: Call): { limit: number; after?: number } {
  const limit = limitOf(call)
  const text = textOf(call, 'after')
  return text === undefined ? { limit } : { limit, after: numberIn(text) }
}

/** @param next the number of the last item, or its id; undefined on the last page */
export function pageAnswer(call: Call, items: readonly object[], next: number | string | undefined): Answer {
  const token = typeof next === 'number' ? textFor(next) : next
  const link = token === undefined ? {} : { link: `<${nextUrl(call, token)}>; rel="next"` }
  return {
    status: 200,
    headers: link,
    content: { json: { items, ...(token === undefined ? {} : { next: token }) } },
  }
}

export function textFor(number: number): string {
  return Buffer.from(`n${String(number)}`).toString('base64url')
}

/** @throws Fault CURSOR_UNKNOWN */
export function numberIn(text: string): number {
  const number = /^n(\d{1,16})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1]
  if (number === undefined) throw cursorUnknown(text)
  return Number(number)
}

export function cursorUnknown(text: string): Fault {
  return new Fault('CURSOR_UNKNOWN', '`after` is not a `next` that this gateway gave.', {
    cursor: text.slice(0, 64),
  })
}

function nextUrl({ baseUrl, path }: Call, token: string): string {
  // behind the path of the gateway; //v1 taken as a reference would be a host
  const url = new URL(baseUrl + path)
  url.searchParams.set('after', token)
  return url.href
}
