import type { Break } from '../reconciliation/break'
import { keyText } from '../record/key'
import type { Store } from '../store'
import type { Choice } from './choice'
import type { Exception, ExceptionFilter, Fix } from './exception'

/** One record that was chosen. */
export interface Chosen {
  /**
   * As an exception has it: the text of its key, or '#' and the hash of its content. Of a break whose key is personal '~' and
   * the hash of its key.
   */
  subject: string
  /** Of its exception, where there is one. */
  exception?: number
  fix?: Fix
  /** Of the record as it was read when it failed. */
  hash?: string
  /** The key of a row that has that of an earlier one: both have to be looked at together. */
  rival?: string
  /** The first run that tried to write it, where it was not refused: `unknown` when it may have written it. */
  attempt?: Attempt
  /** What failed was a delete, or the target's record has no counterpart in the source. */
  targetOnly: boolean
  /** The target has it under another key: sent, it would be there twice. */
  otherKey?: true
  /** It came in a file that somebody sent: the run of that. */
  upload?: string
}

export interface Attempt {
  run: string
  unknown: boolean
}

const PAGE = 1000

/** What the subject of a record begins with that is known by the hash of its key. */
export const KEY_HASH = '~'

/** Takes some 300 bytes of memory for each. */
export async function loadChosen(
  store: Store,
  workflow: { name: string; key: readonly string[] },
  choice: Choice,
): Promise<Chosen[]> {
  if ('reconciliation' in choice) return brokenRecords(store, workflow.key, choice.reconciliation)
  const chosen: Chosen[] = []
  for await (const page of 'ids' in choice ? byId(store, choice.ids) : byFilter(store, workflow.name, choice))
    chosen.push(
      ...page
        .filter(({ workflow: name, state }) => name === workflow.name && state !== 'expired')
        .map(chosenOf),
    )
  return chosen
}

export function chosenOf({ id, subject, fix, last }: Exception): Chosen {
  const chosen: Chosen = {
    subject,
    exception: id,
    hash: last.hash,
    targetOnly: last.operation === 'delete' || last.code === 'BREAK_MISSING_IN_SOURCE',
  }
  if (fix) chosen.fix = fix
  if (last.otherKey === true) chosen.otherKey = true
  if (last.uploaded === true) chosen.upload = last.sentTo ?? last.run
  if (last.key !== undefined && last.key !== subject) chosen.rival = last.key
  const { outcome, seed, run } = last
  if (outcome === 'unknown' || outcome === 'unprocessed')
    chosen.attempt = { run: seed ?? run, unknown: outcome === 'unknown' }
  return chosen
}

async function* byId({ inbox }: Store, ids: readonly number[]): AsyncGenerator<Exception[]> {
  for (const id of ids) {
    const exception = await inbox.exception(id)
    if (exception) yield [exception]
  }
}

async function* byFilter(
  { inbox }: Store,
  workflow: string,
  { filter, upTo }: { filter: ExceptionFilter; upTo: number },
): AsyncGenerator<Exception[]> {
  for (let before = upTo + 1; ;) {
    const page = await inbox.exceptions({ ...filter, workflow }, { limit: PAGE, before })
    yield page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    before = last.id
  }
}

async function brokenRecords(store: Store, key: readonly string[], run: string): Promise<Chosen[]> {
  const found: Chosen[] = []
  for (const kind of ['missing-in-target', 'differs'] as const) {
    for (let after = 0; ;) {
      const page = await store.reconciliations.breaks({ run, kind, state: 'open' }, { limit: PAGE, after })
      for (const one of page) {
        const chosen: Chosen = { subject: subjectOfBreak(one, key), targetOnly: false }
        if (one.otherKey === true) chosen.otherKey = true
        found.push(chosen)
      }
      const last = page.at(-1)
      if (!last || page.length < PAGE) break
      after = last.id
    }
  }
  return found
}

/** Reconciliation may match by other fields than the key. */
function subjectOfBreak({ key, keyHash, source, target }: Break, fields: readonly string[]): string {
  if (keyHash !== undefined) return KEY_HASH + keyHash
  return keyText(source ?? target ?? {}, fields) ?? key
}
