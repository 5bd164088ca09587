import { errorEntry } from '../../../shared/contract/errors'
import { lostAnswer } from '../../support/memory-systems'
import { Bench, counts, rows } from '../../support/run-sync'

describe('a write whose answer never came', () => {
  it('is repeated with the same key where the target knows the key', async () => {
    const bench = new Bench(rows(10), { concurrency: 1 })
    bench.target.abilities = { compares: false, repeat: 'replayed', atomic: true, before: false }
    bench.target.after = (_, answers, call) => {
      if (call === 1) throw lostAnswer()
      return answers
    }
    expect(counts(await bench.sync())).toEqual({ created: 10 })
    const [first, second] = bench.target.batches
    expect(second?.idempotencyKey).toBe(first?.idempotencyKey)
  })

  it('is looked up before it is repeated where the target would double it', async () => {
    const bench = new Bench(rows(10), { mode: 'insert-only', concurrency: 1 })
    bench.target.abilities = { compares: false, repeat: 'doubles', atomic: true, before: false }
    bench.target.lookup = (keys) =>
      Promise.resolve(
        keys.map((key) => [...bench.target.records.values()].find((record) => record['id'] === key['id'])),
      )
    bench.target.after = (_, answers, call) => {
      if (call === 1) throw lostAnswer()
      return answers
    }
    expect(counts(await bench.sync())).toEqual({ created: 10 })
    expect(bench.target.records.size).toBe(10)
  })

  it('is unknown, never success, where nobody can look', async () => {
    const bench = new Bench(rows(10), { mode: 'insert-only', concurrency: 1 })
    bench.target.abilities = { compares: false, repeat: 'doubles', atomic: true, before: false }
    delete bench.target.lookup
    bench.target.after = () => {
      throw lostAnswer()
    }
    const receipt = await bench.sync()
    expect(receipt.status).toBe('exceptions')
    expect(counts(receipt)).toEqual({ unknown: 10 })
    expect(bench.target.batches).toHaveLength(1)
  })
})

it('an answer that tells of another number of records is not believed', async () => {
  const bench = new Bench(rows(10), { concurrency: 1, retry: { attempts: 1, forMs: 1000 } })
  delete bench.target.lookup
  bench.target.after = (_, answers) => answers.slice(1)
  const receipt = await bench.sync()
  expect(counts(receipt)).toEqual({ unknown: 10 })
  expect(receipt.status).toBe('exceptions')
  const [kept] = await bench.store.inbox.failures({ run: receipt.run, limit: 1 })
  expect(kept).toMatchObject({
    outcome: 'unknown',
    code: 'OUTCOME_UNKNOWN',
    message: 'The batch had 10 records, the answer tells of 9.',
  })
  // nobody is shown this code: it says that the batch may have been written
  expect(errorEntry('ANSWER_NOT_UNDERSTOOD').then).toBe('verify')
})
