import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { openSqliteStore } from '../../../shared/adapters/store/sqlite'
import { without } from '../../../shared/core/exceptions/lifecycle'
import { Decimal } from '../../../shared/core/record/decimal'
import { folderWith } from '../../support/folder'
import { DAY, failure, InboxBench } from '../../support/failures'
import { Bench } from '../../support/run-sync'

const KIM = { who: 'kim' }

describe('the list', () => {
  it('is newest first, page by page', async () => {
    const { inbox } = await InboxBench.with(...Array.from({ length: 5 }, (_, i) => failure(i)))
    const first = await inbox.list({}, { limit: 2 })
    expect(first.map(({ subject }) => subject)).toEqual(['["A4"]', '["A3"]'])
    const next = await inbox.list({}, { limit: 2, before: first[1]?.id ?? 0 })
    expect(next.map(({ subject }) => subject)).toEqual(['["A2"]', '["A1"]'])
  })

  it('filters by everything that people ask for', async () => {
    const bench = await InboxBench.with(
      failure(1),
      failure(2, { workflow: 'orders', run: 'r2' }),
      failure(3, { code: 'RECORD_REFUSED', message: 'unit 100% unknown' }),
      failure(4, { at: Date.UTC(2025, 0, 1) }),
    )
    const { inbox } = bench
    await inbox.change(
      { ids: [1] },
      [
        { do: 'assign', to: 'kim' },
        { do: 'tag', add: ['a, "b"', 'c'] },
      ],
      KIM,
    )
    await inbox.change({ ids: [2] }, [{ do: 'resolve' }], KIM)
    const ids = async (filter: Parameters<typeof inbox.list>[0]): Promise<number[]> => {
      const found = await inbox.list(filter, { limit: 10 })
      expect(await inbox.count(filter)).toBe(found.length)
      return found.map(({ id }) => id)
    }
    expect(await ids({ workflow: 'orders' })).toEqual([2])
    expect(await ids({ state: 'open' })).toEqual([4, 3, 1])
    expect(await ids({ code: 'RECORD_REFUSED' })).toEqual([3])
    expect(await ids({ run: 'r2' })).toEqual([2])
    expect(await ids({ assignee: 'kim' })).toEqual([1])
    expect(await ids({ tag: 'a, "b"' })).toEqual([1])
    expect(await ids({ text: 'a3' })).toEqual([3])
    expect(await ids({ text: '100%' })).toEqual([3])
    expect(await ids({ text: '_' })).toEqual([])
    expect(await ids(inbox.overdue({}))).toEqual([4])
    expect(await ids({ state: 'open', text: 'must be', workflow: 'stock' })).toEqual([4, 1])
    const [group] = await inbox.groups({ code: 'RECORD_REFUSED' })
    expect(await ids({ fingerprint: group?.fingerprint ?? '' })).toEqual([3])
  })

  it('keeps every digit of a record', async () => {
    const { inbox } = await InboxBench.with(
      failure(1, { record: { price: Decimal.ofDigits('0.10000000000000000001') } }),
    )
    const { exception } = await inbox.show(1)
    expect(JSON.stringify(exception.last.record)).toBe('{"price":0.10000000000000000001}')
  })
})

test('a personal key is masked wherever it is read, and its exception is found and changed all the same', async () => {
  const bench = await InboxBench.with(failure(1), failure(2))
  const { inbox } = bench
  bench.personal = ['sku']
  const shown = ['["***"]', '["***"]']
  expect((await inbox.list({ text: 'A' }, { limit: 5 })).map(({ subject }) => subject)).toEqual(shown)
  for await (const page of inbox.all({})) expect(page.map(({ last }) => last.key)).toEqual(shown)
  await inbox.change({ filter: {} }, [{ do: 'comment', text: 'x' }], KIM)
  expect(JSON.stringify(await inbox.show(1))).not.toContain('["A1"]')
  expect(await bench.store.inbox.subjects('stock')).toEqual(['["A1"]', '["A2"]'])
})

