import { verifyReceipt } from '../../../shared/core/bulk-sync/receipt'
import type { SyncRequest } from '../../../shared/core/bulk-sync/request'
import { undoRun } from '../../../shared/core/bulk-sync/undo'
import type { Retry } from '../../../shared/core/exceptions/choice'
import type { Exception, Fix } from '../../../shared/core/exceptions/exception'
import { runRetry, type Retried } from '../../../shared/core/exceptions/retry'
import { Rejection } from '../../../shared/core/record/rejection'
import { Fault } from '../../../shared/core/fault'
import type { DataRecord } from '../../../shared/core/record/value'
import { refusedBatch } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

async function retry(
  bench: Bench,
  asked: Partial<Retry> = {},
  options: Partial<SyncRequest> = {},
): Promise<Retried> {
  const all: Retry = {
    choice: { filter: { state: 'open' }, upTo: Number.MAX_SAFE_INTEGER - 1 },
    who: 'ada',
    ...asked,
  }
  const retried = await runRetry({ ...bench.request(options), retry: all })
  expect(verifyReceipt(JSON.parse(JSON.stringify(retried.receipt))).problems).toEqual([])
  return retried
}

function exceptions(bench: Bench): Promise<Exception[]> {
  return bench.store.inbox.exceptions({}, { limit: 1000 })
}

async function states(bench: Bench): Promise<Record<string, string>> {
  const found = await exceptions(bench)
  return Object.fromEntries(
    found.map(({ subject, state, resolution }) => [
      subject,
      resolution ? `${state}: ${resolution.how}` : state,
    ]),
  )
}

/** A sync in which the target refuses these records; it takes them afterwards. */
async function failed(bench: Bench, ...ids: number[]): Promise<void> {
  bench.target.refuse = ({ id }) => (ids.includes(Number(id)) ? 'not today' : undefined)
  await bench.sync()
  bench.target.refuse = () => undefined
  bench.target.batches.length = 0
}

async function addFix(bench: Bench, subject: string, changes: Fix['changes']): Promise<void> {
  const found = await exceptions(bench)
  const one = found.find((exception) => exception.subject === subject)
  if (!one) throw new Error(`no exception ${subject}`)
  const fix = { changes, who: 'ada', at: bench.clock.now() }
  await bench.store.inbox.changeException(one.id, (exception) => [{ exception: { ...exception, fix } }])
}

