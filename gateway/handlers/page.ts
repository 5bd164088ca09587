import { Fault } from '../../shared/core/fault'
import type { Answer, Call } from '../call'
import { numberOf, textOf } from './parameter'

/** Pages go from one number to the next; clients get the number as an opaque text. */

export function pageOf(call: Call): { limit: number; after?: number } {
  const limit = Math.min(numberOf(call, 'limit') ?? 100, 1000)
  const text = textOf(call, 'after')
  return text === undefined ? { limit } : { limit, after: numberIn(text) }
}

export function pageAnswer(call: Call, items: readonly object[], next: number | undefined): Answer {
  const token = next === undefined ? undefined : textFor(next)
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
  if (number === undefined)
    throw new Fault('CURSOR_UNKNOWN', '`after` is not a `next` that this gateway gave.', {
      cursor: text.slice(0, 64),
    })
  return Number(number)
}

function nextUrl({ baseUrl, path }: Call, token: string): string {
  // behind the path of the gateway; //v1 taken as a reference would be a host
  const url = new URL(baseUrl + path)
  url.searchParams.set('after', token)
  return url.href
}