describe('groups', () => {
  it('are one line for each cause, the largest first, with what is new by day', async () => {
    const bench = new InboxBench()
    const now = bench.clock.now()
    await bench.raise(
      failure(1, { at: now - 6.5 * DAY, message: 'qty 1 is odd' }),
      failure(2, { at: now - 1.5 * DAY, message: 'qty 2 is odd' }),
      failure(3, { at: now, message: 'qty 3 is odd' }),
      failure(4, { at: now - 30 * DAY, message: 'qty 4 is odd' }),
      failure(5, { at: now, code: 'KEY_MISSING' }),
    )
    await bench.inbox.change({ ids: [1, 2] }, [{ do: 'assign', to: 'kim' }], KIM)
    await bench.inbox.change({ ids: [3] }, [{ do: 'assign', to: 'jo' }], KIM)
    expect(await bench.inbox.groups({ state: 'open' })).toMatchObject([
      {
        workflow: 'stock',
        code: 'VALIDATION_FAILED',
        stage: 'validate',
        field: 'qty',
        message: 'qty 4 is odd',
        count: 4,
        firstSeen: now - 30 * DAY,
        lastSeen: now,
        trend: [1, 0, 0, 0, 0, 1, 1],
        assignees: ['jo', 'kim'],
      },
      { code: 'KEY_MISSING', count: 1, trend: [0, 0, 0, 0, 0, 0, 1], assignees: [] },
    ])
  })
})