describe('a retry', () => {
  test('sends the chosen records alone, and settles their exceptions', async () => {
    const bench = new Bench(rows(100))
    await failed(bench, 7, 42)
    const { receipt, chosen } = await retry(bench)
    expect({ chosen, kind: receipt.kind, counts: counts(receipt) }).toEqual({
      chosen: 2,
      kind: 'retry',
      counts: { created: 2 },
    })
    expect(bench.target.sent).toBe(2)
    expect(bench.target.state).toHaveLength(100)
    expect(await states(bench)).toEqual({ '[7]': 'resolved: retried', '[42]': 'resolved: retried' })
  })

  test('of one exception leaves the others', async () => {
    const bench = new Bench(rows(50))
    await failed(bench, 7, 42)
    const [newest] = await exceptions(bench)
    await retry(bench, { choice: { ids: [newest?.id ?? 0] } })
    expect(await states(bench)).toEqual({ '[7]': 'open', '[42]': 'resolved: retried' })
  })

  test('counts up what fails again', async () => {
    const bench = new Bench(rows(50))
    await failed(bench, 7)
    bench.target.refuse = () => 'still not'
    const { receipt } = await retry(bench)
    expect(counts(receipt)).toEqual({ rejected: 1 })
    expect(
      (await exceptions(bench)).map(({ attempts, last: { message, place } }) => [attempts, message, place]),
    ).toEqual([[2, 'still not', 'row 7']])
  })

  test('does not write what the target has by now', async () => {
    const bench = new Bench(rows(50))
    await failed(bench, 7)
    bench.target.records.set('[7]', { id: 7, name: 'record 7', qty: 6, more: 'x' })
    const { receipt } = await retry(bench)
    expect(counts(receipt)).toEqual({ unchanged: 1 })
    expect(bench.target.sent).toBe(0)
    expect(await states(bench)).toEqual({ '[7]': 'resolved: agrees' })
  })

  test('says what the source no longer has', async () => {
    const bench = new Bench(rows(50))
    await failed(bench, 7)
    bench.source.rows = rows(50).filter(({ id }) => id !== 7)
    const { gone, receipt } = await retry(bench)
    expect(gone).toHaveLength(1)
    expect(counts(receipt)).toEqual({})
    expect(await states(bench)).toEqual({ '[7]': 'resolved: gone' })
  })

  test('asks the source by key where it can', async () => {
    const bench = new Bench(rows(50))
    await failed(bench, 7)
    const source = {
      typed: true,
      read: () => {
        throw new Error('reads everything')
      },
      lookup: (keys: readonly DataRecord[]) =>
        Promise.resolve(keys.map(({ id }) => (id === 7 ? { id: 7, name: 'asked for', qty: 1 } : undefined))),
    }
    await retry(bench, {}, { source })
    expect(bench.target.records.get('[7]')).toMatchObject({ name: 'asked for' })
  })

  test('deletes nothing in a workflow that mirrors, and leaves the memory of the others', async () => {
    const bench = new Bench(rows(60), { mode: 'mirror' })
    await failed(bench, 7)
    bench.target.records.set('[999]', { id: 999 })
    await retry(bench)
    expect(bench.target.records.has('[999]')).toBe(true)
    bench.target.records.delete('[999]')
    expect(counts(await bench.sync())).toEqual({ unchanged: 60 })
  })

  test('can send a resolved one again', async () => {
    const bench = new Bench(rows(20))
    await failed(bench, 7)
    const [one] = await exceptions(bench)
    await retry(bench)
    bench.target.records.delete('[7]')
    const { receipt } = await retry(bench, { choice: { ids: [one?.id ?? 0] } })
    expect(counts(receipt)).toEqual({ created: 1 })
  })

  test('of a row with the key of an earlier one does not overwrite that one', async () => {
    const bench = new Bench([...rows(20), { id: 7, name: 'again', qty: 99 }])
    await bench.sync()
    const { receipt } = await retry(bench)
    expect(counts(receipt)).toEqual({ unchanged: 1, rejected: 1 })
    expect(bench.target.records.get('[7]')).toMatchObject({ name: 'record 7' })
    expect((await exceptions(bench)).map(({ state, attempts }) => [state, attempts])).toEqual([['open', 2]])
    bench.source.rows = rows(20)
    await retry(bench)
    expect((await exceptions(bench)).map(({ resolution }) => resolution?.how)).toEqual(['gone'])
  })

  test('leaves a delete that failed to the next mirror run', async () => {
    const bench = new Bench(rows(60), { mode: 'mirror', batch: 1 })
    await bench.sync()
    bench.source.rows = rows(59)
    bench.target.before = ({ writes }) => {
      if (writes[0]?.operation === 'delete') throw refusedBatch()
    }
    expect(counts(await bench.sync())).toMatchObject({ rejected: 1 })
    bench.target.before = () => undefined
    const { targetOnly, gone } = await retry(bench)
    expect([targetOnly.length, gone.length]).toEqual([1, 0])
    expect(await states(bench)).toEqual({ '[60]': 'open' })
    await bench.sync()
    expect(await states(bench)).toEqual({ '[60]': 'resolved: moved' })
  })

  test('calls nothing gone while a row could be any record', async () => {
    const bench = new Bench([...rows(20), { name: 'no key' }])
    await failed(bench, 7)
    const [seven] = (await exceptions(bench)).filter(({ subject }) => subject === '[7]')
    bench.source.rows = bench.source.rows.filter((_, i) => i !== 6)
    const { gone } = await retry(bench, { choice: { ids: [seven?.id ?? 0] } })
    expect(gone).toEqual([])
    expect(await states(bench)).toMatchObject({ '[7]': 'open' })
  })

  test('can be undone like any run', async () => {
    const bench = new Bench(rows(20))
    await failed(bench, 7)
    const { receipt } = await retry(bench)
    await undoRun(bench.request(), receipt.run)
    expect(bench.target.records.has('[7]')).toBe(false)
  })

  test('with nothing to do says so', async () => {
    const bench = new Bench(rows(5))
    await bench.sync()
    await expect(retry(bench)).rejects.toMatchObject({ code: 'RETRY_EMPTY' })
  })

  test('keeps to a rate', async () => {
    const bench = new Bench(rows(50), { guards: { deletes: {}, rejects: {} } })
    await failed(bench, ...Array.from({ length: 25 }, (_, i) => i + 1))
    const started = bench.clock.now()
    await retry(bench, { rate: 5 })
    expect(bench.clock.now() - started).toBeGreaterThanOrEqual(4000)
    expect(Math.max(...bench.target.batches.map(({ writes }) => writes.length))).toBeLessThanOrEqual(5)
  })
})

