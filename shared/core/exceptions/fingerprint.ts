import { Hasher } from '../record/hash'
import type { Failure } from './exception'

/** Another algorithm is another version: the groups that people know keep theirs. */
const VERSION = 'v1'

/**
 * The group that a failure belongs to: failures with the same cause have the same fingerprint, whatever the values of
 * their records. Of workflow, code, stage, field and normalised message.
 */
export function fingerprintOf(failure: Failure): string {
  const { workflow, code, stage, message } = failure
  const parts = [workflow, code, stage, fieldOf(failure) ?? '', normalised(message)]
  return `${VERSION}:${new Hasher().text(JSON.stringify(parts)).hex()}`
}

/** The field that a failure is about, without the places in lists: `lines/qty` for `/lines/3/qty`. */
export function fieldOf({ pointer }: Pick<Failure, 'pointer'>): string | undefined {
  const names = (pointer ?? '')
    .split('/')
    .filter((name) => name !== '' && !/^\d+$/.test(name))
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.length === 0 ? undefined : names.join('/')
}

/** A value that stands for any other in its place. */
const ANY = '?'

/** What differs between two records that fail for the same reason. An apostrophe within a word is no quote. */
const VALUES: readonly RegExp[] = [
  /"(?:[^"\\]|\\.)*"/g,
  /`[^`]*`/g,
  /“[^”]*”|«[^»]*»|„[^“”]*[“”]/g,
  /(?<![\p{L}\p{N}])'(?:[^'\\]|\\.|'(?=\p{L}))*'(?!\p{L})/gu,
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  // any word with a digit: numbers, uuids, dates and times, article numbers
  /[\p{L}\p{N}_#$€£+-]*\p{N}(?:[\p{L}\p{N}_%+-]|[.,:/](?=[\p{L}\p{N}]))*/gu,
  // the mask of a personal value
  /\*{3,}|#{3,}/g,
]

function normalised(message: string): string {
  let text = message
  for (const value of VALUES) text = text.replace(value, ANY)
  return text.replace(/\s+/g, ' ').trim().toLowerCase()
}