describe('one exception', () => {
  it('says what its code means, who does what next, and what was done so far', async () => {
    const { inbox } = await InboxBench.with(failure(1))
    await inbox.change({ ids: [1] }, [{ do: 'comment', text: 'asked the supplier' }], KIM)
    const { exception, meaning, history } = await inbox.show(1)
    expect(exception.last).toMatchObject({ place: 'stock.csv line 2', record: { sku: 'A1', qty: 'many' } })
    expect(meaning?.title).not.toBe('')
    expect(meaning?.steps.length).toBeGreaterThan(0)
    expect(history.map(({ type, who, facts }) => [type, who, facts['comment']])).toEqual([
      ['exception.opened', 'run r1', undefined],
      ['exception.commented', 'kim', 'asked the supplier'],
    ])
    await expect(inbox.show(2)).rejects.toThrow('EXCEPTION_UNKNOWN')
  })

  it('is assigned, tagged, given a due date, and each is told with who did it', async () => {
    const bench = await InboxBench.with(failure(1))
    const { inbox } = bench
    await inbox.change({ ids: [1] }, [{ do: 'assign', to: 'jo' }], KIM)
    await inbox.change({ ids: [1] }, [{ do: 'tag', add: ['b', 'a', 'a'] }], KIM)
    await inbox.change({ ids: [1] }, [{ do: 'tag', add: ['c'], remove: ['a'] }], KIM)
    await inbox.change({ ids: [1] }, [{ do: 'due', at: 5 }], KIM)
    const { exception, history } = await inbox.show(1)
    expect(exception).toMatchObject({ assignee: 'jo', tags: ['b', 'c'], due: 5, version: 5, state: 'open' })
    expect(history.slice(1).map(({ type, who }) => `${who} ${type}`)).toEqual([
      'kim exception.assigned',
      'kim exception.tagged',
      'kim exception.tagged',
      'kim exception.due',
    ])
    await inbox.change({ ids: [1] }, [{ do: 'assign' }, { do: 'due' }], KIM)
    const { exception: freed } = await inbox.show(1)
    expect([freed.assignee, freed.due]).toEqual([undefined, undefined])
  })

  it('is resolved by a person and opens again by one, or when it fails again', async () => {
    const bench = await InboxBench.with(failure(1))
    const { inbox } = bench
    await inbox.change({ ids: [1] }, [{ do: 'resolve', comment: 'booked by hand' }], KIM)
    expect((await inbox.show(1)).exception).toMatchObject({
      state: 'resolved',
      resolution: { how: 'person', who: 'kim', evidence: 'booked by hand' },
    })
    await inbox.change({ ids: [1] }, [{ do: 'reopen' }], KIM)
    expect((await inbox.show(1)).exception).toMatchObject({ state: 'open' })
    await inbox.change({ ids: [1] }, [{ do: 'resolve' }], KIM)
    await bench.raise(failure(1, { run: 'r2' }))
    const { exception, history } = await inbox.show(1)
    expect(exception).toMatchObject({ state: 'open', attempts: 2 })
    expect(history.at(-1)).toMatchObject({ type: 'exception.reopened', run: 'r2', who: 'run r2' })
  })

  it('is ignored until a time has come', async () => {
    const bench = await InboxBench.with(failure(1))
    const until = bench.clock.now() + DAY
    await bench.inbox.change({ ids: [1] }, [{ do: 'ignore', reason: 'known', until }], KIM)
    await bench.raise(failure(1, { run: 'r2', at: until - 1 }))
    expect((await bench.inbox.show(1)).exception).toMatchObject({ state: 'ignored', attempts: 2 })
    await bench.raise(failure(1, { run: 'r3', at: until }))
    const { exception } = await bench.inbox.show(1)
    expect(exception).toMatchObject({ state: 'open', attempts: 3 })
    expect(exception.ignored).toBeUndefined()
  })

  it('is ignored while the record stays what it is', async () => {
    const bench = await InboxBench.with(failure(1))
    await bench.inbox.change({ ids: [1] }, [{ do: 'ignore', reason: 'test', whileUnchanged: true }], KIM)
    await bench.raise(failure(1, { run: 'r2', at: bench.clock.now() + 900 * DAY }))
    expect((await bench.inbox.show(1)).exception.state).toBe('ignored')
    await bench.raise(failure(1, { run: 'r3', hash: 'ffffffffffffffff' }))
    expect((await bench.inbox.show(1)).exception.state).toBe('open')
  })

  it('is not changed by who has not seen the last change', async () => {
    const { inbox } = await InboxBench.with(failure(1))
    await inbox.change({ ids: [1], version: 1 }, [{ do: 'assign', to: 'jo' }], KIM)
    const late = inbox.change({ ids: [1], version: 1 }, [{ do: 'resolve' }], KIM)
    await expect(late).rejects.toThrow('EXCEPTION_CHANGED')
    expect((await inbox.show(1)).exception).toMatchObject({ state: 'open', assignee: 'jo', version: 2 })
    await inbox.change({ ids: [1], version: 2 }, [{ do: 'comment', text: 'so' }, { do: 'resolve' }], KIM)
    expect((await inbox.show(1)).exception).toMatchObject({ state: 'resolved', version: 4 })
  })

  it.each([
    [{ do: 'comment', text: ' ' }, 'EXCEPTION_CHANGE_INVALID'],
    [{ do: 'ignore', reason: 'x' }, 'EXCEPTION_CHANGE_INVALID'],
    [{ do: 'ignore', reason: '', whileUnchanged: true }, 'EXCEPTION_CHANGE_INVALID'],
    [{ do: 'ignore', reason: 'x', until: 1 }, 'EXCEPTION_CHANGE_INVALID'],
    [{ do: 'tag' }, 'EXCEPTION_CHANGE_INVALID'],
    [{ do: 'reopen' }, 'EXCEPTION_STATE'],
  ] as const)('refuses %j', async (change, code) => {
    const { inbox } = await InboxBench.with(failure(1))
    await expect(inbox.change({ ids: [1] }, [change], KIM)).rejects.toThrow(code)
    expect((await inbox.show(1)).history).toHaveLength(1)
  })
})

