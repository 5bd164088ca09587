import type { Receipt } from '../../../shared/core/bulk-sync/receipt'
import type { Retry } from '../../../shared/core/exceptions/choice'
import { runRetry, type Retried, type RetryRequest } from '../../../shared/core/exceptions/retry'
import { MalformedRow } from '../../../shared/core/connector'
import type { Chosen } from '../../../shared/core/exceptions/chosen'
import { Picker, type FileOf } from '../../../shared/core/exceptions/picker'
import { textOf, type DataRecord } from '../../../shared/core/record/value'
import { MemorySource } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

/** What came in a file that somebody sent is not in the workflow's own source, which has no say in it. */
let bench: Bench

beforeEach(async () => {
  bench = new Bench(rows(20))
  bench.target.refuse = ({ id }) => (id === 7 || id === 100 ? 'not today' : undefined)
  await bench.sync()
  await upload('up1')
  bench.target.refuse = () => undefined
})

function upload(id: string): Promise<Receipt> {
  const { source } = new Bench([{ id: 100, name: 'sent' }])
  return bench.sync({ source, upload: true, id })
}

const ALL: Retry = { choice: { filter: { state: 'open' }, upTo: Number.MAX_SAFE_INTEGER - 1 }, who: 'ada' }

function retry(options: Partial<RetryRequest> = {}): Promise<Retried> {
  return runRetry({ ...bench.request(), retry: ALL, ...options })
}

async function states(): Promise<Record<string, string>> {
  const found = await bench.store.inbox.exceptions({}, { limit: 100 })
  return Object.fromEntries(
    found.map(({ subject, state, resolution }) => [subject, `${state} ${resolution?.how ?? ''}`]),
  )
}

test('a retry sends the others, leaves these open and names them', async () => {
  const { chosen, gone, uploaded, receipt } = await retry()
  expect({ chosen, gone, counts: counts(receipt) }).toEqual({ chosen: 2, gone: [], counts: { created: 1 } })
  const [named] = uploaded
  expect(await bench.store.inbox.exception(named ?? 0)).toMatchObject({ subject: '[100]', state: 'open' })
  expect(await states()).toEqual({ '[7]': 'resolved retried', '[100]': 'open ' })
})

test('a retry of these alone says what to do instead', async () => {
  await retry()
  const detail = expect.stringContaining('correct them and send them again') as unknown
  await expect(retry()).rejects.toMatchObject({ code: 'UPLOAD_GONE', detail })
})

describe('where the file is kept', () => {
  const file = new MemorySource(rows(50, 90))
  let closed = 0
  const opened: FileOf = (run) => {
    const close = (): Promise<void> => {
      closed++
      return Promise.resolve()
    }
    return Promise.resolve(run === 'up1' ? { source: file, mapper: { map: upper }, close } : undefined)
  }

  test('it is sent from there, as that file is mapped, beside what the source has; the file is closed', async () => {
    const { receipt, uploaded } = await retry({ fileOf: opened })
    expect({ counts: counts(receipt), uploaded }).toEqual({ counts: { created: 2 }, uploaded: [] })
    expect(bench.target.records.get('[100]')).toMatchObject({ name: 'RECORD 100' })
    expect(bench.target.records.get('[7]')).toMatchObject({ name: 'record 7' })
    expect(await states()).toEqual({ '[7]': 'resolved retried', '[100]': 'resolved retried' })
    expect(closed).toBeGreaterThan(0)
  })

  test('what fails once more still belongs to that file, and was not gone from the source', async () => {
    bench.target.refuse = ({ id }) => (id === 100 ? 'not today' : undefined)
    await retry({ fileOf: opened })
    await bench.sync()
    expect(await states()).toEqual({ '[7]': 'resolved retried', '[100]': 'open ' })
    bench.target.refuse = () => undefined
    expect(counts((await retry({ fileOf: opened })).receipt)).toEqual({ created: 1 })
  })

  test('from each place a retry can go on, in the source and in every file', async () => {
    const one = { mapper: { map: (record: DataRecord) => record }, map: undefined, key: ['id'] }
    const files: Record<string, MemorySource> = { up1: file, up2: new MemorySource(rows(5, 200)) }
    const picker = (): Picker => {
      const chosen = [3, 5, 100, 95, 201, 300].map((id): Chosen => {
        const upload = id < 50 ? {} : { upload: id < 200 ? 'up1' : id < 300 ? 'up2' : 'up3' }
        return { subject: `[${String(id)}]`, targetOnly: false, ...upload }
      })
      const open = (run: string) => {
        const source = files[run]
        return Promise.resolve(source && { ...one, source, close: () => Promise.resolve() })
      }
      return new Picker({ ...one, source: bench.source, fileOf: open }, chosen)
    }
    const all = await picked(picker(), undefined)
    expect(all.map(({ id }) => id)).toEqual([3, 5, 95, 100, 201])
    for (const [i, { position }] of all.entries())
      expect(await picked(picker(), position)).toEqual(all.slice(i + 1))
  })
})

async function picked(
  picker: Picker,
  after: string | undefined,
): Promise<{ id: unknown; position: string }[]> {
  const found: { id: unknown; position: string }[] = []
  for await (const page of picker.pick(after, new AbortController().signal))
    for (const { row, position } of page)
      if (!(row instanceof MalformedRow)) found.push({ id: row['id'], position })
  return found
}

const upper = (record: DataRecord): DataRecord => ({ ...record, name: textOf(record['name']).toUpperCase() })

test('a run over the whole source does not count them as gone', async () => {
  await bench.sync()
  expect(await states()).toEqual({ '[7]': 'resolved moved', '[100]': 'open ' })
})

test('the next file that moves the record closes them', async () => {
  await upload('up2')
  expect(await states()).toMatchObject({ '[100]': 'resolved moved' })
})
