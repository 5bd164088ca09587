import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../shared/adapters/store/sqlite'
import { clock } from '../shared/adapters/clock'
import type { ExceptionFilter, Failure } from '../shared/core/exceptions/exception'
import { Inbox } from '../shared/core/exceptions/inbox'
import type { Store } from '../shared/core/store'
import { median, print } from './lib/comparison'

const WORKFLOWS = ['stock', 'orders', 'patients']
const CAUSES = 200
const PAGE = 50

/** What a person waits for in a full inbox, against the second that they may wait. */
export async function exceptions(rows = 100_000, rounds = 5): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-'))
  const store = openSqliteStore(join(folder, 'state.sqlite'))
  const inbox = new Inbox(store.inbox, clock, () => undefined)
  console.error(
    `${String(rows)} exceptions written in ${(await timed(() => fill(store, rows))).toFixed(1)} s`,
  )
  const group = (await inbox.groups({}))[0]?.fingerprint ?? ''
  await inbox.change({ filter: { fingerprint: group } }, [{ do: 'tag', add: ['supplier'] }], { who: 'bench' })
  const list = (filter: ExceptionFilter) => () => inbox.list({ state: 'open', ...filter }, { limit: PAGE })
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    'list open': list({}),
    'list a group': list({ fingerprint: group }),
    'list by code': list({ code: 'CODE_7' }),
    'list by a tag that few have': list({ tag: 'supplier' }),
    'list by a text that none has': list({ text: 'nowhere' }),
    'list the last page': () => inbox.list({ state: 'open' }, { limit: PAGE, before: PAGE }),
    'count by text': () => inbox.count({ state: 'open', text: 'A99' }),
    'count overdue': () => inbox.count(inbox.overdue({})),
    'group all': () => inbox.groups({ state: 'open' }),
    'group one workflow': () => inbox.groups({ state: 'open', workflow: 'orders' }),
    'group by text': () => inbox.groups({ state: 'open', text: 'A99' }),
  }
  for (const [name, ask] of Object.entries(asked)) {
    const times: number[] = []
    for (let round = 1; round <= rounds; round++) times.push(await timed(ask))
    const ours = median(times)
    print({ bench: `exceptions: ${name}`, peer: 'one second', rows, metric: 'wall', ours, theirs: 1 })
  }
  await store.close()
  rmSync(folder, { recursive: true })
}

async function fill(store: Store, rows: number): Promise<void> {
  const now = clock.now()
  for (let from = 0; from < rows; from += 5000) {
    const some = Array.from({ length: Math.min(5000, rows - from) }, (_, i) => failure(from + i, now))
    await store.inbox.raise(some, 86_400_000)
  }
}

function failure(n: number, now: number): Failure {
  const cause = (n * 7919) % CAUSES
  const workflow = WORKFLOWS[n % WORKFLOWS.length] ?? ''
  const record = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`field_${String(i)}`, `value ${String(n)} of field ${String(i)}`]),
  )
  return {
    run: 'r1',
    workflow,
    row: n,
    place: `${workflow}.csv line ${String(n)}`,
    key: `["A${String(n)}"]`,
    outcome: 'rejected',
    stage: 'write',
    operation: 'upsert',
    code: `CODE_${String(cause % 20)}`,
    message: `field_${LETTERS.charAt(cause % 26)}${LETTERS.charAt(cause % 25)}: value "${String(n)}" is not allowed here`,
    pointer: `/field_${String(cause % 12)}`,
    record,
    sent: record,
    hash: n.toString(16).padStart(16, '0'),
    at: now - (n % 10) * 86_400_000,
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** Seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