describe('many exceptions', () => {
  it('are changed by group and by filter; those that it does not apply to stay', async () => {
    const bench = await InboxBench.with(
      ...Array.from({ length: 1200 }, (_, i) => failure(i)),
      failure(5000, { code: 'KEY_MISSING' }),
    )
    const { inbox } = bench
    const [group] = await inbox.groups({})
    await inbox.change({ ids: [7] }, [{ do: 'resolve', comment: 'before' }], KIM)
    const filter = { fingerprint: group?.fingerprint ?? '' }
    expect(await inbox.change({ filter }, [{ do: 'resolve', comment: 'all' }], KIM)).toBe(1199)
    expect(await inbox.count({ state: 'open' })).toBe(1)
    expect((await inbox.show(7)).exception.resolution?.evidence).toBe('before')
    expect(await inbox.change({ filter: { state: 'open' } }, [{ do: 'assign', to: 'jo' }], KIM)).toBe(1)
  })

  it('named by id are changed all or none', async () => {
    const { inbox } = await InboxBench.with(failure(1), failure(2))
    await expect(inbox.change({ ids: [1, 3] }, [{ do: 'resolve' }], KIM)).rejects.toThrow('EXCEPTION_UNKNOWN')
    await inbox.change({ ids: [2] }, [{ do: 'resolve' }], KIM)
    await expect(inbox.change({ ids: [1, 2] }, [{ do: 'resolve' }], KIM)).rejects.toThrow('EXCEPTION_STATE')
    expect((await inbox.show(1)).exception.state).toBe('open')
  })

  it('are changed all or none, with the answer that tells of it', async () => {
    const { inbox, store } = await InboxBench.with(...Array.from({ length: 700 }, (_, i) => failure(i)))
    const selection = { filter: { state: 'open' as const } }
    const keep = { id: 'c1', at: 0, text: (count: number) => `${String(count)} done` }
    const torn = {
      ...keep,
      text: () => {
        throw new Error('torn')
      },
    }
    await expect(inbox.change(selection, [{ do: 'resolve' }], { ...KIM, keep: torn })).rejects.toThrow('torn')
    expect(await inbox.count(selection.filter)).toBe(700)
    expect(await store.kept('c1')).toBeUndefined()
    await inbox.change(selection, [{ do: 'resolve' }], { ...KIM, keep })
    expect(await inbox.count(selection.filter)).toBe(0)
    expect(await store.kept('c1')).toBe('700 done')
  })

  it('keep their answers for seven days', async () => {
    const { inbox, store } = await InboxBench.with(failure(1))
    const comment = (id: string, at: number): Promise<number> =>
      inbox.change({ ids: [1] }, [{ do: 'comment', text: 'so' }], { ...KIM, keep: { id, at, text: String } })
    await comment('first', 0)
    await comment('second', 7 * DAY)
    expect(await store.kept('first')).toBe('1')
    await comment('third', 7 * DAY + 1)
    expect(await store.kept('first')).toBeUndefined()
    expect(await store.kept('second')).toBe('1')
  })
})

describe('a break', () => {
  const found = failure(1, { stage: 'reconcile', outcome: 'break', code: 'BREAK' })
  const by = { who: 'run r2', run: 'r2', at: 1 }

  it('stays although a sync takes the record for unchanged, or the source lacks it', async () => {
    const bench = await InboxBench.with(found)
    const { subject } = (await bench.inbox.show(1)).exception
    const settled = { subject, evidence: 'x' }
    await bench.store.inbox.settle('stock', [{ ...settled, how: 'moved', assumed: true }], by)
    await bench.store.inbox.settle('stock', [{ ...settled, how: 'gone' }], by)
    expect((await bench.inbox.show(1)).exception.state).toBe('open')
    await bench.store.inbox.settle('stock', [{ ...settled, how: 'agrees' }], by)
    expect((await bench.inbox.show(1)).exception).toMatchObject({
      state: 'resolved',
      resolution: { how: 'agrees' },
    })
  })
})

