import type { Receipt } from '../../../shared/core/bulk-sync/receipt'
import { runRetry, type Retried } from '../../../shared/core/exceptions/retry'
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

function retry(): Promise<Retried> {
  const choice = { filter: { state: 'open' }, upTo: Number.MAX_SAFE_INTEGER - 1 } as const
  return runRetry({ ...bench.request(), retry: { choice, who: 'ada' } })
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
  const detail = expect.stringContaining('correct that file and send it again') as unknown
  await expect(retry()).rejects.toMatchObject({ code: 'RETRY_EMPTY', detail })
})

test('a run over the whole source does not count them as gone', async () => {
  await bench.sync()
  expect(await states()).toEqual({ '[7]': 'resolved moved', '[100]': 'open ' })
})

test('the next file that moves the record closes them', async () => {
  await upload('up2')
  expect(await states()).toMatchObject({ '[100]': 'resolved moved' })
})