describe('a fix', () => {
  const sound = (record: DataRecord): DataRecord | Rejection =>
    record['country'] === 'UK' ? new Rejection('VALUE_NOT_IN_LOOKUP', 'country is "UK"', '/country') : record
  const mapper = { map: sound }
  const countries: DataRecord[] = [
    { id: 1, country: 'DE' },
    { id: 2, country: 'UK' },
    { id: 3, country: 'UK' },
  ]

  async function rejected(): Promise<Bench> {
    const bench = new Bench(countries)
    await bench.sync({ mapper })
    bench.target.batches.length = 0
    return bench
  }

  const subjects = async (bench: Bench): Promise<string[]> => Object.keys(await states(bench)).sort()

  test('is applied before the mapping, and closes the exception of a record that had no key', async () => {
    const bench = await rejected()
    for (const subject of await subjects(bench))
      await addFix(bench, subject, [{ field: 'country', from: 'UK', to: 'GB' }])
    const { receipt } = await retry(bench, {}, { mapper })
    expect(counts(receipt)).toEqual({ created: 2 })
    expect(bench.target.records.get('[3]')).toEqual({ id: 3, country: 'GB' })
    expect(new Set(Object.values(await states(bench)))).toEqual(new Set(['resolved: retried']))
  })

  test('that does not help leaves the exception as it was read', async () => {
    const bench = await rejected()
    bench.target.refuse = () => 'never'
    for (const subject of await subjects(bench))
      await addFix(bench, subject, [{ field: 'country', from: 'UK', to: 'GB' }])
    await retry(bench, {}, { mapper })
    const found = await exceptions(bench)
    expect(
      found.map(({ state, attempts, last }) => [
        state,
        attempts,
        last.record['country'],
        last.sent?.['country'],
      ]),
    ).toEqual([
      ['open', 2, 'UK', 'GB'],
      ['open', 2, 'UK', 'GB'],
    ])
  })

  describe('whose record has changed since', () => {
    async function moved(): Promise<Bench> {
      const bench = new Bench(rows(20))
      await failed(bench, 7)
      await addFix(bench, '[7]', [{ field: 'qty', from: 6, to: 5 }])
      bench.source.rows = rows(20).map((row) => (row['id'] === 7 ? { ...row, name: 'moved', qty: 3 } : row))
      return bench
    }

    test('is not sent', async () => {
      const bench = await moved()
      const { stale, receipt } = await retry(bench)
      expect(stale).toHaveLength(1)
      expect(counts(receipt)).toEqual({})
      expect(await states(bench)).toEqual({ '[7]': 'open' })
    })

    test.each([
      ['rebase', { name: 'moved', qty: 5 }],
      ['discard', { name: 'moved', qty: 3 }],
    ] as const)('is sent with %s', async (stale, expected) => {
      const bench = await moved()
      await retry(bench, { stale })
      expect(bench.target.records.get('[7]')).toMatchObject(expected)
    })

    test('is sent where what it corrects has not', async () => {
      const bench = await moved()
      bench.source.rows = rows(20).map((row) => (row['id'] === 7 ? { ...row, name: 'moved' } : row))
      await retry(bench)
      expect(bench.target.records.get('[7]')).toMatchObject({ name: 'moved', qty: 5 })
    })
  })

  test('may give a record the key that it lacked', async () => {
    const bench = new Bench([
      { name: 'no key', qty: 1 },
      { id: 2, name: 'two' },
    ])
    await bench.sync()
    const [subject = ''] = await subjects(bench)
    await addFix(bench, subject, [{ field: 'id', to: 9 }])
    await retry(bench)
    expect(bench.target.records.get('[9]')).toEqual({ id: 9, name: 'no key', qty: 1 })
    expect(await states(bench)).toEqual({ [subject]: 'resolved: retried' })
  })
})