describe('retention', () => {
  it('empties what was resolved long ago and keeps that it was there', async () => {
    const bench = await InboxBench.with(failure(1, { sent: { qty: 1 } }), failure(2), failure(3))
    const { inbox, store, clock } = bench
    const fix = { do: 'fix' as const, of: () => [{ field: 'qty', from: 'many', to: 12 }] }
    await inbox.change({ ids: [1] }, [fix, { do: 'resolve' }], KIM)
    clock.advance(10 * DAY)
    await inbox.change({ ids: [2] }, [{ do: 'resolve' }], KIM)
    expect(await store.inbox.expireExceptions('stock', clock.now() - DAY, clock.now())).toBe(1)
    const { exception, history } = await inbox.show(1)
    expect(exception).toMatchObject({
      state: 'expired',
      subject: '["A1"]',
      last: { code: 'VALIDATION_FAILED', message: '', record: {} },
      resolution: { how: 'person', who: 'kim' },
    })
    expect(exception.last.sent).toBeUndefined()
    expect(history.map(({ type }) => type)).toEqual([
      'exception.opened',
      'exception.fixed',
      'exception.resolved',
      'exception.expired',
    ])
    expect(JSON.stringify(history)).not.toMatch(/many|"changes"/)
    expect((await inbox.show(2)).exception.last.record).toEqual({ sku: 'A2', qty: 'many' })
    expect((await inbox.show(3)).exception.state).toBe('open')
  })

  it('leaves nothing of a person in the file: no key, no deleted row, no page that is free now', async () => {
    const folder = folderWith({})
    const path = join(folder.path, 'state.sqlite')
    const bench = new Bench([{ id: 'KeyCanary', mail: 'MailCanary', note: 'NoteCanary'.repeat(2000) }], {
      mode: 'mirror',
      guards: { deletes: {}, rejects: {} },
    })
    bench.store = openSqliteStore(path)
    bench.workflow.personal = ['id', 'mail']
    bench.target.records.set('["GoneCanary"]', { id: 'GoneCanary' })
    bench.target.refuse = () => 'not MailCanary'
    await bench.sync()
    bench.source.rows = []
    bench.target.refuse = () => undefined
    await bench.sync()
    expect(readFileSync(path + '-wal').includes('KeyCanary')).toBe(true)
    // past the retention, and past the runs that could be undone
    bench.clock.advance(91 * DAY)
    for (let run = 0; run < 6; run++) await bench.sync()
    const [one] = await bench.store.inbox.exceptions({}, { limit: 10 })
    expect(one).toMatchObject({ state: 'expired', subject: 'expired 2', last: { code: 'RECORD_REFUSED' } })
    await bench.store.close()
    expect(readFileSync(path).includes('Canary')).toBe(false)
    folder.remove()
  })

  it('is over when the record fails again', async () => {
    const bench = await InboxBench.with(failure(1))
    await bench.inbox.change({ ids: [1] }, [{ do: 'resolve' }], KIM)
    await bench.store.inbox.expireExceptions('stock', bench.clock.now() + 1, bench.clock.now())
    await bench.raise(failure(1, { run: 'r2' }))
    expect((await bench.inbox.show(1)).exception).toMatchObject({
      state: 'open',
      last: { record: { qty: 'many' } },
    })
  })
})

test('state of before there was an inbox is taken over', async () => {
  const folder = folderWith({})
  const path = join(folder.path, 'state.sqlite')
  const schema = readFileSync(join(__dirname, '../../../shared/adapters/store/schema.ts'), 'utf8')
  const [, first = ''] = /MIGRATIONS[^`]*`([^`]*)`/.exec(schema) ?? []
  const old = new DatabaseSync(path)
  old.exec(first + 'PRAGMA user_version = 1')
  const before = without(failure(1), 'hash')
  old
    .prepare('INSERT INTO exception (run, workflow, key, code, kept, body) VALUES (?, ?, ?, ?, 0, ?)')
    .run('r1', 'stock', '["A1"]', 'VALIDATION_FAILED', JSON.stringify(before))
  old.close()
  const store = openSqliteStore(path)
  expect(await store.inbox.failures({ run: 'r1', limit: 5 })).toMatchObject([{ ...before, id: 1 }])
  await store.close()
  folder.remove()
})
