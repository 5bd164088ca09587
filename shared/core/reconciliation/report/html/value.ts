import type { Value } from '../../../record/value'
import { valueText } from '../../../words'
import { markup, type Markup } from './markup'

const SPACES = /^\s+|\s+$|\s{2,}|[\u00a0\u2000-\u200f\u202f\u2060\ufeff]/gu

/** A value as data holds it: what is not there is told apart, and spaces that nobody would see are shown. */
export function value(data: Value | undefined): Markup {
  const text = valueText(data)
  if (data === undefined || data === null || data === '') return markup`<i class="off">${text}</i>`
  const parts: Markup[] = []
  let at = 0
  for (const { 0: spaces, index } of text.matchAll(SPACES)) {
    parts.push(
      markup`${text.slice(at, index)}<span class="ws" title="spaces">${'\u00b7'.repeat(spaces.length)}</span>`,
    )
    at = index + spaces.length
  }
  return markup`${parts}${text.slice(at)}`
}