describe('what nobody knows of', () => {
  /** The answer to record 3, alone in its batch, is lost and the target cannot be asked. */
  async function unknown(repeat: 'replayed' | 'doubles'): Promise<Bench> {
    const bench = new Bench(rows(3), { batch: 1, mode: repeat === 'doubles' ? 'insert-only' : 'upsert' })
    bench.target.abilities = { ...bench.target.abilities, compares: false, repeat }
    delete bench.target.lookup
    bench.target.after = (batch, answers) => {
      return batch.writes[0]?.key['id'] === 3 ? [{ outcome: 'unknown', message: 'who knows' }] : answers
    }
    await bench.sync()
    bench.target.after = (_, answers) => answers
    return bench
  }

  test('is repeated under the key of the first attempt', async () => {
    const bench = await unknown('replayed')
    const first = bench.target.batches.find(({ writes }) => writes[0]?.key['id'] === 3)?.idempotencyKey
    bench.target.batches.length = 0
    await retry(bench)
    expect(bench.target.batches.map(({ idempotencyKey }) => idempotencyKey)).toEqual([first])
  })

  test('is sent under a new key when somebody says so', async () => {
    const bench = await unknown('replayed')
    const before = bench.target.batches.map(({ idempotencyKey }) => idempotencyKey)
    bench.target.batches.length = 0
    await retry(bench, { again: true })
    expect(bench.target.batches).toHaveLength(1)
    expect(before).not.toContain(bench.target.batches[0]?.idempotencyKey)
  })

  test('is not sent to a target that would hold it twice, until somebody says so', async () => {
    const bench = await unknown('doubles')
    const held = bench.target.records.size
    const { receipt } = await retry(bench)
    expect(counts(receipt)).toEqual({ unknown: 1 })
    expect(bench.target.records.size).toBe(held)
    await retry(bench, { again: true })
    expect(bench.target.records.size).toBe(held + 1)
  })
})

test('a sync that was killed while it wrote comes first where a record could be doubled', async () => {
  const bench = new Bench(rows(3), { mode: 'insert-only', batch: 1 })
  bench.target.abilities = { ...bench.target.abilities, compares: false, repeat: 'doubles' }
  await failed(bench, 3)
  bench.source.rows = rows(5)
  bench.store.commit = () => Promise.reject(new Fault('LEASE_LOST', 'killed'))
  await expect(bench.sync()).rejects.toMatchObject({ code: 'LEASE_LOST' })
  const { sent } = bench.target
  const run = (await bench.store.unfinished('stock'))?.id
  await expect(retry(bench)).rejects.toMatchObject({ code: 'RETRY_AFTER_SYNC', evidence: { run } })
  expect(bench.target.sent).toBe(sent)
})

test('a retry that was killed is finished with what it had chosen, and doubles nothing', async () => {
  const bench = new Bench(rows(60), {
    mode: 'insert-only',
    batch: 5,
    checkpointEvery: 10,
    concurrency: 1,
    guards: { deletes: {}, rejects: {} },
  })
  bench.target.abilities = { ...bench.target.abilities, compares: false, repeat: 'doubles' }
  delete bench.target.lookup
  const lookup = (keys: readonly DataRecord[]): Promise<(DataRecord | undefined)[]> =>
    Promise.resolve(
      keys.map(({ id }) => [...bench.target.records.values()].find((record) => record['id'] === id)),
    )
  bench.target.lookup = lookup
  await failed(bench, ...Array.from({ length: 40 }, (_, i) => i + 1))
  const commit = bench.store.commit.bind(bench.store)
  let calls = 0
  bench.store.commit = (segment) =>
    ++calls === 2 ? Promise.reject(new Fault('LEASE_LOST', 'killed')) : commit(segment)
  await expect(retry(bench)).rejects.toMatchObject({ code: 'LEASE_LOST' })
  bench.store.commit = commit
  const unfinished = await bench.store.unfinished('stock', 'retry')
  expect(unfinished?.retry?.who).toBe('ada')
  const { receipt } = await retry(bench, unfinished?.retry ?? {})
  expect(receipt.run).toBe(unfinished?.id)
  expect(counts(receipt)).toEqual({ created: 40 })
  const ids = [...bench.target.records.values()].map(({ id }) => Number(id))
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
  expect(new Set(Object.values(await states(bench)))).toEqual(new Set(['resolved: retried']))
})
